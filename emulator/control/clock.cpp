// The emulator's clock, steered from outside.
#include "base/times.h"
#include "control/desk.h"
#include "control/json.h"

namespace cvemu::control {

namespace {

std::string mode_of(const Clock& clock) {
  return clock.frozen() ? "frozen" : "real";
}

Response show(const Clock& clock) {
  JsonWriter json;
  json.begin_object().field("mode", mode_of(clock)).field("now", times::iso_millis(clock.now())).end_object();
  return json_response(json);
}

Response show_fired(const Clock& clock, const std::vector<FiredJob>& fired) {
  JsonWriter json;
  json.begin_object().field("now", times::iso_millis(clock.now())).key("fired").begin_array();
  for (const FiredJob& job : fired) {
    json.begin_object().field("at", times::iso_millis(job.at)).field("kind", job.kind);
    json.field("succeeded", job.succeeded).end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

Response get_clock(Desk& desk, RequestContext&) {
  return show(desk.environment.clock);
}

Response set_clock(Desk& desk, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"mode"});
  const std::string mode = text(body, "mode");
  expect_one_of(mode, {"real", "frozen"}, "/mode");
  Clock& clock = desk.environment.clock;
  if (mode == "frozen") clock.freeze();
  if (mode == "real") clock.resume();
  desk.environment.scheduler.wake();
  return show(clock);
}

Response advance_clock(Desk& desk, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"by", "until", "limit"});
  Scheduler& scheduler = desk.environment.scheduler;
  if (const std::string until = text(body, "until"); !until.empty()) {
    expect_one_of(until, {"idle"}, "/until");
    const Duration limit = duration(body, "limit").value_or(std::chrono::hours(24));
    return show_fired(desk.environment.clock, scheduler.run_until_idle(limit));
  }
  const auto step = duration(body, "by");
  if (!step) throw bad_request("InvalidDuration", R"(Say how far: {"by": "10m"} or {"until": "idle"}.)");
  return show_fired(desk.environment.clock, scheduler.advance(*step));
}

constexpr Operation<Desk> kOperations[] = {
    {{"GetClock", Method::Get, "/_emulator/clock", "", ""}, get_clock, {"What time it is for the emulator"}},
    {{"SetClock", Method::Put, "/_emulator/clock", "", ""},
     set_clock,
     {"Stops the clock, or lets it run", "mode", R"({"mode": "frozen"})"}},
    {{"AdvanceClock", Method::Post, "/_emulator/clock/advance", "", ""},
     advance_clock,
     {"Moves the clock and runs what becomes due before it answers", "by, until, limit", R"({"by": "10m"})"}},
};

}  // namespace

std::span<const Operation<Desk>> clock_operations() {
  return kOperations;
}

}  // namespace cvemu::control
