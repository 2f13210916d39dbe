// What can be said on the command line, as data: completions and the manual page are made of it. It is read
// from the same options and commands that --help shows.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cvemu::cli {

// An option, or an argument that stands without a name.
struct Parameter {
  std::vector<std::string> names;  // "-l", "--location"; of an argument its own name alone
  std::string value;               // "TEXT", "FILE" or "FOLDER"; "" for a flag
  std::string help, variable, fallback;
  std::vector<std::string> words;  // what its value can be, if these are few
  bool required = false, repeatable = false;
};

struct CommandSyntax {
  std::string name;  // "faults add"; "" for the program itself
  std::string help;
  std::vector<Parameter> options, arguments;
  std::vector<std::string> children;  // the last words of its commands
  bool takes_options_of_program = false;
};

// The program first, then its commands, each before its own.
std::vector<CommandSyntax> syntax_of(CLI::App& program);

}  // namespace cvemu::cli
