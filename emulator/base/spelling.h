// "Did you mean ...?": the known word nearest to a wrong one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cvemu {

// By the least number of letters to add, drop or change, whatever the case; the first of equals. "" if
// `known` is empty.
std::string nearest_word(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace cvemu
