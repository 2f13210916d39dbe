#include "customvision/service.h"

#include <algorithm>

#include "base/secrets.h"
#include "base/text.h"
#include "customvision/jobs/deleted_projects.h"
#include "customvision/jobs/jobs.h"
#include "customvision/wire/request_headers.h"

namespace cvemu {

using namespace customvision;

namespace {

// Azure: doubled slashes are served; the .NET client sends "//customvision/..." (recorded).
std::string single_slashes(std::string_view path) {
  std::string out;
  for (const char c : path)
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

}  // namespace

CustomVisionService::CustomVisionService(Environment environment, CustomVisionOptions options,
                                         const Accounts& accounts, ServiceFiles files,
                                         const HostPolicy& hosts)
    : options_(std::move(options)),
      hosts_(hosts),
      link_(environment.transport, accounts, options_.foreign_accounts, environment.clock,
            environment.database, options_.base64_notifications),
      files_(std::move(files)),
      models_(environment.database),
      rates_(options_.tier),
      state_{environment, options_, link_, files_, models_, decoding_, bodies_, fetched_} {
  customvision::jobs::register_all(environment.scheduler, state_);
}

const OperationTable<CustomVision>& CustomVisionService::operations() {
  static const OperationTable<CustomVision> table(
      {project_operations(), project_copy_operations(), domain_operations(), tag_operations(),
       image_operations(), image_change_operations(), image_metadata_operations(), upload_operations(),
       region_operations(), artifact_operations(), iteration_operations(), publish_operations(),
       export_operations(), performance_operations(), prediction_operations(), quick_test_operations(),
       stored_prediction_operations(), suggestion_operations()});
  return table;
}

Match CustomVisionService::match(const Exchange& exchange) const {
  auto result =
      operations().router().match(exchange.request.method, single_slashes(exchange.request.raw_path()),
                                  exchange.query, exchange.request.headers);
  if (result.outcome != Router::Outcome::Found) throw errors::route_not_found();
  const Route& route = operations().route(result.index);
  const auto version = parse_version(result.params.get("version"));
  if (!version || *version < parse_version(route.access.since)) throw errors::route_not_found();
  // Azure: the Prediction API has the versions 3.0 and 3.1.
  if (route.access.key == Access::Key::Prediction && *version > ApiVersion::V3_1)
    throw errors::route_not_found();
  return {&route, result.index, std::move(result.params)};
}

Principal CustomVisionService::authenticate(const Exchange& exchange, const Match& match) {
  const bool training = match.route->access.key == Access::Key::Training;
  const Headers& headers = exchange.request.headers;
  std::string_view key = headers.get(training ? "Training-Key" : "Prediction-Key");
  if (key.empty()) key = headers.get("Ocp-Apim-Subscription-Key");
  const auto& valid = training ? options_.training_keys : options_.prediction_keys;
  const bool known = valid.empty() || std::find(valid.begin(), valid.end(), key) != valid.end();
  if (key.empty() || !known) throw errors::access_denied();
  return {Principal::Kind::Key, "", std::string(key)};
}

Response CustomVisionService::run(const Match& match, RequestContext& context) {
  if (!rates_.admit(*match.route, context.at())) throw errors::too_many_calls();
  if (!rates_.within_quota(*match.route, context.at()))
    throw errors::prediction_quota(options_.tier.predictions_per_month);
  check_request_headers(context);
  try {
    return operations().run(state_, match, context);
  } catch (const DbError& error) {
    if (error.full) throw errors::disk_full();
    throw;
  }
}

Response CustomVisionService::render(const ApiError& error, const Exchange&) const {
  const std::string message = masked(error.message);  // clients log it
  JsonWriter json;
  json.begin_object();
  if (errors::is_from_gateway(error) && error.status != 404) {
    json.key("error").begin_object().field("code", error.code).field("message", message).end_object();
  } else if (errors::is_from_gateway(error)) {
    json.field("statusCode", 404).field("message", message);
  } else {
    json.field("code", error.code).field("message", message);
  }
  json.end_object();
  Response response = json_response(json, error.status);
  for (const auto& [name, value] : error.headers) response.headers.add(name, value);
  return response;
}

// Azure: the headers of every recorded answer.
void CustomVisionService::finish(Response& response, const Exchange& exchange) const {
  const std::string id = exchange.id.text();
  response.headers.add("apim-request-id", id);
  response.headers.add("Request-Id", id);
  // Emulator: over TLS not for names of this machine, where it would bind all other servers of that name for
  // a year. Browsers pass it over on plain http.
  if (!exchange.peer.encrypted || !hosts_.our_authority(exchange.request.headers))
    response.headers.add("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload");
  response.headers.add("X-Content-Type-Options", "nosniff");
}

ApiError CustomVisionService::unavailable() const {
  return errors::unavailable();
}

ApiError CustomVisionService::error_for(int status) const {
  return errors::likely(status);
}

ApiError CustomVisionService::throttled(std::optional<std::int64_t> seconds) const {
  return errors::throttled(seconds);
}

ApiError CustomVisionService::unexpected() const {
  return errors::unexpected();
}

bool CustomVisionService::remove_deleted() {
  return customvision::remove_deleted(state_);
}

void CustomVisionService::forget_lost_files(Transaction& tx, std::vector<lost_bytes::Dropped>& dropped) {
  customvision::forget_lost_files(tx, state_, dropped);
}

}  // namespace cvemu
