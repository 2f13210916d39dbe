// Projects at a glance: their settings, iterations and exports.
#include "store/customvision/projects.h"
#include "base/times.h"
#include "control/context.h"
#include "control/describe.h"
#include "control/json.h"
#include "control/resolve.h"

namespace cvemu::control {

namespace {

Json describe_project(Transaction& tx, const Project& project) {
  const ProjectSettings& settings = project.settings;
  Json iterations = Json::array();
  for (const Iteration& iteration : iterations::list(tx, project.id))
    iterations.push_back(describe(tx, iteration));
  return {{"id", project.id.text()},
          {"name", project.name},
          {"description", project.description},
          {"status", to_text(project.status)},
          {"createdAt", times::iso_millis(project.created)},
          {"settings",
           {{"domainId", settings.domain.text()},
            {"classificationType", text_or_null(to_text(settings.classification_type))},
            {"notificationQueueUri", text_or_null(settings.notification_queue_uri)},
            {"exportModelContainerUri", text_or_null(settings.export_container_uri)}}},
          {"iterations", iterations}};
}

Response list_projects(ControlContext& control, RequestContext& context) {
  const auto named = context.query().find_nonempty("project");
  std::optional<Uuid> only;
  if (named) only = resolve_project(control.environment.database, *named, "project");
  Transaction tx(control.environment.database);
  Json all = Json::array();
  for (const Project& project : projects::list(tx))
    if (!only || project.id == *only) all.push_back(describe_project(tx, project));
  return json_response(Json{{"projects", all}});
}

}  // namespace

std::span<const Operation<ControlContext>> project_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListAllProjects", Method::Get, "/_emulator/projects"},
       list_projects,
       {"Every project, the newest first, or the one that is named, with settings, iterations and exports",
        "", "", "project"}},
  };
  return operations;
}

}  // namespace cvemu::control
