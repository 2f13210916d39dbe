#include "control/query.h"

#include <algorithm>

#include "base/text.h"
#include "http/json_fields.h"

namespace cvemu::control {

std::vector<std::string_view> names_in(std::string_view list) {
  std::vector<std::string_view> names;
  for (const std::string_view word : split(list, ','))
    if (!trim(word).empty()) names.push_back(trim(word));
  return names;
}

void check_query(const Query& query, std::string_view accepted) {
  const std::vector<std::string_view> names = names_in(accepted);
  for (const auto& [name, value] : query.all()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string said = '"' + name + '"';
    ApiError error = json_fields::bad_field(
        "UnknownField",
        names.empty() ? "This route has no parameters in its query, and so no " + said + "."
                      : "The query of this route has no parameter " + said + ".",
        name);
    json_fields::suggest(error, name, {names.begin(), names.end()});
    throw error;
  }
}

}  // namespace cvemu::control
