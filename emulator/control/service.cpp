#include "control/service.h"

#include <algorithm>
#include <iterator>

#include "base/secrets.h"
#include "base/text.h"
#include "control/admission.h"
#include "control/json.h"
#include "control/query.h"

namespace cvemu {

namespace {

constexpr std::string_view kPolicy = "Content-Security-Policy";
constexpr std::string_view kNothing =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

// What they answer is what was asked for: keys to connect by, the state to be put back, the bytes of a blob.
constexpr std::string_view kAsTheyAre[] = {"GetConnection", "ExportArchive", "ReadBlob"};

void mask_secrets(Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) *text = masked(*text);
}

}  // namespace

const OperationTable<control::ControlContext>& ControlService::operations() {
  using namespace control;
  static const OperationTable<ControlContext> table({
      health_operations(),          clock_operations(),        job_operations(),
      operation_operations(),       transition_operations(),   reset_operations(),
      snapshot_operations(),        state_operations(),        identity_operations(),
      scenario_operations(),        fault_operations(),        journal_operations(),
      timeline_operations(),        verify_operations(),       wait_operations(),
      description_operations(),     connection_operations(),   info_operations(),
      public_endpoint_operations(), queue_operations(),        container_operations(),
      project_operations(),         notification_operations(), prediction_operations(),
  });
  return table;
}

bool ControlService::claims(std::string_view raw_path) {
  return istarts_with(raw_path, "/_emulator/");
}

Match ControlService::match(const Exchange& exchange) const {
  control::admit(exchange, control_.hosts, control_.options.control_token);
  const Request& request = exchange.request;
  auto result =
      operations().router().match(request.method, request.raw_path(), exchange.query, request.headers);
  if (result.outcome == Router::Outcome::OtherMethod)
    throw ApiError(405, "MethodNotAllowed", "This path exists, but not with this method.");
  if (result.outcome != Router::Outcome::Found) throw control::not_found("No such control route.");
  return {&operations().route(result.index), result.index, std::move(result.params)};
}

Principal ControlService::authenticate(const Exchange&, const Match&) {
  return {Principal::Kind::Key, "", "control"};
}

Response ControlService::run(const Match& match, RequestContext& context) {
  control::check_query(context.query(),
                       operations().begin()[static_cast<std::ptrdiff_t>(match.index)]->doc.query);
  Response response = operations().run(control_, match, context);
  if (std::find(std::begin(kAsTheyAre), std::end(kAsTheyAre), match.route->name) == std::end(kAsTheyAre))
    mask_secrets(response);
  return response;
}

Response ControlService::render(const ApiError& error, const Exchange&) const {
  JsonWriter json;
  json.begin_object().field("status", error.status).field("code", error.code);
  json.field("message", error.message);
  for (const auto& [name, value] : error.details) json.field(name, value);
  json.end_object();
  Response response = control::json_response(json, error.status);
  mask_secrets(response);
  for (const auto& [name, value] : error.headers) response.headers.add(name, value);
  return response;
}

// Of every answer: no other site may embed or read it, and nothing in it is run, whatever a browser takes it
// for.
void ControlService::finish(Response& response, const Exchange&) const {
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
  };
  for (const auto& [name, value] : kHeaders) response.headers.set(name, value);
  if (!response.headers.has(kPolicy)) response.headers.add(kPolicy, kNothing);
}

ApiError ControlService::unavailable() const {
  return ApiError(503, "StateReplaced", "The emulator's state was replaced while this was under way.");
}

ApiError ControlService::unexpected() const {
  return ApiError(500, "InternalError", "See the emulator's log.");
}

}  // namespace cvemu
