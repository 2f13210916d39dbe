// Points in time to come back to, and the whole state as one file.
#include "runtime/snapshots.h"

#include <algorithm>
#include <iterator>

#include "base/hashes.h"
#include "base/text.h"
#include "base/times.h"
#include "control/context.h"
#include "control/json.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

// An archive is one line of JSON, the manifest, and after it the image of the database.
constexpr std::string_view kFormat = "cvemu-archive-1";
constexpr std::size_t kArchiveLimit = std::size_t{4} << 30;

void write(JsonWriter& json, const Snapshots::Info& snapshot) {
  json.begin_object().field("name", snapshot.name).field("bytes", snapshot.bytes);
  json.field("now", times::iso_millis(snapshot.taken)).end_object();
}

Response answer(const Snapshots::Info& snapshot, int status = 200) {
  JsonWriter json;
  write(json, snapshot);
  return json_response(json, status);
}

std::string name_in_path(const RequestContext& context) {
  return percent_decode(context.path.get("name")).value_or(std::string(context.path.get("name")));
}

[[noreturn]] void no_such_snapshot(const std::string& name) {
  throw not_found("No snapshot is called " + name + '.');
}

Response list_snapshots(ControlContext& control, RequestContext&) {
  JsonWriter json;
  json.begin_object().key("snapshots").begin_array();
  for (const auto& snapshot : control.snapshots.list()) write(json, snapshot);
  json.end_array().end_object();
  return json_response(json);
}

Response get_snapshot(ControlContext& control, RequestContext& context) {
  const std::string name = name_in_path(context);
  const auto found = control.snapshots.find(name);
  if (!found) no_such_snapshot(name);
  return answer(*found);
}

Response take_snapshot(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  return answer(control.snapshots.take(name_in_path(context)), 201);
}

Response delete_snapshot(ControlContext& control, RequestContext& context) {
  const std::string name = name_in_path(context);
  if (!control.snapshots.remove(name)) no_such_snapshot(name);
  return {204, {}, {}};
}

Response restored(ControlContext& control) {
  control.state_replaced();
  JsonWriter json;
  json.begin_object().field("generation", control.environment.database.generation());
  json.field("now", times::iso_millis(control.environment.clock.now())).end_object();
  return json_response(json);
}

Response restore_snapshot(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  const std::string name = name_in_path(context);
  const StateReplacement turn(control);
  if (!control.snapshots.restore(name)) no_such_snapshot(name);
  return restored(control);
}

constexpr std::string_view kDigestMember = ",\"sha256\":\"";

// Of the manifest up to the digest itself, and of the image.
std::string digest_of(std::string_view manifest, std::string_view image) {
  return hex_encode(sha256(sha256(manifest) + sha256(image)));
}

Response export_archive(ControlContext& control, RequestContext&) {
  const std::string image = control.snapshots.archive();
  JsonWriter json;
  json.begin_object().field("format", kFormat).field("version", kVersion);
  json.field("schema", control.environment.database.schema_version()).field("bytes", image.size());
  json.field("now", times::iso_millis(control.environment.clock.now())).end_object();
  std::string manifest = json.take();
  manifest.pop_back();
  const std::string digest = digest_of(manifest, image);
  Response response{200, {}, manifest.append(kDigestMember).append(digest).append("\"}\n") + image};
  response.headers.add("Content-Type", "application/octet-stream");
  response.headers.add("Content-Disposition", "attachment; filename=\"cvemu.archive\"");
  return response;
}

bool is_member(std::string_view name) {
  constexpr std::string_view kMembers[] = {"format", "version", "schema", "bytes", "now", "sha256"};
  return std::find(std::begin(kMembers), std::end(kMembers), name) != std::end(kMembers);
}

// Archives before 0.2.0 have no digest.
bool is_as_written(std::string_view line, const Json& manifest, std::string_view image) {
  for (auto it = manifest.begin(); it != manifest.end(); ++it)
    if (!is_member(it.key())) return false;
  const std::string digest = text(manifest, "sha256");
  return digest.empty() || digest == digest_of(line.substr(0, line.rfind(kDigestMember)), image);
}

// The image behind the manifest.
std::string_view read_archive(std::string_view archive, std::int64_t known_schema) {
  const std::size_t end = archive.find('\n');
  const Json manifest = try_parse_json(archive.substr(0, end)).value_or(Json());
  if (end == archive.npos || !manifest.is_object() || text(manifest, "format") != kFormat)
    throw bad_request("InvalidArchive", "This is no archive made by GET /_emulator/export.");
  const std::string_view image = archive.substr(end + 1);
  if (static_cast<std::uint64_t>(whole(manifest, "bytes", 0)) != image.size())
    throw bad_request("InvalidArchive", "The archive is not complete.");
  if (const std::int64_t schema = whole(manifest, "schema", 0); schema > known_schema)
    throw bad_request("NewerArchive", "The archive was made by cvemu " + text(manifest, "version") +
                                          " with schema " + std::to_string(schema) +
                                          "; this program knows schemas up to " +
                                          std::to_string(known_schema) + '.');
  if (!is_as_written(archive.substr(0, end), manifest, image))
    throw bad_request("InvalidArchive",
                      "The archive is damaged: it is not what GET /_emulator/export answered.");
  return image;
}

Response import_archive(ControlContext& control, RequestContext& context) {
  const std::string archive = bytes_of(context, kArchiveLimit);
  const std::string_view image = read_archive(archive, control.environment.database.schema_version());
  const StateReplacement turn(control);
  try {
    control.snapshots.replace(image);
  } catch (const DbError& error) {
    throw bad_request("InvalidArchive", "The archive cannot be used: " + std::string(error.what()) +
                                            "; export it again (GET /_emulator/export, cvemu export).");
  }
  return restored(control);
}

}  // namespace

std::span<const Operation<ControlContext>> snapshot_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListSnapshots", Method::Get, "/_emulator/snapshots"}, list_snapshots, {"The snapshots there are"}},
      {{"GetSnapshot", Method::Get, "/_emulator/snapshots/{name}"}, get_snapshot, {"One snapshot"}},
      {{"TakeSnapshot", Method::Put, "/_emulator/snapshots/{name}"},
       take_snapshot,
       {"Keeps the whole state: data, pending work, time; secrets in it are kept as they are"}},
      {{"DeleteSnapshot", Method::Delete, "/_emulator/snapshots/{name}"},
       delete_snapshot,
       {"Forgets a snapshot"}},
      {{"RestoreSnapshot", Method::Post, "/_emulator/snapshots/{name}/restore"},
       restore_snapshot,
       {"Goes back to a snapshot"}},
      {{"ExportArchive", Method::Get, "/_emulator/export"},
       export_archive,
       {"The whole state as one file, secrets included: signatures in URIs of projects, the service's own "
        "key"}},
      {{"ImportArchive", Method::Post, "/_emulator/import"},
       import_archive,
       {"Replaces the whole state with that of an archive"}},
  };
  return operations;
}

}  // namespace cvemu::control
