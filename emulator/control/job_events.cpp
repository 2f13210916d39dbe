#include "control/job_events.h"

#include "base/times.h"
#include "control/resolve.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"

namespace cvemu::control {

namespace {

std::string delivery_event(const CompletedJob& job) {
  if (!job.succeeded) return "delivery.failed";
  return Deliver::from_json(job.job.payload).queue ? "notification.enqueued" : "backup.written";
}

}  // namespace

std::string event_of(const CompletedJob& completed) {
  const JobKind kind = job_kinds::of(completed.job);
  if (kind.name == job_kinds::kDeliver.name) return delivery_event(completed);
  if (kind.name == job_kinds::kRemoveTestBlob.name) return "testBlob.removed";
  return kind.operation ? std::string(to_text(*kind.operation)) + ".finished" : completed.job.kind;
}

Response fired_response(Instant now, const std::vector<CompletedJob>& fired) {
  JsonWriter json;
  json.begin_object().field("now", times::iso_millis(now)).key("fired").begin_array();
  for (const CompletedJob& job : fired) {
    json.begin_object().field("at", times::iso_millis(job.at)).field("kind", job.job.kind);
    json.field("event", event_of(job)).field("succeeded", job.succeeded);
    const JobSubject subject = subject_of(job.job);
    if (!subject.project.is_nil()) json.field("project", subject.project.text());
    if (!subject.iteration.is_nil()) json.field("iteration", subject.iteration.text());
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

std::function<bool(const CompletedJob&)> read_event(const Json& condition, Database& database) {
  allow_only(condition, {"event", "project"}, "/until");
  const std::string event = text(condition, "event");
  check_one_of(event,
               {"training.finished", "export.finished", "import.finished", "notification.enqueued",
                "backup.written", "delivery.failed", "testBlob.removed"},
               "/until/event");
  const std::string named = text(condition, "project");
  std::optional<Uuid> project;
  if (!named.empty()) project = resolve_project(database, named, "/until/project");
  return [event, project](const CompletedJob& job) {
    return event_of(job) == event && (!project || subject_of(job.job).project == *project);
  };
}

}  // namespace cvemu::control
