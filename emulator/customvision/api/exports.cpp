#include <algorithm>

#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/jobs/jobs.h"
#include "exporting/archive.h"
#include "runtime/job_payloads.h"

namespace cvemu::customvision {

namespace {

std::string link_of(CustomVision& state, RequestContext& context, const Uuid& project, const Export& entry) {
  return entry.status == ExportStatus::Done ? state.files.model_link(context.exchange, project, entry) : "";
}

exporting::ExportFormat requested_format(const RequestContext& context) {
  const std::string platform = required_query(context, "platform");
  const std::string flavor(context.query().find_nonempty("flavor").value_or(""));
  const auto format = exporting::known_format(platform, flavor);
  if (!format || canonical_platform(format->platform, version_of(context)).empty())
    throw errors::export_not_supported("There is no export to platform \"" + platform + "\" with flavor \"" +
                                       flavor + '"');
  return *format;
}

void require_exportable(const Iteration& iteration, const std::string& platform) {
  if (iteration.status != IterationStatus::Completed) throw errors::iteration_not_trained();
  const Domain* domain = find_domain(iteration.domain);
  if (!domain || !domain->exportable())
    throw errors::export_not_supported("Only iterations trained on a compact domain can be exported");
  if (!domain->exports_to(platform))
    throw errors::export_not_supported("The domain " + std::string(domain->name) + " does not export to " +
                                       platform);
}

Response export_iteration(CustomVision& state, RequestContext& context) {
  const exporting::ExportFormat format = requested_format(context);
  Export entry;
  entry.platform = format.platform;
  entry.flavor = format.flavor;
  entry.requested = context.at();

  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Iteration iteration = require_iteration(tx, context, project.id);
  entry.iteration = iteration.id;
  require_exportable(iteration, entry.platform);
  // Azure: the same platform and flavor once per iteration, also after it is done (service engineers in
  // public issues). Emulator: a failed one may be asked for again.
  const auto before = exports::find(tx, iteration.id, entry.platform, entry.flavor);
  if (before && before->status != ExportStatus::Failed) throw errors::export_already_queued(iteration.id);
  exports::put(tx, entry);
  operations::start(tx, state.environment.scheduler,
                    {OperationKind::Export, project.id, context.at(), state.options.export_time,
                     FinishExport{project.id, iteration.id, entry.platform, entry.flavor}.to_json()});
  tx.commit();
  JsonWriter json;
  wire::write(json, entry, "");
  return json_response(json);
}

Response get_exports(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Iteration iteration = require_iteration(tx, context, project.id);
  JsonWriter json;
  json.begin_array();
  bool pending = false;
  for (const Export& entry : exports::list(tx, iteration.id)) {
    wire::write(json, entry, link_of(state, context, project.id, entry));
    pending |= entry.status == ExportStatus::Exporting;
  }
  json.end_array();
  Response response = json_response(json);
  response.shows_pending = pending;
  return response;
}

}  // namespace

std::span<const Operation<CustomVision>> export_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"ExportIteration",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/export",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       export_iteration},
      {{"GetExports",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/export",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_exports},
  };
  return operations;
}

}  // namespace cvemu::customvision
