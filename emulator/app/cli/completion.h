// Completions for shells: each script has what can be said (app/cli/syntax.h) as tables, and a few lines that
// find out which command the line is about.
#pragma once
#include <string>
#include <vector>

#include "app/cli/syntax.h"

namespace cvemu::cli {

// `shell` is bash, zsh or fish; UsageError for another.
std::string completion_script(const std::string& shell, const std::vector<CommandSyntax>& all);

}  // namespace cvemu::cli
