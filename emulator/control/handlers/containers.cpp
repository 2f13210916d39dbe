// Containers from inside: what blobs there are, and their bytes.
#include <utility>

#include "base/text.h"
#include "control/context.h"
#include "control/describe.h"
#include "control/json.h"
#include "control/resolve.h"
#include "runtime/content_stream.h"
#include "store/blob/containers.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kMostContainers = 5000;  // in one answer
constexpr std::int64_t kUsualLimit = 1000;     // blobs in one answer

std::vector<std::string> container_names(Transaction& tx, std::string_view account, Instant now) {
  std::vector<std::string> names;
  containers::ListOptions everything;
  everything.limit = kMostContainers;
  for (const Container& container : containers::list(tx, account, everything, now))
    names.push_back(container.name);
  return names;
}

std::int64_t find_container(Transaction& tx, const ControlContext& control, const RequestContext& context) {
  const std::string_view account = context.path.get("account"), name = context.path.get("container");
  require_account(control, account);
  if (const auto id = containers::find_id(tx, account, name)) return *id;
  throw unknown_name("container", name, container_names(tx, account, context.at()));
}

// Live blobs without their snapshots.
Json list_some(Transaction& tx, std::int64_t container, std::int64_t limit, Instant now) {
  Json all = Json::array();
  blobs::Cursor rows(tx, container, "", 0, "");
  for (Blob blob; std::cmp_less(all.size(), limit) && rows.next(blob);)
    if (!blob.is_snapshot() && blobs::is_live(blob, now)) all.push_back(describe(blob));
  return all;
}

Response list_containers(ControlContext& control, RequestContext& context) {
  const std::string_view account = context.path.get("account");
  require_account(control, account);
  Transaction tx(control.environment.database);
  Json all = Json::array();
  for (const std::string& name : container_names(tx, account, context.at())) all.push_back({{"name", name}});
  return json_response(Json{{"containers", all}});
}

Response list_blobs(ControlContext& control, RequestContext& context) {
  const std::int64_t limit = whole_parameter(context.query(), "limit", kUsualLimit);
  Transaction tx(control.environment.database);
  const std::int64_t container = find_container(tx, control, context);
  return json_response(Json{{"blobs", list_some(tx, container, limit, context.at())}});
}

// A browser saves it instead of showing it: somebody else's page would else speak in the name of the control
// routes.
Response read_blob(ControlContext& control, RequestContext& context) {
  const std::string_view name = context.path.get("name");
  Database& database = control.environment.database;
  Transaction tx(database);
  const auto blob = blobs::find(tx, find_container(tx, control, context), name, Blob::kBase, context.at());
  if (!blob) throw not_found("No blob " + std::string(name) + " in this container.");
  Response response{200, {}, stream_of(database, tx, blob->content, 0, blob->length)};
  response.headers.add("Content-Type",
                       blob->content_type.empty() ? "application/octet-stream" : blob->content_type);
  response.headers.add("Content-Disposition",
                       "attachment; filename*=UTF-8''" + percent_encode(name.substr(name.rfind('/') + 1)));
  return response;
}

}  // namespace

std::span<const Operation<ControlContext>> container_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListAllContainers", Method::Get, "/_emulator/storage/{account}/containers"},
       list_containers,
       {"The containers of an account"}},
      {{"ListAllBlobs", Method::Get, "/_emulator/storage/{account}/containers/{container}/blobs"},
       list_blobs,
       {"The blobs of a container", "", "", "limit"}},
      {{"ReadBlob", Method::Get, "/_emulator/storage/{account}/containers/{container}/blobs/{name...}"},
       read_blob,
       {"The bytes of a blob, as they are"}},
  };
  return operations;
}

}  // namespace cvemu::control
