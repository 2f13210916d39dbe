// The manual page, made of what can be said (app/cli/syntax.h).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/syntax.h"

namespace cvemu::cli {

// Section 1, in the macros of man(7). The same for the same version: it has no date.
std::string man_page(std::string_view version, const std::vector<CommandSyntax>& all);

}  // namespace cvemu::cli
