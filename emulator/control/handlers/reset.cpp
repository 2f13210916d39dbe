// Back to an empty emulator, as a whole or in parts.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/times.h"
#include "control/context.h"
#include "control/json.h"
#include "runtime/housekeeping.h"
#include "runtime/job_kinds.h"
#include "store/clear_state.h"

namespace cvemu::control {

namespace {

using Scope = std::set<std::string>;

constexpr std::string_view kData[] = {"projects", "queues", "blobs", "operations"};
constexpr std::string_view kInstruments[] = {"faults", "journal"};

// The clock goes on as it is unless it is named.
Scope usual_scope() {
  Scope scope(std::begin(kData), std::end(kData));
  scope.insert(std::begin(kInstruments), std::end(kInstruments));
  return scope;
}

Scope read_scope(const Json& body) {
  const auto list = body.find("scope");
  if (list == body.end()) return usual_scope();
  if (!list->is_array()) throw bad_field("InvalidField", "scope must be a list of names.", "/scope");
  Scope scope;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string at = "/scope/" + std::to_string(i);
    if (!(*list)[i].is_string()) throw bad_field("InvalidField", "scope must be a list of names.", at);
    const std::string name = (*list)[i];
    check_one_of(name, {"projects", "queues", "blobs", "operations", "faults", "journal", "clock"}, at);
    scope.insert(name);
  }
  return scope;
}

std::ptrdiff_t count_data(const Scope& scope) {
  return std::count_if(std::begin(kData), std::end(kData),
                       [&](std::string_view name) { return scope.contains(std::string(name)); });
}

void clear_operations(Transaction& tx) {
  for (const Job& job : jobs::list(tx))
    if (job_kinds::is_shown(job)) jobs::remove(tx, job.id);
  outcomes::clear(tx);
}

void clear_parts(ControlContext& control, const Scope& scope) {
  Transaction tx(control.environment.database);
  if (scope.contains("projects")) clear_state::projects(tx, control.service_account);
  if (scope.contains("queues")) clear_state::queues(tx);
  if (scope.contains("blobs")) clear_state::blobs(tx, control.service_account);
  if (scope.contains("operations")) clear_operations(tx);
  tx.commit();
  tx.begin_generation();
  control.environment.housekeeping.wake();
}

struct Totals : clear_state::Totals {
  std::int64_t jobs = 0;
  std::size_t faults = 0, requests = 0;
};

void write_gone(JsonWriter& json, const Totals& before, const Totals& after) {
  json.key("removed").begin_object();
  json.field("projects", before.projects - after.projects).field("images", before.images - after.images);
  json.field("iterations", before.iterations - after.iterations)
      .field("queues", before.queues - after.queues);
  json.field("messages", before.messages - after.messages);
  json.field("containers", before.containers - after.containers).field("blobs", before.blobs - after.blobs);
  json.field("jobs", before.jobs - after.jobs).field("faults", before.faults - after.faults);
  json.field("requests", before.requests - after.requests).end_object();
}

Totals count(ControlContext& control) {
  Transaction tx(control.environment.database);
  return {clear_state::count(tx, control.service_account), job_kinds::count_shown(tx),
          control.faults.list().size(), control.journal.entries().size()};
}

Response reset(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"scope"});
  const Scope scope = read_scope(body);
  const StateReplacement turn(control);
  const Totals before = count(control);
  if (count_data(scope) == std::ssize(kData)) {
    clear_state::all(control.environment.database);
    control.state_replaced();
    if (control.options.seed) control.environment.ids.go_on_at(0);
  } else if (count_data(scope) > 0) {
    clear_parts(control, scope);
  }
  if (scope.contains("faults")) control.faults.clear();
  if (scope.contains("journal")) control.journal.clear();
  if (scope.contains("clock")) control.restart_clock();
  control.environment.scheduler.clock_changed();
  JsonWriter json;
  json.begin_object().field("generation", control.environment.database.generation());
  write_gone(json, before, count(control));
  json.field("now", times::iso_millis(control.environment.clock.now())).end_object();
  return json_response(json);
}

}  // namespace

std::span<const Operation<ControlContext>> reset_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"Reset", Method::Post, "/_emulator/reset"},
       reset,
       {"Empties the emulator but for its clock, or the parts named; what is under way can write no more",
        "scope", R"({"scope": ["queues", "faults", "journal"]})"}},
  };
  return operations;
}

}  // namespace cvemu::control
