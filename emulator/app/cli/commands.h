// What can be said to a running emulator from the command line: each command is one call of a control route,
// and one row of the table in table.cpp. It is found by --url or --ready-file, else by CVEMU_URL or
// CVEMU_READY_FILE.
#pragma once
#include <cvemu/control.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cvemu::cli {

// Codes 2 to 4 are StartError's; 5 is, too: a file that cannot be used.
enum ExitCode { kDone = 0, kRefused = 1, kWrongUsage = 2, kWrongFile = 5, kNotReady = 6, kUnmet = 7 };

struct Argument;
struct Arguments;  // options.h
struct Command;    // table.h

class Commands {
 public:
  // Adds the subcommands. They go by the program's own options --ready-file, --control-token and --output, as
  // the line has them, too; all outlive this object.
  Commands(CLI::App& app, const Arguments& arguments);
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  // Runs the command that was given and answers the exit code; nullopt if none was.
  std::optional<int> run() const;

 private:
  using Values = std::map<std::string, std::vector<std::string>>;
  struct Given {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    Values values;  // of the command's arguments, by name
  };

  void add(CLI::App& app, const Command& command);
  void add_emulator_options(CLI::App& app);
  static void add_argument(Given& given, const Argument& argument);
  int run(const Given& given) const;
  static int help(const Given& given);
  static int print_man_page(const Given& given);
  static int print_completion(const Given& given);
  bool is_for_people(const Given& given) const;
  void print(const Given& given, const std::string& answer) const;
  std::string ask(const Given& given) const;  // the route's answer
  int call(const Given& given) const;
  int wait(const Given& given) const;
  // Where the emulator is and its token, as options, environment or the ready file say; no URL: there is no
  // ready file yet.
  struct Target {
    std::string url, token, ready_file;
  };
  Target find() const;
  static Target read_target(const std::string& name, const std::string& token, const std::string& fallback);

  const Arguments& arguments_;
  std::string url_, own_ready_file_, own_token_, own_output_;
  std::deque<Given> given_;  // every command; its arguments are filled when it is the one
};

}  // namespace cvemu::cli
