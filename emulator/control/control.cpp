#include "cvemu/control.h"

#include "base/times.h"
#include "control/json.h"

namespace cvemu {

namespace {

using control::Json;

std::string micros(std::chrono::microseconds step) {
  const std::string digits = std::to_string(step.count() % 1'000'000);
  return std::to_string(step.count() / 1'000'000) + '.' + std::string(6 - digits.size(), '0') + digits + 's';
}

Control::Time time_of(const Json& json, const char* name) {
  return times::parse_iso(json.at(name).get<std::string>()).value();
}

std::vector<Control::Fired> fired_of(const Json& json) {
  std::vector<Control::Fired> fired;
  for (const Json& job : json.at("fired"))
    fired.push_back({time_of(job, "at"), job.at("kind").get<std::string>(), job.at("succeeded").get<bool>()});
  return fired;
}

}  // namespace

std::string Control::call(std::string_view method, std::string_view path, std::string body) const {
  Answer answer = channel_(method, path, std::move(body));
  if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
  const Json error = Json::parse(answer.body, nullptr, false);
  if (!error.is_object()) throw ControlError(answer.status, "NoAnswer", answer.body);
  throw ControlError(answer.status, control::text(error, "code"), control::text(error, "message"));
}

Control::Time Control::now() const {
  return time_of(Json::parse(call("GET", "/_emulator/clock")), "now");
}

bool Control::frozen() const {
  return Json::parse(call("GET", "/_emulator/clock")).at("mode") == "frozen";
}

void Control::freeze() {
  call("PUT", "/_emulator/clock", R"({"mode":"frozen"})");
}

void Control::resume() {
  call("PUT", "/_emulator/clock", R"({"mode":"real"})");
}

std::vector<Control::Fired> Control::advance(std::chrono::microseconds step) {
  if (step < step.zero()) throw std::invalid_argument("the clock does not run backwards");
  return fired_of(Json::parse(call("POST", "/_emulator/clock/advance", Json{{"by", micros(step)}}.dump())));
}

std::vector<Control::Fired> Control::run_until_idle(std::chrono::microseconds limit) {
  const Json body{{"until", "idle"}, {"limit", micros(limit)}};
  return fired_of(Json::parse(call("POST", "/_emulator/clock/advance", body.dump())));
}

std::vector<Control::Job> Control::jobs() const {
  std::vector<Job> all;
  const Json answer = Json::parse(call("GET", "/_emulator/jobs"));
  for (const Json& job : answer.at("jobs"))
    all.push_back({time_of(job, "due"), job.at("kind").get<std::string>(), job.at("payload").dump(),
                   job.at("attempts").get<int>(), control::text(job, "lastError")});
  return all;
}

}  // namespace cvemu
