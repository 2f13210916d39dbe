// The emulator's clock, steered from outside.
#include "control/handlers/clock.h"

#include "base/times.h"
#include "control/context.h"
#include "control/job_events.h"

namespace cvemu::control {

namespace {

using std::chrono::hours;

constexpr double kDefaultRate = 60;

void write_due(JsonWriter& json, Database& database) {
  Transaction tx(database);
  json.key("next").begin_array();
  for (const Job& job : jobs::list(tx))
    if (!job.held)
      json.begin_object().field("due", times::iso_millis(job.due)).field("kind", job.kind).end_object();
  json.end_array();
}

Response show(ControlContext& control) {
  const Clock& clock = control.environment.clock;
  const Clock::State state = clock.state();
  JsonWriter json;
  json.begin_object().field("mode", to_text(state.mode)).field("now", times::iso_millis(state.shown));
  if (state.mode == ClockMode::Scaled) json.key("rate").number(state.rate);
  json.field("offsetSeconds",
             std::chrono::duration_cast<std::chrono::seconds>(state.shown - state.wall).count());
  write_due(json, control.environment.database);
  json.end_object();
  return json_response(json);
}

Response get_clock(ControlContext& control, RequestContext&) {
  return show(control);
}

ApiError past_the_end(std::string path) {
  return bad_field(
      "InvalidTime",
      "The clock ends with 9999-12-31T23:59:59Z and cannot be moved past that; say an earlier time.",
      std::move(path));
}

std::optional<Instant> time_in(const Json& body, std::string_view name, std::string_view pointer = {}) {
  if (!body.contains(name) || body.at(std::string(name)).is_null()) return std::nullopt;
  const std::string written = text(body, name);
  const auto time = times::parse_iso(written);
  if (!time)
    throw bad_field("InvalidTime", "Say it like 2030-01-01T00:00:00Z, from the year 1 to the year 9999.",
                    std::string(pointer) + '/' + std::string(name));
  if (*time > kEndOfTime) throw past_the_end(std::string(pointer) + '/' + std::string(name));
  return time;
}

double rate_in(const Json& body, ClockMode mode, std::string_view pointer) {
  const auto rate = body.find("rate");
  if (rate == body.end()) return kDefaultRate;
  if (mode != ClockMode::Scaled)
    throw bad_field("InvalidField", R"(Only a scaled clock has a rate: say "mode": "scaled", too.)",
                    std::string(pointer) + "/rate");
  if (!rate->is_number() || !is_clock_rate(rate->get<double>()))
    throw bad_field("InvalidField", "rate must be a number from 0.000001 to 1000000.",
                    std::string(pointer) + "/rate");
  return rate->get<double>();
}

Response set_clock(ControlContext& control, RequestContext& context) {
  Clock& clock = control.environment.clock;
  const Json body = body_of(context);
  const ClockChange change = read_clock(body, clock.mode());
  const bool says_how = body.contains("mode") || body.contains("rate");
  if (says_how) clock.run(change.mode, change.rate);
  if (change.at) clock.jump(*change.at);
  control.environment.scheduler.clock_changed();
  return show(control);
}

std::vector<CompletedJob> advance_until(ControlContext& control, const Json& until, Duration limit) {
  Scheduler& scheduler = control.environment.scheduler;
  if (until.is_object()) return scheduler.run_until(read_event(until, control.environment.database), limit);
  if (!until.is_string()) throw bad_field("InvalidField", R"(until is "idle" or an event.)", "/until");
  check_one_of(until.get<std::string>(), {"idle"}, "/until");
  return scheduler.run_until_idle(limit);
}

std::vector<CompletedJob> advance_to(ControlContext& control, Instant target) {
  const Instant now = control.environment.clock.now();
  if (target < now) throw bad_field("InvalidTime", "The clock does not run backwards.", "/to");
  return control.environment.scheduler.advance(target - now);
}

std::vector<CompletedJob> advance_by(ControlContext& control, Duration step) {
  if (step > kEndOfTime - control.environment.clock.now()) throw past_the_end("/by");
  return control.environment.scheduler.advance(step);
}

Response advance_clock(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"by", "to", "until", "limit"});
  const auto until = body.find("until");
  const auto by = duration(body, "by");
  const auto to = time_in(body, "to");
  if ((until != body.end()) + by.has_value() + to.has_value() != 1)
    throw bad_request("InvalidDuration",
                      R"(Say how far: {"by": "10m"}, {"to": "2030-01-01T00:00:00Z"} or {"until": "idle"}.)");
  const auto limit = duration(body, "limit");
  if (limit && until == body.end())
    throw bad_field("InvalidField", R"(A limit goes with "until"; "by" and "to" say themselves how far.)",
                    "/limit");
  const auto fired = by   ? advance_by(control, *by)
                     : to ? advance_to(control, *to)
                          : advance_until(control, *until, limit.value_or(hours(24)));
  return fired_response(control.environment.clock.now(), fired);
}

}  // namespace

ClockChange read_clock(const Json& json, ClockMode current, std::string_view pointer) {
  allow_only(json, {"mode", "rate", "at"}, pointer);
  const std::string mode = text(json, "mode", to_text(current));
  check_one_of(mode, {"real", "scaled", "frozen", "automatic"}, std::string(pointer) + "/mode");
  const ClockMode chosen = parse<ClockMode>(mode).value_or(current);
  return {chosen, rate_in(json, chosen, pointer), time_in(json, "at", pointer)};
}

std::span<const Operation<ControlContext>> clock_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetClock", Method::Get, "/_emulator/clock"}, get_clock, {"What time it is for the emulator"}},
      {{"SetClock", Method::Put, "/_emulator/clock"},
       set_clock,
       {"Stops the clock, or lets it run", "mode, rate, at", R"({"mode": "frozen"})"}},
      {{"AdvanceClock", Method::Post, "/_emulator/clock/advance"},
       advance_clock,
       {"Moves the clock and runs what becomes due before it answers", "by, to, until, limit",
        R"({"by": "10m"})"}},
  };
  return operations;
}

}  // namespace cvemu::control
