// A project handed from one resource to another: a token on one side, a copy on the other.
#include "base/url.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/jobs/jobs.h"
#include "runtime/job_payloads.h"
#include "runtime/scheduler.h"
#include "store/customvision/workspaces.h"

namespace cvemu::customvision {

namespace {

// Azure: 5081 for 10 images (recorded). Emulator: a straight line through it.
std::int64_t estimated_ms(std::int64_t images) {
  return 5001 + 8 * images;
}

Response export_project(CustomVision& state, RequestContext& context) {
  wire::ProjectExport copy;
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  if (iterations::any_in_training(tx, project.id)) throw errors::export_while_training();
  const WorkspaceCounts counts = workspaces::counts(tx, project.id);
  copy.images = counts.images;
  copy.regions = counts.regions;
  // Azure: 2 tags and one trained iteration count as 4 tags; version 3.2 counted the workspace among the
  // iterations, too (recorded).
  copy.tags = workspaces::count_tag_rows(tx, project.id);
  copy.iterations = iterations::count(tx, project.id) + (version_of(context) == ApiVersion::V3_2 ? 1 : 0);
  copy.estimated_import_ms = estimated_ms(counts.images);
  state.files.put_project_export(tx, project.id, wire::project_export_note(project.id), context.at());
  tx.commit();
  copy.token = state.files.project_export_link(context.exchange, project.id);
  JsonWriter json;
  wire::write(json, copy);
  return json_response(json);
}

// The project behind a token, which must still be valid. Emulator: the note behind it names the project,
// so a token is good for the emulator that made it, and for what the project holds when it is imported.
Uuid exported_project(CustomVision& state, const std::string& token) {
  const auto url = Url::parse(token);
  if (!url || url->path.find("/prjexp-") == std::string::npos) throw errors::import_token();
  try {
    const Response note = state.environment.transport.send(*url, Request{Method::Get, "", {}}, "");
    if (note.status != 200) throw errors::import_token();
    const auto project = wire::read_project_export_note(std::get<std::string>(note.body));
    if (!project) throw errors::import_token();
    return *project;
  } catch (const TransportError&) {
    throw errors::import_token();
  }
}

// Azure: the old name and " (1)"; a name of one's own from 3.3 on.
std::string name_of_copy(const RequestContext& context, const Project& source) {
  if (version_of(context) >= ApiVersion::V3_3)
    if (const auto name = context.query().find_nonempty("name")) return std::string(*name);
  return source.name + " (1)";
}

// Emulator: an import takes as long as an export, and leaves the source's storage URIs behind.
Response import_project(CustomVision& state, RequestContext& context) {
  const Uuid source_id = exported_project(state, required_query(context, "token"));
  Transaction tx(state.environment.database);
  const auto source = projects::find(tx, source_id);
  if (!source) throw errors::import_token();
  require_room_for_project(tx, state);
  Project project = *source;
  project.id = state.environment.ids.uuid();
  project.name = name_of_copy(context, *source);
  project.settings.export_container_uri.reset();
  project.settings.notification_queue_uri.reset();
  project.created = project.modified = project.workspace_opened = context.at();
  project.status = ProjectStatus::Importing;
  project.thumbnail.reset();
  projects::insert(tx, project);
  // Whose outcomes count is the source's: nobody knows the copy's id yet.
  operations::start(tx, state.environment.scheduler,
                    {OperationKind::Import, source->id, context.at(), state.options.export_time,
                     FinishImport{project.id, source->id}.to_json()});
  tx.commit();
  return project_response(state, context, project);
}

}  // namespace

std::span<const Operation<CustomVision>> project_copy_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"ExportProject",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/export",
        "",
        {.key = Access::Key::Training, .since = "v3.2"}},
       export_project},
      {{"ImportProject",
        Method::Post,
        "/customvision/{version}/training/projects/import",
        "",
        {.key = Access::Key::Training, .since = "v3.2"}},
       import_project},
  };
  return operations;
}

}  // namespace cvemu::customvision
