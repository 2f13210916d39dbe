// JSON as people read it on a terminal: a table for a list, lines "name: value" for an object.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace cvemu::cli {

inline constexpr std::size_t kAnyWidth = 0;

// On one line and without what a terminal would obey: control characters, and those that turn the direction
// of writing, are written as \n or \u001b.
std::string harmless(std::string_view text);
// How many columns of a terminal a harmless text takes.
std::size_t width_of(std::string_view text);
// The beginning that fits into so many columns; what is left out is shown by "...".
std::string cut_to(std::string_view text, std::size_t width);

// A header line, and a line for each object of the list. A column is the name of a member, or of a member of
// a member: "settings/domainId". Widths are those of the longest cells; if a line would be longer than
// `width`, cells are cut, from the last column on: what matters most stands first.
std::string table_of(const Json& list, const std::vector<std::string>& columns, std::size_t width);

// A line for each value in the object, at any depth: "options.port: 10003". Nothing is cut. The member
// `but` is left out.
std::string lines_of(const Json& object, std::string_view but = {});

}  // namespace cvemu::cli
