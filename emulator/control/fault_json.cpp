#include "control/fault_json.h"

#include "base/text.h"
#include "control/journal/match.h"
#include "faults/actions.h"
#include "faults/notification_text.h"
#include "faults/read_action.h"

namespace cvemu::control {

namespace {

std::uint64_t count_in(const Json& json, std::string_view name, std::int64_t fallback, std::int64_t least,
                       const std::string& at) {
  const std::int64_t value = whole(json, name, fallback);
  if (value < least)
    throw bad_field("InvalidField", std::string(name) + " must be at least " + std::to_string(least) + '.',
                    at + '/' + std::string(name));
  return static_cast<std::uint64_t>(value);
}

void read_counts(FaultWhen& when, const Json& json, const std::string& at) {
  allow_only(json, {"first", "nth", "every", "after", "tries"}, at);
  if (json.contains("first")) when.first = count_in(json, "first", 1, 1, at);
  if (json.contains("every")) when.every = count_in(json, "every", 1, 1, at);
  if (json.contains("after")) when.after = count_in(json, "after", 0, 0, at);
  when.tries = count_in(json, "tries", static_cast<std::int64_t>(when.tries), 1, at);
  if (!json.contains("nth")) return;
  const Json list = json.at("nth").is_array() ? json.at("nth") : Json::array({json.at("nth")});
  for (const Json& item : list) {
    if (!item.is_number_integer() || item.get<std::int64_t>() < 1)
      throw bad_field("InvalidField", "nth is a whole number from 1, or a list of them.", at + "/nth");
    when.nth.push_back(item.get<std::uint64_t>());
  }
}

FaultWhen read_when(const Json& json, const std::string& at) {
  FaultWhen when;
  allow_only(json, {"requests", "calls", "probability"}, at);
  if (json.contains("requests") && json.contains("calls"))
    throw bad_field("InvalidField", "Count requests or calls, not both.", at);
  when.calls = json.contains("calls");
  for (const char* unit : {"requests", "calls"})
    if (json.contains(unit)) read_counts(when, json.at(unit), at + '/' + unit);
  if (!json.contains("probability")) return when;
  if (!json.at("probability").is_number() || json.at("probability") < 0 || json.at("probability") > 1)
    throw bad_field("InvalidField", "probability lies between 0 and 1.", at + "/probability");
  when.probability = json.at("probability").get<double>();
  return when;
}

const Json& part(const Json& json, const char* name) {
  static const Json none = Json::object();
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

// An action that only some requests can meet must not be tied to others.
void check_reachable(const FaultRule& rule, const std::string& at) {
  if (rule.match.operation.empty() || can_apply(*rule.action.kind, rule.match.operation)) return;
  throw bad_field(
      "NeverMatches",
      "The action " + std::string(rule.action.kind->name) + " has no effect on " + rule.match.operation + '.',
      at + "/match/operation");
}

}  // namespace

FaultRule read_fault(const ControlContext& control, const Json& json, std::string_view pointer) {
  const std::string at(pointer);
  allow_only(json, {"id", "match", "when", "phase", "action"}, at);
  if (!part(json, "action").contains("type"))
    throw bad_field("InvalidField", R"(Say what goes wrong: {"action": {"type": "status", "status": 503}}.)",
                    at + "/action");
  FaultRule rule;
  rule.id = text(json, "id");
  allow_only(part(json, "match"), match_members(), at + "/match");
  rule.match = read_match(control, part(json, "match"), at + "/match");
  rule.when = read_when(part(json, "when"), at + "/when");
  rule.action = read_fault_action(part(json, "action"), at + "/action");
  if (const std::string phase = text(json, "phase"); !phase.empty()) {
    check_one_of(phase, {"beforeEffect", "afterEffect"}, at + "/phase");
    rule.phase = phase == "afterEffect" ? FaultPhase::AfterEffect : FaultPhase::BeforeEffect;
  }
  check_reachable(rule, at);
  rule.source = dump_json(
      Json{{"match", part(json, "match")}, {"when", part(json, "when")}, {"action", part(json, "action")}});
  return rule;
}

Json fault_json(const Faults::Listed& fault) {
  const FaultRule& rule = *fault.rule;
  Json json = {{"id", rule.id}};
  json.update(parse_json(rule.source));
  json["phase"] = phase_of(rule) == FaultPhase::AfterEffect ? "afterEffect" : "beforeEffect";
  json["matched"] = fault.counts.matched;
  json["applied"] = fault.counts.applied;
  json["absorbed"] = fault.counts.absorbed;
  json["remaining"] = fault.counts.remaining ? Json(*fault.counts.remaining) : Json();
  return json;
}

Json fault_catalog() {
  Json actions = Json::array();
  for (const FaultActionKind& kind : fault_actions()) {
    const bool after = kind.only_phase == FaultPhase::AfterEffect;
    actions.push_back({{"type", kind.name},
                       {"fields", fields_of(kind)},
                       {"phase", after ? "afterEffect" : "beforeEffect"},
                       {"advice", kind.advice}});
  }
  return {{"actions", actions},
          {"match", match_members()},
          {"malformations", split(notification_text::kMalformations, ' ')},
          {"when", {"requests", "calls", "probability"}}};
}

}  // namespace cvemu::control
