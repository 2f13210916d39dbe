// What the values of the program's options must look like.
#pragma once
#include <CLI/CLI.hpp>

namespace cvemu::cli {

// Adds to every option of the app that takes a value: not blank, but for a password; and to those of the
// table in checks.cpp that their whole value is a number, a host or whatever they need, within its range.
// After the options.
void add_checks(CLI::App& app);

}  // namespace cvemu::cli
