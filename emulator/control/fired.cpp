#include "control/fired.h"

#include "base/times.h"
#include "control/lookup.h"
#include "runtime/operations.h"

namespace cvemu::control {

namespace {

// A delivery names its project in the message that it carries.
Json content_of(const Json& payload) {
  if (payload.contains("project")) return payload;
  const Json message = try_parse_json(payload.value("message", "")).value_or(Json());
  if (!message.is_object()) return Json::object();
  const Json content = message.value("Content", Json::object());
  return {{"project", content.value("projectId", "")}, {"iteration", content.value("iterationId", "")}};
}

std::string member_of(std::string_view payload, const char* name) {
  const Json json = try_parse_json(payload).value_or(Json());
  return json.is_object() ? content_of(json).value(name, "") : "";
}

std::string delivery_event(const FiredJob& job) {
  if (!job.succeeded) return "delivery.failed";
  return parse_json(job.payload).contains("queue") ? "notification.enqueued" : "backup.written";
}

}  // namespace

std::string event_of(const FiredJob& job) {
  if (job.kind == operations::kDeliver) return delivery_event(job);
  if (job.kind == operations::kRemoveTestBlob) return "testBlob.removed";
  const auto kind = operations::kind_of_job(job.kind);
  return kind ? std::string(operation_kind_name(*kind)) + ".finished" : job.kind;
}

std::string project_of(std::string_view payload) {
  return member_of(payload, "project");
}
std::string iteration_of(std::string_view payload) {
  return member_of(payload, "iteration");
}

Response fired_response(Instant now, const std::vector<FiredJob>& fired) {
  JsonWriter json;
  json.begin_object().field("now", times::iso_millis(now)).key("fired").begin_array();
  for (const FiredJob& job : fired) {
    json.begin_object().field("at", times::iso_millis(job.at)).field("kind", job.kind);
    json.field("event", event_of(job)).field("succeeded", job.succeeded);
    if (const std::string project = project_of(job.payload); !project.empty()) json.field("project", project);
    if (const std::string iteration = iteration_of(job.payload); !iteration.empty())
      json.field("iteration", iteration);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

std::function<bool(const FiredJob&)> read_event(const Json& condition, Database& database) {
  allow_only(condition, {"event", "project"}, "/until");
  const std::string event = text(condition, "event");
  expect_one_of(event,
                {"training.finished", "export.finished", "import.finished", "notification.enqueued",
                 "backup.written", "delivery.failed", "testBlob.removed"},
                "/until/event");
  std::string project = text(condition, "project");
  if (!project.empty()) project = find_project(database, project, "/until/project").text();
  return [event, project](const FiredJob& job) {
    return event_of(job) == event && (project.empty() || project_of(job.payload) == project);
  };
}

}  // namespace cvemu::control
