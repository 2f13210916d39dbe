#include <algorithm>

#include "base/enum_text.h"
#include "base/text.h"
#include "customvision/api/request_reader.h"
#include "customvision/jobs/jobs.h"
#include "customvision/limits.h"
#include "customvision/model/training_rules.h"
#include "runtime/job_payloads.h"
#include "store/customvision/workspaces.h"

namespace cvemu::customvision {

namespace {

Response answer(const Iteration& iteration, RequestContext& context) {
  JsonWriter json;
  wire::write(json, iteration, version_of(context));
  return json_response(json);
}

TrainingType training_type_in_query(const RequestContext& context) {
  const auto text = context.query().find_nonempty("trainingType");
  if (!text) return TrainingType::Regular;
  const auto type = parse_in_any_case<TrainingType>(*text);
  if (!type) throw errors::unknown_training_type(*text);
  return *type;
}

// Emulator: something before and after one "@", without blanks; the service's rule is not on record.
void check_email_address(const RequestContext& context) {
  const auto text = context.query().find_nonempty("notificationEmailAddress");
  if (!text) return;
  const auto at = text->find('@');
  const bool good = at != 0 && at != std::string_view::npos && at + 1 < text->size() &&
                    text->rfind('@') == at && text->find_first_of(" \t\r\n,;") == std::string_view::npos;
  if (!good) throw errors::email_address(*text);
}

// Azure: an advanced training needs a budget. Emulator: the one export platform taken as unfit is VAIDK,
// which documentation ties to one compact domain; the service's list is not on record.
void check_advanced(const Project& project, const Iteration& iteration) {
  if (iteration.training_type != TrainingType::Advanced) return;
  if (iteration.reserved_budget_hours == 0) throw errors::reserved_budget_missing();
  for (const std::string_view platform : split(project.settings.export_platforms, ','))
    if (platform == "VAIDK") throw errors::export_platform_in_advanced_training(platform);
}

void check_base_model(Transaction& tx, const Project& project, const wire::BaseModel& model) {
  if (!projects::find(tx, model.project)) throw errors::project_not_found(model.project);
  const auto base = iterations::find(tx, model.project, model.iteration);
  if (!base) throw errors::iteration_not_found();
  if (base->status != IterationStatus::Completed) throw errors::base_model_not_completed();
  if (base->domain != project.settings.domain) throw errors::base_model_of_another_domain();
}

Iteration next_iteration(CustomVision& state, RequestContext& context, const Project& project) {
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
  check_advanced(project, iteration);
  return iteration;
}

// Azure: the body came with 3.2, and the base model in it with 3.4-preview.
wire::TrainingParameters parameters_in_body(RequestContext& context) {
  if (version_of(context) < ApiVersion::V3_2) return {};
  wire::TrainingParameters parameters = wire::read_training_parameters(json_body(context));
  if (version_of(context) < ApiVersion::V3_4) parameters.base_model.reset();
  return parameters;
}

// The iteration keeps what it is trained on: the selected tags, and all images.
void keep_workspace(Transaction& tx, const Iteration& iteration, const std::vector<Tag>& selected) {
  workspaces::copy(tx, iteration.project, iteration.id, iteration.project);
  for (const Tag& tag : tags::list(tx, iteration.id)) {
    const bool stays =
        std::any_of(selected.begin(), selected.end(), [&](const Tag& one) { return one.id == tag.id; });
    if (!stays) tags::remove(tx, iteration.id, tag.id);
  }
}

Response train_project(CustomVision& state, RequestContext& context) {
  const wire::TrainingParameters parameters = parameters_in_body(context);
  const bool force = query_boolean(context, "forceTrain", false);
  check_email_address(context);

  Transaction tx(state.environment.database);
  Project project = require_open_project(tx, context);
  Iteration iteration = next_iteration(state, context, project);
  if (iterations::any_in_training(tx, project.id)) throw errors::training_in_progress();
  const std::vector<Tag> selected = select_tags(tags::list(tx, project.id), parameters.selected_tags);
  require_trainable(iteration, selected);
  if (parameters.base_model) {
    check_base_model(tx, project, *parameters.base_model);
    iteration.base_model = wire::to_json(*parameters.base_model);
  }
  if (!project.changed && !force) throw errors::training_not_needed();
  const std::int64_t limit = state.options.tier.iterations_per_project;
  if (iterations::count(tx, project.id) >= limit) throw errors::iteration_limit(limit);

  iterations::insert(tx, iteration);
  keep_workspace(tx, iteration, selected);
  ++project.iteration_counter;
  project.workspace_opened = context.at();
  project.changed = false;
  projects::update(tx, project);
  operations::start(tx, state.environment.scheduler,
                    {OperationKind::Training, project.id, context.at(), state.options.training_time,
                     FinishTraining{project.id, iteration.id}.to_json()});
  tx.commit();
  return answer(iteration, context);
}

bool is_pending(const Iteration& iteration) {
  return iteration.status == IterationStatus::Training;
}

Response get_iteration(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Iteration iteration = require_iteration(tx, context, project.id);
  Response response = answer(iteration, context);
  response.shows_pending = is_pending(iteration);
  return response;
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
  Response response = json_response(json);
  response.shows_pending = std::any_of(all.begin(), all.end(), is_pending);
  return response;
}

}  // namespace

std::span<const Operation<CustomVision>> iteration_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"TrainProject",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/train",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       train_project},
      {{"GetIterations",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_iterations},
      {{"GetIteration",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_iteration},
  };
  return operations;
}

}  // namespace cvemu::customvision
