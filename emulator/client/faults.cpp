#include "cvemu/faults.h"

#include "base/required.h"
#include "base/text.h"
#include "http/json_fields.h"

namespace cvemu {

namespace {

Json json_of(const CallMatch& match) {
  Json json = Json::object();
  const std::pair<const char*, const std::string*> texts[] = {
      {"service", &match.service}, {"operation", &match.operation}, {"method", &match.method},
      {"path", &match.path},       {"project", &match.project},     {"iteration", &match.iteration},
      {"queue", &match.queue},     {"container", &match.container}, {"blob", &match.blob}};
  for (const auto& [name, value] : texts)
    if (!value->empty()) json[name] = *value;
  for (const auto& [name, value] : match.header) json["header"][name] = value;
  for (const auto& [pointer, value] : match.body) json["body"][pointer] = parse_json(value);
  return json;
}

Json json_of(const When& when) {
  Json counts = Json::object(), json = Json::object();
  if (when.first) counts["first"] = *when.first;
  if (when.every) counts["every"] = *when.every;
  if (when.after) counts["after"] = *when.after;
  if (!when.nth.empty()) counts["nth"] = when.nth;
  if (when.tries) counts["tries"] = *when.tries;
  if (when.calls || !counts.empty()) json[when.calls ? "calls" : "requests"] = counts;
  if (when.probability) json["probability"] = *when.probability;
  return json;
}

std::string millis(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + "ms";
}

std::string action(const char* type, Json fields = Json::object()) {
  Json json = {{"type", type}};
  json.update(fields);
  return dump_json(json);
}

std::string with_details(const char* type, const std::string& details) {
  return details.empty() ? action(type) : action(type, {{"details", details}});
}

}  // namespace

Action Action::status(int status, const std::string& code, const std::string& message) {
  return Action(action("status", {{"status", status}, {"error", {{"code", code}, {"message", message}}}}));
}
Action Action::throttle(std::optional<int> seconds) {
  return Action(action("throttle", {{"retryAfter", seconds ? Json(*seconds) : Json()}}));
}
Action Action::delay(Millis time) {
  return Action(action("delay", {{"for", millis(time)}}));
}
Action Action::stall(std::uint64_t after_bytes, Millis time) {
  return Action(action("stall", {{"afterBytes", after_bytes}, {"for", millis(time)}}));
}
Action Action::reset_connection(std::uint64_t after_bytes) {
  return Action(action("resetConnection", {{"afterBytes", after_bytes}}));
}
Action Action::empty_reply() {
  return Action(action("emptyReply"));
}
Action Action::truncate_body(std::uint64_t after_bytes) {
  return Action(action("truncateBody", {{"afterBytes", after_bytes}}));
}
Action Action::corrupt_body(std::uint64_t after_bytes) {
  return Action(action("corruptBody", {{"afterBytes", after_bytes}}));
}
Action Action::slow_body(std::uint64_t chunk, Millis pause) {
  return Action(action("slowBody", {{"chunk", chunk}, {"pause", millis(pause)}}));
}
Action Action::storage_denied(const std::string& at) {
  return Action(action("storageDenied", {{"at", at}}));
}
Action Action::storage_missing(const std::string& at) {
  return Action(action("storageMissing", {{"at", at}}));
}
Action Action::training_failed(const std::string& details) {
  return Action(with_details("trainingFailed", details));
}
Action Action::training_stuck() {
  return Action(action("trainingStuck"));
}
Action Action::export_failed(const std::string& details) {
  return Action(with_details("exportFailed", details));
}
Action Action::export_stuck() {
  return Action(action("exportStuck"));
}
Action Action::import_failed(const std::string& details) {
  return Action(with_details("importFailed", details));
}
Action Action::notification_lost() {
  return Action(action("notificationLost"));
}
Action Action::notification_duplicated(int copies) {
  return Action(action("notificationDuplicated", {{"copies", copies}}));
}
Action Action::notification_delayed(Millis by) {
  return Action(action("notificationDelayed", {{"by", millis(by)}}));
}
Action Action::notification_reordered(Millis window) {
  return Action(action("notificationReordered", {{"window", millis(window)}}));
}
Action Action::notification_early(Millis by) {
  return Action(action("notificationEarly", {{"by", millis(by)}}));
}
Action Action::notification_malformed(const std::string& kind) {
  return Action(action("notificationMalformed", {{"kind", kind}}));
}
Action Action::backup_missing() {
  return Action(action("backupMissing"));
}
Action Action::backup_truncated() {
  return Action(action("backupTruncated"));
}
Action Action::list_order(const std::string& order) {
  return Action(action("listOrder", {{"order", order}}));
}

Fault Control::inject(const CallMatch& match, const When& when, const Action& action) const {
  return Fault(*this, match, when, action);
}

Fault::Fault(const Control& control, const CallMatch& match, const When& when, const Action& action,
             Phase phase)
    : control_(&control) {
  Json rule = {{"match", json_of(match)}, {"when", json_of(when)}, {"action", parse_json(action.json())}};
  if (phase != Phase::Usual) rule["phase"] = phase == Phase::AfterEffect ? "afterEffect" : "beforeEffect";
  id_ = parse_json(control.call("POST", "/_emulator/faults", dump_json(rule))).at("id");
}

Fault::~Fault() {
  if (!control_) return;
  try {
    control_->call("DELETE", "/_emulator/faults/" + percent_encode(id_));
  } catch (const std::exception&) {
    // Gone already, with its emulator or by a reset.
  }
}

std::optional<int> Fault::count(const char* name) const {
  if (!control_) throw std::logic_error("a fault that is kept is no longer counted here");
  const Json value = parse_json(control_->call("GET", "/_emulator/faults/" + percent_encode(id_))).at(name);
  return value.is_null() ? std::nullopt : std::optional(value.get<int>());
}

int Fault::matched() const {
  return required(count("matched"), "matched");
}
int Fault::applied() const {
  return required(count("applied"), "applied");
}
int Fault::absorbed() const {
  return required(count("absorbed"), "absorbed");
}
std::optional<int> Fault::remaining() const {
  return count("remaining");
}

}  // namespace cvemu
