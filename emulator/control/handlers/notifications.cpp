// Notifications by hand: one that never was, and one that was, again.
#include <algorithm>

#include "control/context.h"
#include "control/job_events.h"
#include "control/resolve.h"
#include "faults/notification_text.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"

namespace cvemu::control {

namespace {

// The good one first; none: it tells of nothing.
std::vector<std::string_view> statuses_of(NotificationType type) {
  if (type == NotificationType::Training) return {"TrainingCompleted", "TrainingFailed"};
  if (type == NotificationType::Export) return {"ExportCompleted", "ExportFailed"};
  return {};
}

NotificationType read_type(const Json& body) {
  if (text(body, "type").empty()) throw bad_field("MissingField", "type is missing.", "/type");
  return one_of(body, "type", NotificationType::ConnectionTest);
}

bool read_completed(const Json& body, NotificationType type) {
  const std::vector<std::string_view> statuses = statuses_of(type);
  if (statuses.empty()) {
    if (body.contains("status"))
      throw bad_field("InvalidField", "A connection test has no status.", "/status");
    return true;
  }
  const std::string status = text(body, "status", statuses.front());
  check_one_of(status, statuses, "/status");
  return status == statuses.front();
}

// The one that is named, else the newest.
Uuid read_iteration(Transaction& tx, const Json& body, const Uuid& project) {
  const std::string wanted = text(body, "iteration");
  for (const Iteration& iteration : iterations::list(tx, project))
    if (is_named(iteration, wanted)) return iteration.id;
  throw bad_field("UnknownName",
                  wanted.empty() ? "The project has no iteration." : "The project has no such iteration.",
                  "/iteration");
}

// What would be passed over is refused.
void check_used(const Json& body, NotificationType type, bool completed) {
  if (type == NotificationType::ConnectionTest && body.contains("iteration"))
    throw bad_field("InvalidField", "A connection test is about no iteration.", "/iteration");
  const bool tells_of_model = type == NotificationType::Export && completed && !flag(body, "withState");
  if (body.contains("modelUri") && !tells_of_model)
    throw bad_field("InvalidField",
                    "Only the notification of a completed export that is sent alone takes a modelUri; with "
                    "withState the export says its own.",
                    "/modelUri");
}

Announcement read_announcement(ControlContext& control, const Json& body) {
  allow_only(body, {"type", "project", "iteration", "status", "modelUri", "withState"});
  const NotificationType type = read_type(body);
  Announcement wanted{type, {}, {}, read_completed(body, type), text(body, "modelUri")};
  check_used(body, type, wanted.completed);
  wanted.project = resolve_project(control.environment.database, text(body, "project"), "/project");
  if (type == NotificationType::ConnectionTest) return wanted;
  Transaction tx(control.environment.database);
  wanted.iteration = read_iteration(tx, body, wanted.project);
  return wanted;
}

// A delivery like any other: tried again until the queue takes it.
Response send(ControlContext& control, const Uuid& project, const Uuid& iteration,
              const std::string& message) {
  const auto fired = control.environment.scheduler.advance(Duration::zero(), [&] {
    Transaction tx(control.environment.database);
    const auto found = projects::find(tx, project);
    if (!found || !found->settings.notification_queue_uri)
      throw ApiError(409, "NoQueue", "The project has no notificationQueueUri.");
    const Deliver delivery{project, iteration, {}, *found->settings.notification_queue_uri, message};
    control.environment.scheduler.at(tx, control.environment.clock.now(), job_kinds::kDeliver,
                                     delivery.to_json());
    tx.commit();
  });
  return fired_response(control.environment.clock.now(), fired);
}

// Its end says so itself.
Response end_operation(ControlContext& control, const Announcement& wanted) {
  const JobKind& kind =
      wanted.type == NotificationType::Training ? job_kinds::kFinishTraining : job_kinds::kFinishExport;
  const auto fired = control.environment.scheduler.advance(Duration::zero(), [&] {
    Transaction tx(control.environment.database);
    const auto pending = jobs::list(tx);
    const auto job = std::find_if(pending.begin(), pending.end(), [&](const Job& one) {
      return one.kind == kind.name && subject_of(one).iteration == wanted.iteration;
    });
    if (job == pending.end())
      throw ApiError(409, "NothingPending",
                     "Nothing of this iteration is under way that could end so; without "
                     "withState the notification is sent alone.");
    Job decided = *job;
    decided.due = control.environment.clock.now();
    decided.held = false;
    decided.outcome.fails = !wanted.completed;
    jobs::decide(tx, decided);
    tx.commit();
  });
  return fired_response(control.environment.clock.now(), fired);
}

Response trigger(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  const Announcement wanted = read_announcement(control, body);
  if (!flag(body, "withState"))
    return send(control, wanted.project, wanted.iteration, control.notification(wanted));
  if (wanted.type == NotificationType::ConnectionTest)
    throw bad_field("InvalidField", "A connection test tells of no state.", "/withState");
  return end_operation(control, wanted);
}

bool tells_of(const JournalEntry& entry, std::string_view id) {
  if (!entry.internal || entry.operation != "PutMessage" || entry.status != 201) return false;
  return notification_text::element(entry.response_body(), "MessageId") == id ||
         notification_text::member(notification_text::read(entry.body()), "iterationId") == id;
}

// The same document once more. Emulator: the queue gives it another message id, as to every message.
Response redeliver(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  const std::string_view id = context.path.get("id");
  const JournalEntries entries = control.journal.entries();
  const auto entry =
      std::find_if(entries.rbegin(), entries.rend(), [&](const auto& one) { return tells_of(*one, id); });
  if (entry == entries.rend())
    throw not_found("The journal knows no notification with the id of this message or iteration.");
  const std::string document = notification_text::read((*entry)->body());
  const auto id_in = [&](const char* name) {
    return Uuid::parse(notification_text::member(document, name)).value_or(Uuid());
  };
  return send(control, id_in("projectId"), id_in("iterationId"), document);
}

}  // namespace

std::span<const Operation<ControlContext>> notification_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"TriggerNotification", Method::Post, "/_emulator/notifications/trigger"},
       trigger,
       {"Sends a notification, true or not; withState ends the operation under way so that it is true",
        "type, project, iteration, status, modelUri, withState",
        R"({"type": "Training", "project": "Hemlock", "status": "TrainingFailed", "withState": true})"}},
      {{"RedeliverNotification", Method::Post, "/_emulator/notifications/{id}/redeliver"},
       redeliver,
       {"Sends a notification once more, by the id of its message or iteration"}},
  };
  return operations;
}

}  // namespace cvemu::control
