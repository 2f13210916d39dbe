// What the environment says, where options of the line take the place of more than their own variable; all
// other variables stand with their options.
#pragma once
#include <cstdlib>
#include <string>

namespace cvemu::cli {

// "" if it is not set.
inline std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace cvemu::cli
