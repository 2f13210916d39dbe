// The commands for a running emulator, one row each: which control route is called, and where its arguments
// go.
#pragma once
#include <span>

namespace cvemu::cli {

struct Command {
  const char* name;  // "faults add": a command of the command "faults", whose row stands before it
  const char *help, *method, *path;  // `path` holds names in braces
  // Arguments (app/cli/arguments.h) by where they go.
  const char* in_path = "";
  const char* in_query = "";
  const char* in_body = "";
  const char* file = "";  // "in": the argument FILE is the body; "out": the answer goes there
  bool offline = false;   // asks an emulator of its own: the answer is always the same
  bool has_base = false;  // FILE names folders: its own goes along as the parameter "base"
};

inline constexpr const char* kHelp = "help";
inline constexpr const char* kWait = "wait";
std::span<const Command> commands();

}  // namespace cvemu::cli
