// Trainings, exports and imports under way: looking at them, and deciding them by hand.
#include "base/text.h"
#include "base/times.h"
#include "control/context.h"
#include "control/job_events.h"
#include "control/resolve.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"

namespace cvemu::control {

namespace {

std::string_view kind_of(const Job& job) {
  const JobKind kind = job_kinds::of(job);
  if (kind.name == job_kinds::kRemoveTestBlob.name) return "connectionTest";
  return kind.operation ? to_text(*kind.operation) : std::string_view();
}

void write_operation(JsonWriter& json, const Job& job) {
  json.begin_object().field("id", std::to_string(job.id)).field("kind", kind_of(job));
  for (const auto& [name, value] : fields_of(job)) json.field(name, value);
  json.field("due", times::iso_millis(job.due)).field("held", job.held);
  if (job.outcome.fails) json.field("outcome", "Failed");
  json.end_object();
}

Response list_operations(ControlContext& control, RequestContext& context) {
  const std::string kind(context.query().find_nonempty("kind").value_or(""));
  const std::string named(context.query().find_nonempty("project").value_or(""));
  std::optional<Uuid> project;
  if (!named.empty()) project = resolve_project(control.environment.database, named, "project");
  if (!kind.empty()) check_one_of(kind, {"training", "export", "import", "connectionTest"}, "kind");
  JsonWriter json;
  json.begin_object().key("operations").begin_array();
  Transaction tx(control.environment.database);
  for (const Job& job : jobs::list(tx)) {
    const bool wanted = kind.empty() || kind_of(job) == kind;
    if (kind_of(job).empty() || !wanted) continue;
    if (!project || subject_of(job).project == *project) write_operation(json, job);
  }
  json.end_array().end_object();
  return json_response(json);
}

// Changes the operation that the path names, and runs what is due then, before it answers.
template <class Change>
Response decide(ControlContext& control, const RequestContext& context, Change change) {
  const auto id = parse_int(context.path.get("id"));
  const auto fired = control.environment.scheduler.advance(Duration::zero(), [&] {
    Transaction tx(control.environment.database);
    auto job = id ? jobs::find(tx, *id) : std::nullopt;
    if (!job || kind_of(*job).empty()) throw not_found("No such operation is pending; it may have ended.");
    change(*job);
    jobs::decide(tx, *job);
    tx.commit();
  });
  return fired_response(control.environment.clock.now(), fired);
}

Response complete_operation(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  return decide(control, context, [now = control.environment.clock.now()](Job& job) {
    job.due = now;
    job.held = false;
    job.outcome.fails = false;
  });
}

Response fail_operation(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"details"});
  std::optional<std::string> details;
  if (body.contains("details")) details = text(body, "details");
  return decide(control, context, [&, now = control.environment.clock.now()](Job& job) {
    if (!job_kinds::of(job).operation) throw bad_request("CannotFail", "A clean-up has no way to fail.");
    job.due = now;
    job.held = false;
    job.outcome.fails = true;
    job.outcome.details = details;
  });
}

Response hold_operation(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  return decide(control, context, [](Job& job) { job.held = true; });
}

Response release_operation(ControlContext& control, RequestContext& context) {
  allow_only(body_of(context), {});
  return decide(control, context, [](Job& job) { job.held = false; });
}

}  // namespace

std::span<const Operation<ControlContext>> operation_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListOperations", Method::Get, "/_emulator/operations"},
       list_operations,
       {"Trainings, exports, imports and clean-ups under way", "", "", "kind, project"}},
      {{"CompleteOperation", Method::Post, "/_emulator/operations/{id}/complete"},
       complete_operation,
       {"Ends it well, now"}},
      {{"FailOperation", Method::Post, "/_emulator/operations/{id}/fail"},
       fail_operation,
       {"Ends it badly, now", "details", R"({"details": "Out of memory."})"}},
      {{"HoldOperation", Method::Post, "/_emulator/operations/{id}/hold"},
       hold_operation,
       {"Keeps it pending, whatever the time"}},
      {{"ReleaseOperation", Method::Post, "/_emulator/operations/{id}/release"},
       release_operation,
       {"Lets it end when it is due"}},
  };
  return operations;
}

}  // namespace cvemu::control
