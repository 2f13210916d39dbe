// The program: arguments and environment in, banner and exit code out. Everything else is the library's.
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include "app/cli/commands.h"
#include "app/cli/complaints.h"
#include "app/cli/options.h"
#include "app/termination.h"
#include "base/json_writer.h"
#include "base/spelling.h"
#include "cvemu/emulator.h"
#include "db/database.h"

namespace {

using namespace cvemu;
using cli::Arguments;

// Exit codes 2 to 5 are StartError's.
constexpr int kInternalError = 1, kWrongUsage = 2;

// What the connection route says, with a few words before.
std::string ready_json(Emulator& emulator, long startup_ms) {
  JsonWriter json;
  json.begin_object().field("event", "ready").field("version", kVersion);
  json.field("pid", static_cast<std::int64_t>(getpid())).field("startupMs", startup_ms);
  return json.take() + ',' + emulator.control().call("GET", "/_emulator/connection").substr(1);
}

// The commands find the control token in the ready file; what is printed may be kept by anybody and has none.
std::string with_token(std::string ready, const std::string& token) {
  if (token.empty()) return ready;
  JsonWriter json;
  ready.back() = ',';
  return ready + json.begin_object().field("controlToken", token).end_object().take().substr(1);
}

void write_new_file(const std::string& path, const std::string& text, mode_t mode) {
  std::remove(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  std::size_t done = 0;
  while (file >= 0 && done < text.size()) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  const bool closed = file >= 0 && ::close(file) == 0;
  if (!closed || done < text.size()) throw std::system_error(errno, std::generic_category());
}

// Written whole and renamed into place, so that who sees it can read it; gone when the process ends.
class Announcement {
 public:
  // A secret text is for the user of this process alone.
  Announcement(const char* option, std::string path, const std::string& text, bool secret = false)
      : path_(std::move(path)) {
    if (path_.empty()) return;
    const std::string draft = path_ + ".tmp";
    try {
      write_new_file(draft, text, secret ? 0600 : 0666);
      std::filesystem::rename(draft, path_);
    } catch (const std::system_error& error) {
      throw StartError(StartError::Kind::Usage,
                       std::string(option) + ": cannot write " + path_ + ": " + error.code().message());
    }
  }
  ~Announcement() {
    if (!path_.empty()) std::remove(path_.c_str());
  }

 private:
  const std::string path_;
};

// Ends this process when its parent ends, also if that happened already.
void follow_parent() {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) kill(getpid(), SIGTERM);
}

// Test frameworks wait for the words "Blob service is successfully listening at".
void print_banner(const Emulator& emulator) {
  std::printf("cvemu %s\n", kVersion);
  std::printf("Custom Vision service is successfully listening at %s\n",
              emulator.training_endpoint().c_str());
  std::printf("Blob service is successfully listening at %s\n", emulator.blob_endpoint().c_str());
  std::printf("Queue service is successfully listening at %s\n", emulator.queue_endpoint().c_str());
  std::fflush(stdout);
}

// Buffers of large bodies are kept for the next ones, instead of being returned to the system and faulted in
// anew each time: twice the speed of uploads of 1 MiB. The library leaves that to its host.
void keep_large_buffers() {
  ::mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
}

// Each connection has a descriptor: as many as the system grants, not the 1024 that shells begin with.
void take_all_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const Arguments& arguments, std::chrono::steady_clock::time_point begin) {
  Termination termination;
  if (arguments.exit_with_parent) follow_parent();
  keep_large_buffers();
  take_all_descriptors();
  Database::stop_counting_memory();
  Emulator emulator(arguments.options);
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  // The banner comes first: what follows asks the emulator, which may log it.
  if (arguments.output == "text") print_banner(emulator);
  const std::string ready = ready_json(emulator, ms);
  const Announcement environment("--env-file", arguments.env_file,
                                 emulator.control().call("GET", "/_emulator/connection?format=dotenv"));
  const Announcement file("--ready-file", arguments.ready_file,
                          with_token(ready, arguments.options.control_token) + '\n',
                          !arguments.options.control_token.empty());
  if (arguments.output == "json") {
    std::printf("%s\n", ready.c_str());
    std::fflush(stdout);
  }
  termination.wait(emulator, arguments.idle_limit);
  return 0;
}

// Of the commands, if it is not written like an option.
std::string nearest_name(const CLI::App& app, const std::string& wrong) {
  std::vector<std::string> names;
  if (!wrong.starts_with('-')) {
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return nearest_word(wrong, names);
  }
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return nearest_word(wrong.substr(0, wrong.find('=')), names);
}

int wrong_usage(const std::string& text) {
  cli::complain(text);
  return kWrongUsage;
}

[[noreturn]] void end_of_all() {
  cli::complain(cli::text_of(std::current_exception()));
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  const auto begin = std::chrono::steady_clock::now();
  std::set_terminate(end_of_all);
  Arguments arguments;
  arguments.options.port = 10003;
  arguments.options.blob_port = 10000;
  arguments.options.queue_port = 10001;
  CLI::App app("An offline emulator of Azure Custom Vision with its storage queues and blobs.", "cvemu");
  app.set_version_flag("-v,--version", kVersion);
  cli::add_options(app, arguments);
  // "cvemu serve ..." is the same as "cvemu ...".
  const auto serve_command = app.add_subcommand("serve", "Run the emulator (the default)");
  serve_command->fallthrough();
  const cli::Commands commands(app, arguments.ready_file, arguments.options.control_token);
  app.allow_extras();
  try {
    app.parse(argc, argv);
    for (const std::string& extra : app.remaining(true))
      return wrong_usage("unknown " + std::string(extra.starts_with('-') ? "option" : "command") +
                         cli::repeated(extra) + "; did you mean " + nearest_name(app, extra) + "?");
    if (arguments.list_operations) {
      if (!app.get_subcommands().empty())
        return wrong_usage("--list-operations and a command: one thing a line");
      std::cout << operations_json() << "\n";
      return 0;
    }
    if (const auto code = commands.run()) return *code;
    cli::finish_options(arguments);
    return serve(arguments, begin);
  } catch (const CLI::Success& request) {  // --help, --version
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    return wrong_usage(error.what());
  } catch (const StartError& error) {
    cli::complain(error.what());
    return static_cast<int>(error.kind);
  } catch (const std::exception& error) {
    cli::complain(error.what());
    return kInternalError;
  }
}
