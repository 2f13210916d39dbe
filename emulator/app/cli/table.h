// The commands for a running emulator, one row each: which control route is called, and where its arguments
// go. What an argument means stands beside them, once for all commands that have it.
#pragma once
#include <span>
#include <string_view>

namespace cvemu::cli {

struct Command {
  const char* name;  // "faults add": a command of the command "faults", whose row stands before it
  const char *help, *method, *path;  // `path` holds names in braces
  // Arguments (app/cli/arguments.h) by where they go.
  const char* in_path = "";
  const char* in_query = "";
  const char* in_body = "";
  const char* file = "";    // "in": the argument FILE is the body; "out": the answer goes there
  bool offline = false;     // asks an emulator of its own: the answer is always the same
  bool has_base = false;    // FILE names folders: its own goes along as the parameter "base"
  const char* one_of = "";  // of these arguments one has to be there
};

struct Meaning {
  const char *command, *name;  // `command` "": of each that has no row of its own
  const char* help;
  const char* place = "";  // JSON pointer to its place in the body; "": the member of its name
  const char* words = "";  // that completions offer, parted by blanks
};

inline constexpr const char* kHelp = "help";
inline constexpr const char* kCompletion = "completion";
inline constexpr const char* kWait = "wait";
std::span<const Command> commands();
// Of an argument of a command. Each has one (table_test.cpp).
const Meaning& meaning_of(const Command& command, std::string_view name);

}  // namespace cvemu::cli
