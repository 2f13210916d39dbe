// The query of a control request, held against what the row of its route says (Doc::query).
#pragma once
#include <string_view>
#include <vector>

#include "base/url.h"

namespace cvemu::control {

// The names in a list of a Doc: "format, limit".
std::vector<std::string_view> names_in(std::string_view list);
// 400 for a parameter that is not in `accepted`; says what there is, and what may have been meant.
void check_query(const Query& query, std::string_view accepted);

}  // namespace cvemu::control
