#include "control/job_events.h"

#include <algorithm>
#include <iterator>

#include "base/times.h"
#include "control/resolve.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"

namespace cvemu::control {

namespace {

constexpr int kOk = 200;
constexpr std::size_t kKeptOfEnding = 64 * 1024;  // the details are the user's own text

struct Ending {
  OperationKind kind;
  std::string_view name;     // in the journal
  std::string_view details;  // how the API calls what went wrong
};
constexpr Ending kEndings[] = {{OperationKind::Training, "FinishTraining", "trainingErrorDetails"},
                               {OperationKind::Export, "FinishExport", "details"},
                               {OperationKind::Import, "FinishImport", "details"}};

const Ending& ending_of(OperationKind kind) {
  return *std::find_if(std::begin(kEndings), std::end(kEndings),
                       [kind](const Ending& row) { return row.kind == kind; });
}

Json ending_json(const CompletedJob& ended, const Ending& ending) {
  Json json = {{"event", event_of(ended)}, {"status", ended.result.outcome}};
  if (!ended.result.details.empty()) json[std::string(ending.details)] = ended.result.details;
  for (const auto& [name, value] : fields_of(ended.job))
    if (name == "platform" || name == "flavor") json[std::string(name)] = value;
  return json;
}

std::string path_of(const JobSubject& subject) {
  const std::string path = "/customvision/v3.3/training/projects/" + subject.project.text();
  return subject.iteration.is_nil() ? path : path + "/iterations/" + subject.iteration.text();
}

std::string delivery_event(const CompletedJob& job) {
  if (!job.result.succeeded) return "delivery.failed";
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
    json.field("event", event_of(job)).field("succeeded", job.result.succeeded);
    if (!job.result.outcome.empty()) json.field("outcome", job.result.outcome);
    if (!job.result.details.empty()) json.field("details", job.result.details);
    const JobSubject subject = subject_of(job.job);
    if (!subject.project.is_nil()) json.field("project", subject.project.text());
    if (!subject.iteration.is_nil()) json.field("iteration", subject.iteration.text());
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

std::string_view ending_name(OperationKind kind) {
  return ending_of(kind).name;
}

std::shared_ptr<JournalEntry> journal_entry_of(const CompletedJob& ended, const std::string& host) {
  const auto kind = job_kinds::of(ended.job).operation;
  if (!kind || ended.result.outcome.empty()) return nullptr;
  const Ending& ending = ending_of(*kind);
  const JobSubject subject = subject_of(ended.job);
  auto entry = std::make_shared<JournalEntry>();
  entry->at = ended.at;
  entry->wall = std::chrono::system_clock::now();
  entry->service = "customvision";
  entry->operation = ending.name;
  entry->method = Method::Patch;
  entry->internal = true;
  entry->status = kOk;
  PathParams params;
  params.add("projectId", subject.project.text());
  if (!subject.iteration.is_nil()) params.add("iterationId", subject.iteration.text());
  Request request{entry->method, path_of(subject), {}};
  request.headers.add("Host", host);
  const Response response = json_response(ending_json(ended, ending));
  entry->response_length = response.body_length();
  entry->store(request, &params, "", &response, kKeptOfEnding);
  return entry;
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
