#include "control/lookup.h"

#include "base/spelling.h"
#include "store/projects.h"

namespace cvemu::control {

Uuid find_project(Database& database, std::string_view id_or_name, std::string_view at) {
  const auto id = Uuid::parse(id_or_name);
  std::vector<std::string> names;
  Transaction tx(database);
  for (const Project& project : projects::list(tx)) {
    if (id ? project.id == *id : project.name == id_or_name) return project.id;
    names.push_back(project.name);
  }
  ApiError error = bad_field("UnknownProject", "There is no project \"" + std::string(id_or_name) + "\".",
                             std::string(at));
  if (!names.empty()) error.details.emplace_back("didYouMean", nearest_word(id_or_name, names));
  throw error;
}

}  // namespace cvemu::control
