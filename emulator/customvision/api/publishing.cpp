// What can be done with an iteration that is trained: name it, publish it, delete it.
#include "base/text.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"

namespace cvemu::customvision {

namespace {

bool name_is_taken(Transaction& tx, const Iteration& iteration, const std::string& name) {
  for (const Iteration& other : iterations::list(tx, iteration.project))
    if (other.id != iteration.id && other.name == name) return true;
  return false;
}

// Azure: only the name can be changed, also while the iteration is published (recorded).
Response update_iteration(CustomVision& state, RequestContext& context) {
  const auto name = wire::read_iteration_name(json_body(context));
  Transaction tx(state.environment.database);
  Iteration iteration = require_iteration(tx, context, require_project(tx, context).id);
  if (!name || name->empty()) throw errors::iteration_name_missing();
  if (name_is_taken(tx, iteration, *name)) throw errors::iteration_name_taken(*name);
  iteration.name = *name;
  iteration.modified = context.at();
  iterations::update(tx, iteration);
  tx.commit();
  JsonWriter json;
  wire::write(json, iteration, version_of(context));
  return json_response(json);
}

// Azure: images found only in the iteration go with it (documentation).
Response delete_iteration(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Iteration iteration = require_iteration(tx, context, project.id);
  if (iteration.publish_name) throw errors::iteration_is_published(*iteration.publish_name);
  if (iteration.status == IterationStatus::Training) throw errors::iteration_in_training();
  // Without its latest training a project has something to learn again.
  if (iterations::list(tx, project.id).front().id == iteration.id) projects::mark_changed(tx, project.id);
  for (const Export& entry : exports::list(tx, iteration.id)) state.files.remove_model(tx, project.id, entry);
  iterations::remove(tx, iteration.id);
  for (const Uuid& image : images::remove_unused(tx, project.id))
    state.files.remove_image(tx, project.id, image);
  tx.commit();
  return no_content();
}

// Azure: predictionId is the resource's whole id; a bare GUID or name does not work (public reports).
bool is_resource_id(std::string_view text) {
  const std::string lower = to_lower(text);
  constexpr std::string_view kAccounts = "/providers/microsoft.cognitiveservices/accounts/";
  const auto accounts = lower.find(kAccounts);
  return lower.starts_with("/subscriptions/") && accounts != std::string::npos &&
         lower.size() > accounts + kAccounts.size();
}

void unpublish(Transaction& tx, Iteration& iteration, Instant now) {
  iteration.publish_name.reset();
  iteration.publish_resource.reset();
  iteration.modified = now;
  iterations::update(tx, iteration);
}

void free_publish_name(Transaction& tx, const RequestContext& context, const Uuid& project,
                       std::string_view name) {
  auto holder = iterations::find_published(tx, project, name);
  if (!holder) return;
  // Azure: overwrite came with 3.3.
  const bool overwrite =
      version_of(context) >= ApiVersion::V3_3 && query_boolean(context, "overwrite", false);
  if (!overwrite) throw errors::publish_name_taken(name);
  unpublish(tx, *holder, context.at());
}

Response publish_iteration(CustomVision& state, RequestContext& context) {
  const std::string name = required_query(context, "publishName"),
                    resource = required_query(context, "predictionId");
  if (!is_resource_id(resource)) throw errors::publish_target(resource);
  Transaction tx(state.environment.database);
  Iteration iteration = require_iteration(tx, context, require_project(tx, context).id);
  if (iteration.status != IterationStatus::Completed) throw errors::iteration_not_trained();
  // Azure: also with overwrite (public report).
  if (iteration.publish_name) throw errors::iteration_is_published(*iteration.publish_name);
  free_publish_name(tx, context, iteration.project, name);
  iteration.publish_name = name;
  iteration.publish_resource = resource;
  iteration.modified = context.at();
  iterations::update(tx, iteration);
  tx.commit();
  JsonWriter json;
  json.boolean(true);
  return json_response(json);
}

Response unpublish_iteration(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  Iteration iteration = require_iteration(tx, context, require_project(tx, context).id);
  if (!iteration.publish_name) throw errors::iteration_not_published();
  unpublish(tx, iteration, context.at());
  tx.commit();
  return no_content();
}

}  // namespace

std::span<const Operation<CustomVision>> publish_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"UpdateIteration",
        Method::Patch,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       update_iteration},
      {{"DeleteIteration",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_iteration},
      {{"PublishIteration",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/publish",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       publish_iteration},
      {{"UnpublishIteration",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/publish",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       unpublish_iteration},
  };
  return operations;
}

}  // namespace cvemu::customvision
