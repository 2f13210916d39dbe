// Faults, asked for and counted.
#include "base/text.h"
#include "control/fault_json.h"
#include "control/journal/match.h"

namespace cvemu::control {

namespace {

ApiError no_such_fault(std::string_view id) {
  return not_found("There is no fault \"" + std::string(id) + "\".");
}

Response show(const ControlContext& control, std::string_view id, int status = 200) {
  const auto found = control.faults.find(id);
  if (!found) throw no_such_fault(id);
  return json_response(fault_json(*found), status);
}

Response list_faults(ControlContext& control, RequestContext&) {
  Json list = Json::array();
  for (const auto& fault : control.faults.list()) list.push_back(fault_json(fault));
  return json_response(Json{{"faults", std::move(list)}});
}

Response create_fault(ControlContext& control, RequestContext& context) {
  FaultRule rule = read_fault(control, body_of(context));
  if (!rule.id.empty() && control.faults.find(rule.id))
    throw ApiError(409, "FaultExists",
                   "There is a fault \"" + rule.id + "\"; PUT /_emulator/faults/{id} replaces it.");
  return show(control, control.faults.add(std::move(rule)), 201);
}

Response put_fault(ControlContext& control, RequestContext& context) {
  FaultRule rule = read_fault(control, body_of(context));
  const std::string id(context.path.get("id"));
  if (!rule.id.empty() && rule.id != id)
    throw bad_field("InvalidField", "The id in the body is another one.", "/id");
  rule.id = id;
  return show(control, control.faults.add(std::move(rule)));
}

Response get_fault(ControlContext& control, RequestContext& context) {
  return show(control, context.path.get("id"));
}

// Answers the last counts.
Response delete_fault(ControlContext& control, RequestContext& context) {
  const std::string_view id = context.path.get("id");
  Response last = show(control, id);
  if (!control.faults.remove(id)) throw no_such_fault(id);
  return last;
}

Response clear_faults(ControlContext& control, RequestContext& context) {
  Response last = list_faults(control, context);
  control.faults.clear();
  return last;
}

Response get_catalog(ControlContext&, RequestContext&) {
  return json_response(fault_catalog());
}

// The request in the words of a match; nothing happens.
Response try_fault(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  std::vector<std::string_view> members = match_members();
  members.push_back("internal");
  allow_only(body, members);
  const RequestMatch said = read_match(control, body, "");
  RequestFacts facts;
  facts.service = said.service;
  if (iequals(said.service, "training")) facts.key = Access::Key::Training;
  if (iequals(said.service, "prediction")) facts.key = Access::Key::Prediction;
  if (facts.key != Access::Key::None) facts.service = "customvision";
  facts.operation = said.operation;
  facts.method = said.method;
  facts.path = said.path;
  if (flag(body, "internal"))
    facts.delivery =
        iequals(said.operation, "PutBlob") ? Delivery::Kind::Backup : Delivery::Kind::Notification;
  facts.param = [&body](std::string_view name) { return text(body, name); };
  facts.header = [&said](std::string_view name) -> std::string_view {
    for (const auto& [known, value] : said.headers)
      if (iequals(known, name)) return value;
    return {};
  };
  const std::string sent = body.contains("body") ? dump_json(body.at("body")) : std::string();
  facts.body = [&sent]() -> std::string_view { return sent; };
  const auto rule = control.faults.would_match(facts);
  return json_response(Json{{"fault", rule ? Json(rule->id) : Json()}});
}

constexpr std::string_view kRule = "id, match, when, phase, action";
constexpr std::string_view kExample =
    R"({"match": {"operation": "TrainProject"}, "when": {"calls": {"first": 1}}, "action": {"type": "status", "status": 503}})";
constexpr std::string_view kRequest =
    "service, operation, method, path, project, iteration, queue, container, blob, header, body, internal";

}  // namespace

std::span<const Operation<ControlContext>> fault_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListFaults", Method::Get, "/_emulator/faults"}, list_faults, {"The rules, with what they hit"}},
      {{"CreateFault", Method::Post, "/_emulator/faults"}, create_fault, {"Adds a rule", kRule, kExample}},
      {{"ClearFaults", Method::Delete, "/_emulator/faults"},
       clear_faults,
       {"Removes all rules; answers their last counts"}},
      {{"GetFaultCatalog", Method::Get, "/_emulator/faults/catalog"},
       get_catalog,
       {"Every action with its fields and what clients make of it"}},
      {{"TryFault", Method::Post, "/_emulator/faults/try"},
       try_fault,
       {"Which rule would hit such a request; nothing happens", kRequest,
        R"({"operation": "TrainProject"})"}},
      {{"PutFault", Method::Put, "/_emulator/faults/{id}"},
       put_fault,
       {"Adds or replaces a rule; its counts begin anew", kRule, kExample}},
      {{"GetFault", Method::Get, "/_emulator/faults/{id}"}, get_fault, {"One rule, with what it hit"}},
      {{"DeleteFault", Method::Delete, "/_emulator/faults/{id}"},
       delete_fault,
       {"Removes a rule; answers its last counts"}},
  };
  return operations;
}

}  // namespace cvemu::control
