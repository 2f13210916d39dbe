// "Did you mean ...?": the known word that a wrong one is a slip of.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cvemu {

// By the least number of letters to add, drop, change or swap with their neighbour, whatever the case; the
// first of equals. "" if no word is near: more than a third of the letters (of the longer one) would change.
std::string nearest_word(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace cvemu
