// The options of the program from elsewhere than its command line. The line goes before the environment, and
// the environment before a file.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace cvemu::cli {

// The variable of an option; "" if it has none.
std::string variable_of(const CLI::Option& option);

// Gives every option a variable that has none yet: --create-queue has CVEMU_CREATE_QUEUE. After all options.
void name_variables(CLI::App& app);

// What --config (CVEMU_CONFIG) names: lines NAME = VALUE with the long names of options, "#" for comments,
// and [a, b] for several. Sets the variables that are not set. Keys that no option has are named on standard
// error. StartError if the file cannot be read. Before the line is parsed, and before other threads.
void read_config_file(const CLI::App& app, int argc, const char* const* argv);

// Names on standard error each CVEMU_ variable that nothing reads, with the nearest that something does.
void warn_of_unknown_variables(const CLI::App& app);

}  // namespace cvemu::cli
