#include <algorithm>

#include "base/text.h"
#include "customvision/jobs.h"
#include "customvision/limits.h"
#include "customvision/operations.h"
#include "customvision/training_rules.h"

namespace cvemu::customvision {

namespace {

Response answer(const Iteration& iteration, RequestContext& context) {
  JsonWriter json;
  wire::write(json, iteration, version_of(context));
  return json_response(json);
}

std::string training_type_in_query(const RequestContext& context) {
  const auto text = context.query().find_nonempty("trainingType");
  if (!text || iequals(*text, "Regular")) return "Regular";
  if (iequals(*text, "Advanced")) return "Advanced";
  throw errors::unknown_training_type(*text);
}

Iteration next_iteration(CustomVision& state, RequestContext& context, const Project& project,
                         const wire::TrainingParameters& parameters) {
  Iteration iteration;
  iteration.id = state.environment.ids.uuid();
  iteration.project = project.id;
  iteration.name = "Iteration " + std::to_string(project.iteration_counter);
  iteration.created = project.workspace_opened;
  iteration.modified = iteration.started = context.at();
  iteration.domain = project.settings.domain;
  iteration.classification_type = project.settings.classification_type;
  iteration.training_type = training_type_in_query(context);
  iteration.reserved_budget_hours = query_integer(context, "reservedBudgetInHours", 0, 0, INT32_MAX);
  if (iteration.training_type == "Advanced" && iteration.reserved_budget_hours == 0)
    throw errors::reserved_budget_missing();
  iteration.base_model = parameters.base_model;
  return iteration;
}

Response train_project(CustomVision& state, RequestContext& context) {
  const wire::TrainingParameters parameters = wire::read_training_parameters(small_body(context));
  const bool force = query_boolean(context, "forceTrain", false);

  Transaction tx(state.environment.database);
  Project project = require_project(tx, context);
  Iteration iteration = next_iteration(state, context, project, parameters);
  if (iterations::any_in_training(tx, project.id)) throw errors::training_in_progress();
  const std::vector<Tag> selected = select_tags(tags::list(tx, project.id), parameters.selected_tags);
  require_trainable(project, selected);
  if (!project.changed && !force) throw errors::training_not_needed();

  iteration.labels = labels_of(selected);
  iterations::insert(tx, iteration);
  ++project.iteration_counter;
  project.workspace_opened = context.at();
  project.changed = false;
  projects::update(tx, project);
  state.environment.scheduler.at(tx, context.at() + state.options.training_time, jobs::kFinishTraining,
                                 jobs::finish_training(project.id, iteration.id));
  tx.commit();
  return answer(iteration, context);
}

Response get_iteration(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  return answer(require_iteration(tx, context, project.id), context);
}

Response get_iterations(CustomVision& state, RequestContext& context) {
  std::vector<Iteration> all;
  {
    Transaction tx(state.environment.database);
    all = iterations::list(tx, require_project(tx, context).id);
  }
  JsonWriter json;
  json.begin_array();
  for (const Iteration& iteration : all) wire::write(json, iteration, version_of(context));
  json.end_array();
  return json_response(json);
}

constexpr Operation<CustomVision> kOperations[] = {
    {{"TrainProject", Method::Post, "/customvision/{version}/training/projects/{projectId}/train", "",
      "training v3.0"},
     train_project},
    {{"GetIterations", Method::Get, "/customvision/{version}/training/projects/{projectId}/iterations", "",
      "training v3.0"},
     get_iterations},
    {{"GetIteration", Method::Get,
      "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}", "", "training v3.0"},
     get_iteration},
};

}  // namespace

std::span<const Operation<CustomVision>> iteration_operations() { return kOperations; }

}  // namespace cvemu::customvision
