#include "control/handlers/state.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/hashes.h"
#include "base/required.h"
#include "base/text.h"
#include "base/times.h"
#include "runtime/job_kinds.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"
#include "store/clear_state.h"
#include "store/customvision/images.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"
#include "store/customvision/tags.h"
#include "store/customvision/workspaces.h"
#include "store/queue/messages.h"
#include "store/string_map.h"

namespace cvemu::control {

namespace {

constexpr std::int64_t kAll = std::numeric_limits<std::int32_t>::max();

Json optional(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}

template <class List, class Less>
List sorted(List list, Less less) {
  std::sort(list.begin(), list.end(), less);
  return list;
}

template <class List>
List by_name(List list) {
  return sorted(std::move(list),
                [](const auto& a, const auto& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
}

Json image_json(const TrainingImage& image) {
  Json json{{"id", image.id.text()},
            {"sha256", image.digest},
            {"width", image.width},
            {"height", image.height},
            {"created", times::iso_millis(image.created)}};
  std::vector<std::string> names;
  for (const ImageTag& tag : image.tags) names.push_back(tag.name);
  json["tags"] = sorted(names, std::less<>());
  json["regions"] = Json::array();
  for (const Region& region :
       sorted(image.regions, [](const Region& a, const Region& b) { return a.id < b.id; }))
    json["regions"].push_back({{"id", region.id.text()},
                               {"tag", region.tag_name},
                               {"left", region.box.left},
                               {"top", region.box.top},
                               {"width", region.box.width},
                               {"height", region.box.height}});
  if (!image.metadata.empty()) json["metadata"] = parse_json(image.metadata);
  return json;
}

Json tags_json(Transaction& tx, const Uuid& workspace) {
  Json list = Json::array();
  for (const Tag& tag : by_name(tags::list(tx, workspace)))
    list.push_back({{"name", tag.name},
                    {"id", tag.id.text()},
                    {"type", tag.type},
                    {"description", optional(tag.description)},
                    {"images", tag.image_count}});
  return list;
}

Json images_json(Transaction& tx, const Uuid& workspace) {
  Json list = Json::array();
  ImagePage everything;
  everything.oldest_first = true;
  everything.take = kAll;
  for (const TrainingImage& image : images::list(tx, workspace, {}, everything))
    list.push_back(image_json(image));
  return list;
}

Json exports_json(Transaction& tx, const Uuid& iteration) {
  Json list = Json::array();
  for (const Export& entry : exports::list(tx, iteration))
    list.push_back({{"platform", entry.platform},
                    {"flavor", entry.flavor},
                    {"status", to_text(entry.status)},
                    {"requested", times::iso_millis(entry.requested)}});
  return list;
}

Json iteration_json(Transaction& tx, const Iteration& iteration) {
  Json json{{"name", iteration.name},
            {"id", iteration.id.text()},
            {"status", to_text(iteration.status)},
            {"started", times::iso_millis(iteration.started)}};
  if (iteration.trained) json["trained"] = times::iso_millis(*iteration.trained);
  if (iteration.error_details) json["trainingErrorDetails"] = *iteration.error_details;
  json["publishName"] = optional(iteration.publish_name);
  json["images"] = workspaces::counts(tx, iteration.id).images;
  json["exports"] = exports_json(tx, iteration.id);
  return json;
}

Json project_json(Transaction& tx, const Project& project) {
  const ProjectSettings& settings = project.settings;
  Json json{{"name", project.name},
            {"id", project.id.text()},
            {"description", project.description},
            {"status", to_text(project.status)},
            {"created", times::iso_millis(project.created)},
            {"modified", times::iso_millis(project.modified)},
            {"domain", settings.domain.text()}};
  json["classificationType"] = optional(to_text(settings.classification_type));
  json["exportModelContainerUri"] = optional(settings.export_container_uri);
  json["notificationQueueUri"] = optional(settings.notification_queue_uri);
  json["tags"] = tags_json(tx, project.id);
  json["images"] = images_json(tx, project.id);
  json["iterations"] = Json::array();
  for (const Iteration& iteration : by_name(iterations::list(tx, project.id)))
    json["iterations"].push_back(iteration_json(tx, iteration));
  return json;
}

Json projects_json(Database& database) {
  Json list = Json::array();
  Transaction tx(database);
  for (const Project& project : by_name(projects::list(tx))) list.push_back(project_json(tx, project));
  return list;
}

Json pairs_json(std::string_view packed) {
  Json json = Json::object();
  each_pair(packed, [&](std::string_view name, std::string_view value) { json[std::string(name)] = value; });
  return json;
}

Json messages_json(Transaction& tx, const Queue& queue) {
  Json list = Json::array();
  for (const Message& message : messages::list(tx, queue))
    list.push_back({{"id", message.id.text()},
                    {"text", message.text},
                    {"inserted", times::iso_millis(message.inserted_at)},
                    {"visible", times::iso_millis(message.visible_at)},
                    {"expires", times::iso_millis(message.expires_at)},
                    {"dequeueCount", message.dequeue_count}});
  return list;
}

Json queues_json(Transaction& tx, const std::string& account) {
  Json list = Json::array();
  for (const ListedQueue& listed : queues::list(tx, account, "", "", kAll))
    list.push_back(
        {{"account", account},
         {"name", listed.name},
         {"messages", messages_json(tx, required(queues::find(tx, account, listed.name), "the queue"))}});
  return list;
}

Json blob_json(Transaction& tx, const Blob& blob) {
  Json json{{"name", blob.name},
            {"length", blob.length},
            {"sha256", hex_encode(sha256(contents::read_all(tx, blob.content, blob.length)))},
            {"contentType", blob.content_type},
            {"modified", times::iso_millis(blob.modified)}};
  if (blob.is_snapshot()) json["snapshot"] = blob.snapshot;
  if (!blob.metadata.empty()) json["metadata"] = pairs_json(blob.metadata);
  if (!blob.tags.empty()) json["tags"] = pairs_json(blob.tags);
  return json;
}

std::vector<Blob> live_blobs(Transaction& tx, std::int64_t container) {
  std::vector<Blob> all;
  blobs::Cursor cursor(tx, container, "", 0, "");
  Blob blob;
  while (cursor.next(blob))
    if (blob.state == BlobState::Live) all.push_back(blob);
  return all;
}

Json containers_json(Transaction& tx, const std::string& account, Instant now) {
  Json list = Json::array();
  containers::ListOptions everything;
  everything.limit = kAll;
  for (const Container& container : containers::list(tx, account, everything, now)) {
    Json json{{"account", account},
              {"name", container.name},
              {"publicAccess", container.public_access},
              {"metadata", pairs_json(container.metadata)},
              {"blobs", Json::array()}};
    for (const Blob& blob : live_blobs(tx, container.id)) json["blobs"].push_back(blob_json(tx, blob));
    list.push_back(std::move(json));
  }
  return list;
}

Json jobs_json(Database& database) {
  Json list = Json::array();
  Transaction tx(database);
  for (const Job& job : jobs::list(tx))
    if (job_kinds::is_shown(job))
      list.push_back({{"kind", job.kind},
                      {"due", times::iso_millis(job.due)},
                      {"held", job.held},
                      {"attempts", job.attempts},
                      {"payload", parse_json(job.payload)}});
  return list;
}

void append(Json& list, Json more) {
  for (Json& entry : more) list.push_back(std::move(entry));
}

// Counts, or with ?full=1 everything.
Response get_state(ControlContext& control, RequestContext& context) {
  const std::string_view full = context.query().find("full").value_or("0");
  check_one_of(full, {"0", "1"}, "full");
  if (full == "1") {
    Response response{200, {}, dump_json(full_state(control), 2) + '\n'};
    response.headers.add("Content-Type", "application/json; charset=utf-8");
    return response;
  }
  Transaction tx(control.environment.database);
  const clear_state::Totals totals = clear_state::count(tx, control.service_account);
  JsonWriter json;
  json.begin_object().field("generation", control.environment.database.generation());
  json.field("projects", totals.projects)
      .field("images", totals.images)
      .field("iterations", totals.iterations);
  json.field("queues", totals.queues)
      .field("messages", totals.messages)
      .field("containers", totals.containers);
  json.field("blobs", totals.blobs).field("jobs", job_kinds::count_shown(tx)).end_object();
  return json_response(json);
}

}  // namespace

Json full_state(ControlContext& control) {
  const Clock& clock = control.environment.clock;
  Json state{{"format", "cvemu-state-1"}, {"clock", {{"mode", to_text(clock.mode())}}}};
  if (clock.frozen()) state["clock"]["now"] = times::iso_millis(clock.now());
  state["projects"] = projects_json(control.environment.database);
  state["queues"] = state["containers"] = Json::array();
  {
    Transaction tx(control.environment.database);
    for (const std::string& account : clear_state::accounts(tx)) {
      if (account == control.service_account) continue;
      append(state["queues"], queues_json(tx, account));
      append(state["containers"], containers_json(tx, account, clock.now()));
    }
  }
  state["jobs"] = jobs_json(control.environment.database);
  return state;
}

std::span<const Operation<ControlContext>> state_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetState", Method::Get, "/_emulator/state"},
       get_state,
       {"What there is: counts, or with full=1 a canonical document", "", "", "full"}},
  };
  return operations;
}

}  // namespace cvemu::control
