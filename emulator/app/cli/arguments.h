// How the table of commands writes an argument, and what becomes of it: a piece of the path, a parameter of
// the query, or a field of the JSON body.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cvemu::cli {

// "name": an option. "<name>": it stands without a name, and has to be there. "<name>?": it may be left out.
// "name!": a flag. "name*": repeatable. "name@": a JSON value, such as 5 or true. "name=value": has a
// default.
struct Argument {
  explicit Argument(std::string_view written);

  std::string name, fallback;
  bool positional = false, required = false, flag = false, repeatable = false, json = false;
};

// Parted by blanks.
std::vector<Argument> arguments_of(std::string_view list);

}  // namespace cvemu::cli
