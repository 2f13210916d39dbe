#include "control/resolve.h"

#include "base/text.h"
#include "control/json.h"

namespace cvemu::control {

namespace {

ApiError ambiguous(std::string_view name, const Project& first, const Project& second, std::string_view at) {
  return bad_field("AmbiguousName",
                   "Two projects are named \"" + std::string(name) + "\": " + first.id.text() + " and " +
                       second.id.text() + ". Name one by its id.",
                   std::string(at));
}

}  // namespace

std::optional<Project> find_project(Transaction& tx, std::string_view id_or_name, std::string_view at) {
  if (const auto id = Uuid::parse(id_or_name)) return projects::find(tx, *id);
  std::optional<Project> found;
  for (Project& project : projects::list(tx)) {
    if (!iequals(project.name, id_or_name)) continue;
    if (found) throw ambiguous(id_or_name, *found, project, at);
    found = std::move(project);
  }
  return found;
}

ApiError unknown_project(Transaction& tx, std::string_view id_or_name, std::string_view at) {
  std::vector<std::string> names;
  for (Project& project : projects::list(tx)) names.push_back(std::move(project.name));
  ApiError error = bad_field("UnknownProject", "There is no project \"" + std::string(id_or_name) + "\".",
                             std::string(at));
  suggest(error, id_or_name, names);
  return error;
}

Uuid resolve_project(Database& database, std::string_view id_or_name, std::string_view at) {
  Transaction tx(database);
  const auto project = find_project(tx, id_or_name, at);
  if (!project) throw unknown_project(tx, id_or_name, at);
  return project->id;
}

bool is_named(const Iteration& iteration, std::string_view id_or_name) {
  return id_or_name.empty() || iequals(iteration.id.text(), id_or_name) ||
         iequals(iteration.name, id_or_name);
}

ApiError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known) {
  ApiError error = not_found("There is no " + std::string(kind) + " \"" + std::string(name) + "\".");
  suggest(error, name, known);
  return error;
}

void require_account(const ControlContext& control, std::string_view account) {
  if (control.endpoints.accounts.find(account)) return;
  std::vector<std::string> known;
  for (const Account& one : control.endpoints.accounts) known.push_back(one.name);
  throw unknown_name("storage account", account, known);
}

std::int64_t whole_parameter(const Query& query, std::string_view name, std::int64_t fallback) {
  const auto text = query.find_nonempty(name);
  if (!text) return fallback;
  const auto value = parse_int(*text);
  if (!value || *value < 0) throw bad_field("InvalidParameter", "Must be a whole number.", std::string(name));
  return *value;
}

}  // namespace cvemu::control
