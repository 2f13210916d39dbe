#include "control/handlers/transitions.h"

#include "base/required.h"
#include "control/context.h"
#include "control/resolve.h"

namespace cvemu::control {

namespace {

constexpr Duration kEarlyGap = std::chrono::seconds(1);

void read_notify(Outcome& outcome, const Json& json, std::string_view at) {
  if (!json.is_object()) throw bad_field("InvalidField", "notify must be an object.", std::string(at));
  allow_only(json, {"order", "delay"}, at);
  const std::string order = text(json, "order", "afterVisible");
  check_one_of(order, {"afterVisible", "beforeVisible"}, std::string(at) + "/order");
  outcome.notifies_early = order == "beforeVisible";
  outcome.notification_gap =
      duration(json, "delay").value_or(outcome.notifies_early ? kEarlyGap : Duration{0});
}

Outcome read_outcome(const Json& json, const std::string& at) {
  if (!json.is_object()) throw bad_field("InvalidField", "An outcome must be an object.", at);
  allow_only(json, {"status", "details", "delay", "hold", "notify"}, at);
  const std::string status = text(json, "status", "Completed");
  check_one_of(status, {"Completed", "Failed"}, at + "/status");
  Outcome outcome;
  outcome.fails = status == "Failed";
  if (json.contains("details")) outcome.details = text(json, "details");
  if (outcome.details && !outcome.fails)
    throw bad_field("InvalidField", "Only a failure has details.", at + "/details");
  outcome.takes = duration(json, "delay");
  outcome.hold = flag(json, "hold");
  if (const auto notify = json.find("notify"); notify != json.end())
    read_notify(outcome, *notify, at + "/notify");
  return outcome;
}

void write_outcome(JsonWriter& json, const Outcome& outcome) {
  json.begin_object().field("status", outcome.fails ? "Failed" : "Completed");
  if (outcome.details) json.field("details", *outcome.details);
  if (outcome.takes) json.field("delay", std::to_string(outcome.takes->count() / 1000) + "ms");
  if (outcome.hold) json.field("hold", true);
  if (outcome.notifies_early || outcome.notification_gap.count() != 0) {
    json.key("notify").begin_object();
    json.field("order", outcome.notifies_early ? "beforeVisible" : "afterVisible");
    json.field("delay", std::to_string(outcome.notification_gap.count() / 1000) + "ms").end_object();
  }
  json.end_object();
}

void write_script(JsonWriter& json, const outcomes::Script& script) {
  json.begin_object().field("kind", to_text(script.kind));
  if (script.project) json.field("project", script.project->text());
  json.key("outcomes").begin_array();
  for (const Outcome& outcome : script.sequence) write_outcome(json, outcome);
  json.end_array().field("then", to_text(script.after)).field("used", script.used).end_object();
}

OperationKind kind_in_path(const RequestContext& context) {
  const auto kind = parse<OperationKind>(context.path.get("kind"));
  if (!kind) throw not_found("The kinds of operations are training, export and import.");
  return *kind;
}

std::optional<Uuid> project_in_query(ControlContext& control, const RequestContext& context) {
  const auto named = context.query().find_nonempty("project");
  if (!named) return std::nullopt;
  return resolve_project(control.environment.database, *named, "project");
}

Response list_transitions(ControlContext& control, RequestContext&) {
  JsonWriter json;
  json.begin_object().key("transitions").begin_array();
  Transaction tx(control.environment.database);
  for (const auto& script : outcomes::scripts(tx)) write_script(json, script);
  json.end_array().end_object();
  return json_response(json);
}

Response get_transition(ControlContext& control, RequestContext& context) {
  const OperationKind kind = kind_in_path(context);
  const auto project = project_in_query(control, context);
  Transaction tx(control.environment.database);
  const auto script = outcomes::find_script(tx, kind, project);
  if (!script) throw not_found("Nothing is scripted here: operations end as their data allows.");
  JsonWriter json;
  write_script(json, *script);
  return json_response(json);
}

Response set_transition(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"project", "outcomes", "then"});
  outcomes::Script script = read_script(kind_in_path(context), body, "");
  if (const std::string named = text(body, "project"); !named.empty())
    script.project = resolve_project(control.environment.database, named, "/project");
  Transaction tx(control.environment.database);
  outcomes::set_script(tx, script);
  tx.commit();
  JsonWriter json;
  write_script(json, script);
  return json_response(json);
}

Response delete_transition(ControlContext& control, RequestContext& context) {
  const OperationKind kind = kind_in_path(context);
  const auto project = project_in_query(control, context);
  Transaction tx(control.environment.database);
  if (!outcomes::remove_script(tx, kind, project)) throw not_found("Nothing is scripted here.");
  tx.commit();
  return {204, {}, {}};
}

}  // namespace

OperationKind read_operation_kind(std::string_view name, std::string_view at) {
  if (const auto kind = parse_in_any_case<OperationKind>(name)) return *kind;
  const auto& known = EnumTexts<OperationKind>::kAll;
  refuse_word("UnknownValue", name, {std::begin(known), std::end(known)}, std::string(at));
}

outcomes::Script read_script(OperationKind kind, const Json& json, std::string_view at) {
  const std::string here(at);
  const auto list = json.find("outcomes");
  if (list == json.end() || !list->is_array() || list->empty())
    throw bad_field("InvalidField", "outcomes must be a list of at least one outcome.", here + "/outcomes");
  outcomes::Script script;
  script.kind = kind;
  for (std::size_t i = 0; i < list->size(); ++i)
    script.sequence.push_back(read_outcome((*list)[i], here + "/outcomes/" + std::to_string(i)));
  script.after = one_of(json, "then", AfterLast::RepeatLast, here);
  return script;
}

std::span<const Operation<ControlContext>> transition_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListTransitions", Method::Get, "/_emulator/transitions"},
       list_transitions,
       {"How operations to come are to end"}},
      {{"GetTransition", Method::Get, "/_emulator/transitions/{kind}"},
       get_transition,
       {"How operations of a kind are to end", "", "", "project"}},
      {{"SetTransition", Method::Put, "/_emulator/transitions/{kind}"},
       set_transition,
       {"Scripts the ends of operations of a kind: training, export or import", "project, outcomes, then",
        R"({"outcomes": [{"status": "Failed", "details": "Out of memory."}, {"status": "Completed"}]})"}},
      {{"DeleteTransition", Method::Delete, "/_emulator/transitions/{kind}"},
       delete_transition,
       {"Back to ending as the data allows", "", "", "project"}},
  };
  return operations;
}

}  // namespace cvemu::control
