// One chain from request to delete: what became of a training, an export, a message.
#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "control/journal/match.h"
#include "control/resolve.h"
#include "faults/notification_text.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"
#include "store/jobs.h"

namespace cvemu::control {

namespace {

struct Chain {
  Json links = Json::array();
  std::string message;  // id of the last notification put
  int puts = 0, receives = 0, failures = 0;
  bool deleted = false, hit = false;
  std::string last_failure;
};

// What is asked for: entries that name one of these.
struct Subject {
  std::string project, iteration, message;
};

Json link_of(const JournalEntry& entry, std::string_view what) {
  Json link = {
      {"seq", entry.seq}, {"at", times::iso_millis(entry.at)}, {"what", what}, {"status", entry.status}};
  if (!entry.fault.empty()) link["fault"] = entry.fault;
  if (entry.retry_of) link["retryOf"] = entry.retry_of;
  if (!entry.error_code().empty()) link["code"] = entry.error_code();
  return link;
}

// The end of a long operation, which nobody sent a request for (control/job_events.h).
bool is_ending(const JournalEntry& entry) {
  return entry.internal && entry.operation.starts_with("Finish");
}

Json link_of_ending(const JournalEntry& entry) {
  const Json said = try_parse_json(entry.response_body()).value_or(Json::object());
  Json link = link_of(entry, text(said, "event", entry.operation));
  link["outcome"] = text(said, "status");
  for (const char* name : {"trainingErrorDetails", "details", "platform", "flavor"})
    if (const std::string value = text(said, name); !value.empty()) link[name] = value;
  return link;
}

bool names(std::string_view text, const std::string& id) {
  return !id.empty() && text.find(id) != std::string_view::npos;
}

bool belongs_to_project(const JournalEntry& entry, const Subject& subject) {
  if (!subject.iteration.empty())
    return iequals(entry.param("iterationId"), subject.iteration) ||
           (entry.operation == "TrainProject" && names(entry.response_body(), subject.iteration));
  return !subject.project.empty() && iequals(entry.param("projectId"), subject.project);
}

bool is_ours(const std::string& notification, const Subject& subject) {
  if (!subject.iteration.empty())
    return notification_text::member(notification, "iterationId") == subject.iteration;
  return !subject.project.empty() && notification_text::member(notification, "projectId") == subject.project;
}

// The block of one message in an answer to GetMessages.
std::string_view message_block(std::string_view xml, const std::string& id) {
  const std::size_t found = xml.find(id);
  if (id.empty() || found == std::string_view::npos) return {};
  const std::size_t end = xml.find("</QueueMessage>", found);
  return xml.substr(found, end == std::string_view::npos ? end : end - found);
}

void follow_put(Chain& chain, const JournalEntry& entry, const Subject& subject) {
  const std::string notification = notification_text::read(entry.body());
  const std::string id = notification_text::element(entry.response_body(), "MessageId");
  const bool wanted =
      is_ours(notification, subject) || (!subject.message.empty() && iequals(id, subject.message));
  if (!wanted) return;
  const bool accepted = entry.status == 201;
  Json link = link_of(entry, accepted ? "notification.enqueued" : "notification.refused");
  link["queue"] = entry.param("queue");
  link["type"] = notification_text::member(notification, "type");
  if (!id.empty()) link["message"] = chain.message = id;
  chain.links.push_back(std::move(link));
  chain.hit = chain.hit || !entry.fault.empty();
  if (accepted)
    ++chain.puts;
  else
    chain.last_failure = std::string(entry.error_code()), ++chain.failures;
}

void follow_message(Chain& chain, const JournalEntry& entry) {
  if (entry.operation == "GetMessages") {
    const std::string_view block = message_block(entry.response_body(), chain.message);
    if (block.empty()) return;
    Json link = link_of(entry, "GetMessages");
    link["dequeueCount"] = parse_int(notification_text::element(block, "DequeueCount")).value_or(0);
    chain.links.push_back(std::move(link));
    ++chain.receives;
  } else if (entry.operation == "DeleteMessage" && !chain.message.empty() &&
             iequals(entry.param("id"), chain.message)) {
    chain.links.push_back(link_of(entry, "DeleteMessage"));
    chain.deleted = chain.deleted || entry.status == 204;
  }
}

Chain follow(const ControlContext& control, const Subject& subject) {
  Chain chain;
  for (const auto& entry : control.journal.entries()) {
    if (entry->service == "customvision" && belongs_to_project(*entry, subject))
      chain.links.push_back(is_ending(*entry) ? link_of_ending(*entry) : link_of(*entry, entry->operation));
    else if (entry->operation == "PutMessage")
      follow_put(chain, *entry, subject);
    else if (entry->internal && entry->operation == "PutBlob" &&
             (names(entry->param("blob"), subject.iteration) || names(entry->param("blob"), subject.project)))
      chain.links.push_back(link_of(*entry, entry->status == 201 ? "backup.stored" : "backup.refused"));
    else
      follow_message(chain, *entry);
  }
  return chain;
}

std::string verdict_of(const Chain& chain) {
  if (chain.puts == 0 && chain.failures > 0)
    return "not delivered: refused " + std::to_string(chain.failures) + " times, last " + chain.last_failure;
  if (chain.puts == 0) return "no notification was sent";
  std::string verdict = "delivered";
  if (chain.puts > 1) verdict += ' ' + std::to_string(chain.puts) + " times";
  if (chain.hit) verdict += " (a fault had a hand in it)";
  if (chain.deleted)
    return verdict + " and deleted after " + std::to_string(chain.receives) +
           (chain.receives == 1 ? " receive" : " receives");
  if (chain.receives > 0)
    return verdict + ", received " + std::to_string(chain.receives) + " times and never deleted";
  return verdict + ", not received yet";
}

Json chain_json(Chain chain) {
  const std::string verdict = verdict_of(chain);
  return {{"chain", std::move(chain.links)}, {"verdict", verdict}};
}

// One that was deleted is still in the journal, by its id.
std::string id_of_project(Database& database, std::string_view wanted) {
  Transaction tx(database);
  const auto project = find_project(tx, wanted, "project");
  return project ? project->id.text() : std::string(wanted);
}

Response get_timeline(ControlContext& control, RequestContext& context) {
  Subject subject;
  for (const auto& [name, value] : context.query().all()) {
    if (name == "project") subject.project = id_of_project(control.environment.database, value);
    if (name == "iteration") subject.iteration = to_lower(value);
    if (name == "message") subject.message = to_lower(value);
  }
  if (context.query().all().empty())
    throw bad_request("InvalidQuery", "Say whose timeline: ?project=, ?iteration= or ?message=.");
  return json_response(chain_json(follow(control, subject)));
}

struct Found {
  Project project;
  Iteration iteration;
};

std::optional<Found> find_iteration(Transaction& tx, std::string_view text) {
  const auto id = Uuid::parse(text);
  if (!id) return std::nullopt;
  for (const Project& project : projects::list(tx))
    if (const auto iteration = iterations::find(tx, project.id, *id)) return Found{project, *iteration};
  return std::nullopt;
}

// The job that is still to bring it, if there is one.
std::optional<Job> pending_job(Transaction& tx, const Uuid& iteration) {
  for (Job& job : jobs::list(tx))
    if (subject_of(job).iteration == iteration) return std::move(job);
  return std::nullopt;
}

std::string reason_of(const ControlContext& control, const Found& found, const std::optional<Job>& job,
                      const Chain& chain) {
  if (!found.project.settings.notification_queue_uri)
    return "the project has no notificationQueueUri, so nothing is sent";
  if (job && job->kind == job_kinds::kDeliver.name)
    return job->attempts > 0
               ? "the delivery failed " + std::to_string(job->attempts) + " times (" + job->last_error +
                     "); the next try is due at " + times::iso_millis(job->due)
               : "the delivery is due at " + times::iso_millis(job->due);
  if (job) {
    const bool frozen = control.environment.clock.frozen();
    return "the operation is not over: " + job->kind + " is due at " + times::iso_millis(job->due) +
           (frozen ? ", and the clock is frozen at " + times::iso_millis(control.environment.clock.now())
                   : "");
  }
  if (chain.hit) return "a fault had a hand in the delivery; its id stands in the chain";
  if (chain.puts > 0) return "the notification was delivered";
  return "the journal no longer holds the delivery";
}

Response explain(ControlContext& control, RequestContext& context) {
  const std::string iteration = to_lower(context.query().find("iteration").value_or(""));
  if (iteration.empty()) throw bad_request("InvalidQuery", "Say which: ?iteration=ID.");
  std::optional<Found> found;
  std::optional<Job> job;
  {
    Transaction tx(control.environment.database);
    found = find_iteration(tx, iteration);
    if (found) job = pending_job(tx, found->iteration.id);
  }
  if (!found) throw not_found("There is no iteration " + iteration + '.');
  Chain chain = follow(control, {"", iteration, ""});
  const std::string reason = reason_of(control, *found, job, chain);
  Json answer = {{"iteration", iteration},
                 {"project", found->project.id.text()},
                 {"iterationStatus", to_text(found->iteration.status)},
                 {"reason", reason}};
  answer.update(chain_json(std::move(chain)));
  return json_response(answer);
}

}  // namespace

std::span<const Operation<ControlContext>> timeline_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetTimeline", Method::Get, "/_emulator/timeline"},
       get_timeline,
       {"The chain from request to delete", "", "", "project, iteration, message"}},
      {{"Explain", Method::Get, "/_emulator/explain"},
       explain,
       {"Why a notification came or did not come", "", "", "iteration"}},
  };
  return operations;
}

}  // namespace cvemu::control
