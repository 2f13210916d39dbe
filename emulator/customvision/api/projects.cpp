#include "base/enum_text.h"
#include "base/required.h"
#include "base/text.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/jobs/connection_test.h"
#include "customvision/limits.h"
#include "runtime/housekeeping.h"

namespace cvemu::customvision {

namespace {

// Azure: the seven methods, all on, in this order (recorded).
constexpr std::string_view kDefaultAugmentation =
    R"({"rotation":true,"scaling":true,"translation":true,"horizontal flip":true,"equalize":true,)"
    R"("solarize":true,"padtosquare":true})";

const Domain& domain_named(std::string_view text) {
  const auto id = Uuid::parse(text);
  const Domain* domain = id ? find_domain(*id) : nullptr;
  if (!domain) throw errors::unknown_domain(text);
  return *domain;
}

ClassificationType classification_named(std::string_view text) {
  const auto type = parse_in_any_case<ClassificationType>(text);
  if (!type) throw errors::unknown_classification(text);
  return *type;
}

std::string platforms_named(const std::vector<std::string>& names, ApiVersion version) {
  std::string joined;
  for (const std::string& name : names) {
    const std::string_view platform = canonical_platform(name, version);
    if (platform.empty()) throw errors::unsupported_export_platform(name);
    if (!joined.empty()) joined += ',';
    joined += platform;
  }
  return joined;
}

std::vector<std::string> platforms_in_query(const RequestContext& context) {
  std::vector<std::string> names;
  for (const auto& [key, value] : context.query().all()) {
    if (!iequals(key, "targetExportPlatforms")) continue;
    for (const std::string_view name : split(value, ','))
      if (!trim(name).empty()) names.emplace_back(trim(name));
  }
  return names;
}

}  // namespace

Response project_response(CustomVision& state, RequestContext& context, const Project& project) {
  const std::string thumbnail =
      project.thumbnail ? state.files.thumbnail_link(context.exchange, project.id, *project.thumbnail) : "";
  JsonWriter json;
  wire::write(json, project, thumbnail, version_of(context));
  return json_response(json);
}

void require_room_for_project(Transaction& tx, const CustomVision& state) {
  const std::int64_t limit = state.options.tier.projects;
  if (limit == limits::kAny) return;
  if (projects::count(tx) >= limit) throw errors::project_limit(limit);
}

namespace {

// Query parameters as in the how-to, or the optional body of 3.4-preview; the body wins.
wire::StorageUris requested_uris(RequestContext& context) {
  if (version_of(context) < ApiVersion::V3_3) return {};
  wire::StorageUris uris = wire::read_create_project_options(json_body(context));
  const auto from_query = [&](std::string_view name, std::optional<std::string>& uri) {
    const auto value = context.query().find_nonempty(name);
    if (!uri && value) uri = std::string(*value);
  };
  from_query("exportModelContainerUri", uris.export_container_uri);
  from_query("notificationQueueUri", uris.notification_queue_uri);
  return uris;
}

std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Response create_project(CustomVision& state, RequestContext& context) {
  const Query& query = context.query();
  Project project;
  project.id = state.environment.ids.uuid();
  project.name = query.find_nonempty("name").value_or("");
  if (project.name.empty()) throw errors::project_name_missing();
  project.description = query.find("description").value_or("");  // Azure: "" if omitted (recorded)
  const Domain& domain = domain_named(query.find_nonempty("domainId").value_or(kDefaultDomain));
  project.settings.domain = required(Uuid::parse(domain.id), "the domain's id");
  // Azure: Multilabel if nothing is asked for (recorded).
  const ClassificationType type = classification_named(
      query.find_nonempty("classificationType").value_or(to_text(ClassificationType::Multilabel)));
  if (!domain.is_detection()) project.settings.classification_type = type;
  project.settings.export_platforms = platforms_named(platforms_in_query(context), version_of(context));
  project.settings.augmentation = kDefaultAugmentation;
  project.created = project.modified = project.workspace_opened = context.at();

  const wire::StorageUris uris = requested_uris(context);
  {
    Transaction tx(state.environment.database);
    require_room_for_project(tx, state);  // before anything is sent
  }
  project.settings.export_container_uri = unless_empty(uris.export_container_uri.value_or(""));
  project.settings.notification_queue_uri = unless_empty(uris.notification_queue_uri.value_or(""));
  const ConnectionTest test =
      ConnectionTest::send(state, project.id, project.settings.export_container_uri.value_or(""),
                           project.settings.notification_queue_uri.value_or(""));

  Transaction tx(state.environment.database);
  require_room_for_project(tx, state);
  projects::insert(tx, project);
  test.schedule_removal(tx, context.at());
  tx.commit();
  return project_response(state, context, project);
}

Response get_project(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  return project_response(state, context, require_project(tx, context));
}

Response get_projects(CustomVision& state, RequestContext& context) {
  std::vector<Project> all;
  {
    Transaction tx(state.environment.database);
    all = projects::list(tx);
  }
  JsonWriter json;
  json.begin_array();
  for (const Project& project : all) {
    const std::string thumbnail =
        project.thumbnail ? state.files.thumbnail_link(context.exchange, project.id, *project.thumbnail) : "";
    wire::write(json, project, thumbnail, version_of(context));
  }
  json.end_array();
  return json_response(json);
}

void change_settings(Project& project, const wire::ProjectPatch& patch, ApiVersion version) {
  ProjectSettings& settings = project.settings;
  if (patch.domain_id) {
    const Domain& domain = domain_named(*patch.domain_id);
    const Domain* before = find_domain(settings.domain);
    if (before && before->is_detection() != domain.is_detection()) throw errors::domain_type_change();
    if (settings.domain.text() != domain.id) project.changed = true;
    settings.domain = required(Uuid::parse(domain.id), "the domain's id");
  }
  if (patch.classification_type && settings.classification_type) {
    const ClassificationType type = classification_named(*patch.classification_type);
    if (type != *settings.classification_type) project.changed = true;
    settings.classification_type = type;
  }
  if (patch.export_platforms) settings.export_platforms = platforms_named(*patch.export_platforms, version);
  if (patch.augmentation)
    settings.augmentation = wire::with_changes(settings.augmentation, *patch.augmentation);
}

void change_project(Project& project, const wire::ProjectPatch& patch, ApiVersion version) {
  if (patch.name) {
    if (patch.name->empty()) throw errors::project_name_missing();
    project.name = *patch.name;
  }
  if (patch.description) project.description = *patch.description;
  change_settings(project, patch, version);
}

void change_uri(std::optional<std::string>& uri, const std::optional<std::string>& wanted) {
  if (wanted) uri = unless_empty(*wanted);
}

// What has to be proved: a URI that is there and was not there before.
std::string newly_set(const std::optional<std::string>& wanted, const std::optional<std::string>& before) {
  return wanted && !wanted->empty() && wanted != before ? *wanted : "";
}

// Azure: a merge; what the body leaves out stays (recorded).
Response update_project(CustomVision& state, RequestContext& context) {
  wire::ProjectPatch patch = wire::read_project_patch(json_body(context));
  const ApiVersion version = version_of(context);
  // Azure: fields of later versions.
  if (version < ApiVersion::V3_3) patch.uris = {};
  if (version < ApiVersion::V3_1) patch.augmentation.reset();
  Project before;
  {
    Transaction tx(state.environment.database);
    before = require_project(tx, context);
  }
  Project trial = before;
  change_project(trial, patch, version);  // refuses bad values before anything is sent
  const ConnectionTest test = ConnectionTest::send(
      state, before.id, newly_set(patch.uris.export_container_uri, before.settings.export_container_uri),
      newly_set(patch.uris.notification_queue_uri, before.settings.notification_queue_uri));

  Transaction tx(state.environment.database);
  Project project = require_project(tx, context);  // as it is now: the test took a while
  change_project(project, patch, version);
  change_uri(project.settings.export_container_uri, patch.uris.export_container_uri);
  change_uri(project.settings.notification_queue_uri, patch.uris.notification_queue_uri);
  project.modified = context.at();
  projects::update(tx, project);
  test.schedule_removal(tx, context.at());
  tx.commit();
  return project_response(state, context, project);
}

Response delete_project(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  if (iterations::any_published(tx, project.id)) throw errors::project_has_published_iteration();
  state.files.remove_project(tx, project.id);
  projects::mark_deleted(tx, project.id);
  state.environment.housekeeping.wake();
  tx.commit();
  return no_content();
}

}  // namespace

std::span<const Operation<CustomVision>> project_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"CreateProject",
        Method::Post,
        "/customvision/{version}/training/projects",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_project},
      {{"GetProjects",
        Method::Get,
        "/customvision/{version}/training/projects",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_projects},
      {{"GetProject",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_project},
      {{"UpdateProject",
        Method::Patch,
        "/customvision/{version}/training/projects/{projectId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       update_project},
      {{"DeleteProject",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_project},
  };
  return operations;
}

}  // namespace cvemu::customvision
