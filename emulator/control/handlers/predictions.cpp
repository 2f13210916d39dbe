// Answers that predictions give instead of the model's.
#include "control/resolve.h"
#include "control/scenarios/scenario.h"
#include "store/customvision/prediction_rules.h"

namespace cvemu::control {

namespace {

Json describe_rule(const PredictionRule& rule) {
  Json json = Json::object();
  if (rule.project) json["project"] = rule.project->text();
  if (rule.digest) json["image"] = *rule.digest;
  json["predictions"] = parse_json(rule.predictions);
  return json;
}

Response list_rules(ControlContext& control, RequestContext&) {
  Json all = Json::array();
  Transaction tx(control.environment.database);
  for (const PredictionRule& rule : prediction_rules::list(tx)) all.push_back(describe_rule(rule));
  return json_response(Json{{"rules", all}});
}

// Of rules that fit equally well the first one counts: it is kept last, as the newest.
Response set_rules(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"rules"});
  if (!body.contains("rules")) throw bad_field("MissingField", "rules is missing.", "/rules");
  Database& database = control.environment.database;
  std::vector<PredictionRule> rules;
  read_predictions(body, "rules", [&](const ScenarioPrediction& rule) {
    PredictionRule kept;
    if (!rule.project.empty()) kept.project = resolve_project(database, rule.project, "/project");
    if (!rule.digest.empty()) kept.digest = rule.digest;
    kept.predictions = dump_json(rule.predictions);
    rules.push_back(std::move(kept));
  });
  {
    Transaction tx(database);
    prediction_rules::clear(tx);
    for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) prediction_rules::add(tx, *rule);
    tx.commit();
  }
  return list_rules(control, context);
}

Response clear_rules(ControlContext& control, RequestContext&) {
  Transaction tx(control.environment.database);
  prediction_rules::clear(tx);
  tx.commit();
  return json_response(Json{{"rules", Json::array()}});
}

}  // namespace

std::span<const Operation<ControlContext>> prediction_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListPredictionRules", Method::Get, "/_emulator/predictions/rules"},
       list_rules,
       {"The answers set for predictions; the first that fits counts, one for the very image before one for "
        "any"}},
      {{"SetPredictionRules", Method::Put, "/_emulator/predictions/rules"},
       set_rules,
       {"Replaces them; image is the SHA-256 of a file", "rules",
        R"({"rules": [{"project": "Hemlock", "predictions": [{"tagName": "Hemlock", "probability": 0.9}]}]})"}},
      {{"ClearPredictionRules", Method::Delete, "/_emulator/predictions/rules"},
       clear_rules,
       {"Lets the models answer again"}},
  };
  return operations;
}

}  // namespace cvemu::control
