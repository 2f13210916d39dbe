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
#include "app/cli/configuration.h"
#include "app/cli/options.h"
#include "app/cli/usage.h"
#include "app/service_manager.h"
#include "app/startup.h"
#include "app/termination.h"
#include "base/hashes.h"
#include "base/json_writer.h"
#include "base/sentence.h"
#include "base/system_errors.h"
#include "base/text.h"
#include "cvemu/emulator.h"
#include "db/database.h"

#include "app/commit.h"

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

std::error_code last_error() {
  return {errno, std::generic_category()};
}

std::error_code write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0) return last_error();
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// A file that says what was started: written whole and renamed into place, so that who sees it can read it;
// gone when the process ends. That it can be written is known before anything is started.
class Announcement {
 public:
  // A secret text is for the user of this process alone.
  Announcement(const char* option, std::string path, bool secret = false)
      : option_(option), path_(std::move(path)), draft_(path_ + ".tmp-" + std::to_string(getpid())) {
    if (path_.empty()) return;
    if (const std::string why = why_unwritable(path_); !why.empty()) refuse(why);
    std::remove(draft_.c_str());  // of one that was killed at its start
    file_ = ::open(draft_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? 0600 : 0666);
    if (file_ < 0) refuse(plain_reason(last_error()));
  }
  ~Announcement() {
    if (file_ >= 0) ::close(file_);
    if (!path_.empty()) std::remove((published_ ? path_ : draft_).c_str());
  }
  Announcement(const Announcement&) = delete;
  Announcement& operator=(const Announcement&) = delete;

  void publish(const std::string& text) {
    if (path_.empty()) return;
    if (const auto error = write_all(file_, text)) refuse(plain_reason(error));
    if (::rename(draft_.c_str(), path_.c_str()) != 0) refuse(plain_reason(last_error()));
    published_ = true;
  }
  void withdraw() {
    if (published_) std::remove(path_.c_str());
    published_ = false;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw StartError(StartError::Kind::Usage, option_ + ": cannot write " + path_ + ": " + why);
  }

  const std::string option_, path_, draft_;
  int file_ = -1;
  bool published_ = false;
};

// Ends this process when its parent ends, also if that happened already.
void follow_parent() {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) kill(getpid(), SIGTERM);
}

bool is_azurite(const char* program) {
  return program && std::filesystem::path(program).filename() == "azurite";
}

// The address that it was told, 0.0.0.0, too, as Azurite does.
void print_azurites_line(const char* service, const Options& options, const std::string& own_host, int port) {
  const std::string& host = own_host.empty() ? options.host : own_host;
  const bool in_brackets = host.find(':') != std::string::npos;
  std::printf("Azurite %s service is successfully listening at %s://%s:%d\n", service,
              options.certificate.empty() ? "http" : "https",
              in_brackets ? ('[' + host + ']').c_str() : host.c_str(), port);
}

// What waits for Azurite waits for three lines.
void print_azurites_banner(const Emulator& emulator, const Options& options) {
  print_azurites_line("Blob", options, options.blob_host, emulator.blob_port());
  print_azurites_line("Queue", options, options.queue_host, emulator.queue_port());
  print_azurites_line("Table", options, options.table_host, emulator.table_port());
  std::printf("The table endpoint answers 501 to every request: tables are not emulated\n");
}

// Test frameworks wait for the words "Blob service is successfully listening at".
void print_banner(const Emulator& emulator, const Options& options) {
  std::printf("cvemu %s\n", kVersion);
  std::printf("Custom Vision service is successfully listening at %s\n",
              emulator.training_endpoint().c_str());
  if (options.table_port) {
    print_azurites_banner(emulator, options);
    std::fflush(stdout);
    return;
  }
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
  const bool secret = !arguments.options.control_token.empty();
  Announcement environment("--env-file", arguments.env_file);
  Announcement file("--ready-file", arguments.ready_file, secret);
  Emulator emulator(arguments.options);
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  // The banner comes first: what follows asks the emulator, which may log it.
  if (arguments.output == "text") print_banner(emulator, arguments.options);
  termination.begin_serving();
  const std::string ready = ready_json(emulator, ms);
  environment.publish(emulator.control().call("GET", "/_emulator/connection?format=dotenv"));
  file.publish(with_token(ready, arguments.options.control_token) + '\n');
  if (arguments.output == "json") {
    std::printf("%s\n", ready.c_str());
    std::fflush(stdout);
  }
  tell_service_manager("READY=1");
  make_log(arguments.options).info("cvemu ends: " + termination.wait(emulator, arguments.idle_limit));
  tell_service_manager("STOPPING=1");
  file.withdraw();
  environment.withdraw();
  return 0;
}

// Once, on stderr: what a line that was made for Azurite says in vain.
void name_ignored(const Arguments& arguments) {
  if (arguments.ignored.empty()) return;
  const bool many = arguments.ignored.size() > 1;
  cli::complain(join(arguments.ignored, ", ") + (many ? " are options" : " is an option") +
                " of Azurite's and without effect here");
}

std::string version_text() {
#ifdef __OPTIMIZE__
  constexpr const char* kBuild = "optimized";
#else
  constexpr const char* kBuild = "not optimized";
#endif
  return std::string("cvemu ") + kVersion + "\ncommit " + kCommit + ", " + kBuild + "\n" +
         Database::library_version() + ", " + crypto_library_version();
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
  arguments.as_azurite = argc > 0 && is_azurite(argv[0]);
  CLI::App app("An offline emulator of Azure Custom Vision with its storage queues and blobs.", "cvemu");
  app.set_version_flag("-v,--version", version_text(), "Print the version and exit");
  cli::add_options(app, arguments);
  // "cvemu serve ..." is the same as "cvemu ...".
  const auto serve_command = app.add_subcommand("serve", "Run the emulator (the default)");
  serve_command->fallthrough();
  const cli::Commands commands(app, arguments);
  app.allow_extras();
  try {
    cli::name_variables(app);
    cli::read_config_file(app, argc, argv);
    app.parse(argc, argv);
    if (const std::string wrong = cli::explain_rest(app); !wrong.empty()) return wrong_usage(wrong);
    if (arguments.list_operations) {
      if (!app.get_subcommands().empty())
        return wrong_usage("--list-operations and a command: one thing a line");
      std::cout << operations_json() << "\n";
      return 0;
    }
    if (const auto code = commands.run()) return *code;
    cli::finish_options(arguments);
    cli::warn_of_unknown_variables(app);
    name_ignored(arguments);
    return serve(arguments, begin);
  } catch (const CLI::Success& request) {  // --help, --version
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    return wrong_usage(cli::explain(app, error));
  } catch (const StartError& error) {
    cli::complain(error.what());
    return static_cast<int>(error.kind);
  } catch (const std::exception& error) {
    cli::complain(sentence_of(error));
    return kInternalError;
  }
}
