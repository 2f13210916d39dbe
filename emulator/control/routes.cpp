#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/durations.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/times.h"
#include "control/service.h"
#include "cvemu/version.h"

namespace cvemu {

namespace {

constexpr std::size_t kBodyLimit = 1024 * 1024;

ApiError bad_request(std::string code, std::string message) {
  return ApiError(400, std::move(code), std::move(message));
}

Response json_response(JsonWriter& json, int status = 200) {
  Response response{status, {}, json.take()};
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  return response;
}

nlohmann::json body_of(RequestContext& context) {
  const std::string text = context.body.all(kBodyLimit);
  nlohmann::json json = trim(text).empty() ? nlohmann::json::object() : nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) throw bad_request("InvalidBody", "The body must be a JSON object.");
  return json;
}

void allow_only(const nlohmann::json& body, std::initializer_list<std::string_view> names) {
  for (auto it = body.begin(); it != body.end(); ++it)
    if (std::find(names.begin(), names.end(), it.key()) == names.end())
      throw bad_request("UnknownField", "No such field here: \"" + it.key() + "\".");
}

Response health(Control& control, RequestContext&) {
  JsonWriter json;
  json.begin_object().field("status", "ready").field("version", kVersion);
  json.field("now", times::iso_millis(control.now())).end_object();
  return json_response(json);
}

Response list_jobs(Control& control, RequestContext&) {
  JsonWriter json;
  json.begin_object().key("jobs").begin_array();
  for (const Control::Job& job : control.jobs()) {
    json.begin_object().field("due", times::iso_millis(job.due)).field("kind", job.kind);
    json.key("payload").raw(job.payload).field("attempts", job.attempts);
    if (!job.last_error.empty()) json.field("lastError", job.last_error);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

Response advance_clock(Control& control, RequestContext& context) {
  const nlohmann::json body = body_of(context);
  allow_only(body, {"by"});
  const auto step = body.contains("by") && body["by"].is_string()
                        ? parse_duration(body["by"].get<std::string>())
                        : std::nullopt;
  if (!step) throw bad_request("InvalidDuration", R"(Say how far: {"by": "10m"}.)");
  const auto fired = control.advance(*step);
  JsonWriter json;
  json.begin_object().field("now", times::iso_millis(control.now())).key("fired").begin_array();
  for (const Control::Fired& job : fired) {
    json.begin_object().field("at", times::iso_millis(job.at)).field("kind", job.kind);
    json.field("succeeded", job.succeeded).end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

constexpr Operation<Control> kOperations[] = {
    {{"Health", Method::Get, "/_emulator/health", "", ""}, health},
    {{"ListJobs", Method::Get, "/_emulator/jobs", "", ""}, list_jobs},
    {{"AdvanceClock", Method::Post, "/_emulator/clock/advance", "", ""}, advance_clock},
};

}  // namespace

const OperationTable<Control>& ControlService::operations() {
  static const OperationTable<Control> table({kOperations});
  return table;
}

bool ControlService::claims(const Request& request) { return istarts_with(request.raw_path(), "/_emulator/"); }

Match ControlService::match(const Exchange& exchange) const {
  const Request& request = exchange.request;
  auto result = operations().router().match(request.method, request.raw_path(), exchange.query, request.headers);
  if (result.outcome == Router::Outcome::OtherMethod)
    throw ApiError(405, "MethodNotAllowed", "This path exists, but not with this method.");
  if (result.outcome != Router::Outcome::Found) throw ApiError(404, "NotFound", "No such control route.");
  return {&operations().route(result.index), result.index, std::move(result.params)};
}

Principal ControlService::authenticate(const Exchange&, const Match&) { return {"key", "", "control"}; }

Response ControlService::run(const Match& match, RequestContext& context) {
  return operations().run(control_, match, context);
}

Response ControlService::render(const ApiError& error, const Exchange&) const {
  JsonWriter json;
  json.begin_object().field("status", error.status).field("code", error.code);
  json.field("message", error.message).end_object();
  return json_response(json, error.status);
}

ApiError ControlService::unexpected() const { return ApiError(500, "InternalError", "See the emulator's log."); }

}  // namespace cvemu
