#include "app/cli/options.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "app/cli/checks.h"
#include "app/cli/complaints.h"
#include "app/cli/environment.h"
#include "app/cli/usage.h"
#include "base/durations.h"
#include "base/system_errors.h"
#include "base/times.h"

namespace cvemu::cli {

namespace {

void add_endpoint_options(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  const auto port = whole_number(0, 65535);
  app.add_option("--host", options.host, "Address of all endpoints")
      ->envname("CVEMU_HOST")
      ->capture_default_str();
  app.add_option("--port", options.port, "Custom Vision and control; 0 = any free port")
      ->check(port)
      ->envname("CVEMU_PORT")
      ->capture_default_str();
  app.add_option("--blob-port,--blobPort", options.blob_port, "Blob service")
      ->check(port)
      ->envname("CVEMU_BLOB_PORT")
      ->capture_default_str();
  app.add_option("--queue-port,--queuePort", options.queue_port, "Queue service")
      ->check(port)
      ->envname("CVEMU_QUEUE_PORT")
      ->capture_default_str();
  app.add_option("--blob-host,--blobHost", options.blob_host, "Address of the blob endpoint, if another");
  app.add_option("--queue-host,--queueHost", options.queue_host, "Address of the queue endpoint, if another");
  app.add_option("--table-port,--tablePort", options.table_port,
                 "Opens a table endpoint, which answers 501; as azurite, it is open at 10002")
      ->check(port)
      ->envname("CVEMU_TABLE_PORT");
  app.add_option("--table-host,--tableHost", options.table_host,
                 "The same, at this address; without --table-port at 10002");
  app.add_option(
         "--public-url", options.public_url,
         "URL under which clients reach the Custom Vision endpoint, if another: http://localhost:49153")
      ->envname("CVEMU_PUBLIC_URL");
  app.add_option("--public-blob-url", options.public_blob_url, "The same for the blob endpoint")
      ->envname("CVEMU_PUBLIC_BLOB_URL");
  app.add_option("--public-queue-url", options.public_queue_url, "The same for the queue endpoint")
      ->envname("CVEMU_PUBLIC_QUEUE_URL");
  app.add_option("--cert", options.certificate,
                 "HTTPS on all endpoints: PEM certificate (with --key), or PFX (with --pwd)")
      ->type_name("FILE")
      ->envname("CVEMU_CERT");
  app.add_option("--key", options.certificate_key, "PEM key of the certificate")
      ->option_text("FILE (Env:CVEMU_KEY)");
  app.add_option("--pwd", options.certificate_password, "Password of the PFX file")
      ->option_text("TEXT (Env:CVEMU_PWD)");
}

void add_access_options(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  app.add_option("--control-host", options.control_hosts,
                 "Name that control routes answer to besides local ones, or *.suffix; repeatable")
      ->delimiter(',')
      ->envname("CVEMU_CONTROL_HOST");
  app.add_option("--control-token", options.control_token,
                 "Control routes ask for it: Authorization: Bearer TEXT")
      ->check(some_text())
      ->option_text("TEXT (Env:CVEMU_CONTROL_TOKEN)");
  app.add_flag("--require-token", options.require_token, "Do not start without a control token")
      ->envname("CVEMU_REQUIRE_TOKEN");
  app.add_option("--allow-folder", options.allow_folders,
                 "Folder below which scenarios sent over HTTP may read images; repeatable")
      ->delimiter(':')
      ->type_name("FOLDER")
      ->envname("CVEMU_ALLOW_FOLDER");
}

void add_vision_options(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  app.add_option("--training-time", arguments.training_time,
                 "How long a training takes, on the emulator's clock")
      ->envname("CVEMU_TRAINING_TIME")
      ->capture_default_str();
  app.add_option("--export-time", arguments.export_time, "How long an export takes")
      ->envname("CVEMU_EXPORT_TIME")
      ->capture_default_str();
  app.add_option("--test-blob-time", arguments.test_blob_time, "Life of the connection test's blob")
      ->envname("CVEMU_TEST_BLOB_TIME")
      ->capture_default_str();
  app.add_option("--training-key", options.training_keys,
                 "Valid key; without one any non-empty key is accepted")
      ->envname("CVEMU_TRAINING_KEY");
  app.add_option("--prediction-key", options.prediction_keys, "The same for predictions")
      ->envname("CVEMU_PREDICTION_KEY");
  app.add_option("--tier", options.tier, "Limits of a pricing tier: unlimited, F0 or S0")
      ->check(suggested({"unlimited", "F0", "S0"}))
      ->envname("CVEMU_TIER")
      ->capture_default_str();
  app.add_option("--notification-encoding", arguments.notification_encoding, "plain or base64")
      ->check(one_of({"plain", "base64"}))
      ->envname("CVEMU_NOTIFICATION_ENCODING")
      ->capture_default_str();
}

void add_storage_options(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  app.add_option("--accounts", options.accounts, "Storage accounts: name:key1[:key2];...")
      ->envname("AZURITE_ACCOUNTS");
  app.add_option("--create-queue", options.create_queues, "Queue to create at the start; repeatable")
      ->delimiter(',');
  app.add_option("--create-container", options.create_containers,
                 "Container to create at the start; repeatable")
      ->delimiter(',');
  app.add_option("--scenario", options.scenarios, "File that says what to begin with; repeatable")
      ->type_name("FILE")
      ->envname("CVEMU_SCENARIO");
  app.add_flag("-L,--loose", options.loose, "Forgive what Azure would refuse");
  app.add_flag("--strict-api-version", options.strict_api_version, "Refuse an unknown newer x-ms-version");
  app.add_flag("--disableProductStyleUrl", arguments.product_style_off,
               "Always take the account from the path");
  app.add_option("--oauth", arguments.oauth, "basic: accept bearer tokens")->check(one_of({"basic"}));
  app.add_option("--storage-account", options.storage_accounts,
                 "NAME=KEY@URL: account on another server that queues and containers may lie in; repeatable")
      ->envname("CVEMU_STORAGE_ACCOUNT");
  app.add_option("--allow-host", options.allow_hosts, "Host that outgoing requests may reach; repeatable")
      ->delimiter(',')
      ->envname("CVEMU_ALLOW_HOST");
}

// From level -1 on (Options::log).
const std::vector<std::string> kLogLevels{"debug", "request", "info", "warning", "error"};
const std::vector<std::string> kClockModes{"real", "scaled", "frozen", "automatic"};

void add_state_options(CLI::App& app, Arguments& arguments) {
  Options& options = arguments.options;
  app.add_option("-l,--location", options.location, "Folder to keep state in; without it, state is in memory")
      ->option_text("FOLDER (Env:CVEMU_LOCATION)");
  app.add_flag("--inMemoryPersistence", arguments.in_memory, "Keep state in memory (the default)");
  app.add_option("--clock", arguments.clock,
                 "real, scaled, frozen or automatic; as the state in --location was left")
      ->check(one_of(kClockModes))
      ->option_text("TEXT (Env:CVEMU_CLOCK)");
  app.add_option("--clock-rate", options.clock_rate, "Emulated seconds per second, with --clock scaled")
      ->check(positive_number())
      ->envname("CVEMU_CLOCK_RATE")
      ->capture_default_str();
  app.add_option("--clock-at", arguments.clock_at, "What the clock shows at the start: 2030-01-01T00:00:00Z")
      ->envname("CVEMU_CLOCK_AT");
  app.add_flag("--frozen-clock", arguments.frozen_clock, "The same as --clock frozen");
  app.add_option("--seed", options.seed, "Same seed, same calls: same ids")
      ->check(whole_number_from_zero())
      ->envname("CVEMU_SEED");
  app.add_option("--journal-max", options.journal_max, "How many requests the journal keeps")
      ->check(whole_number_from_zero())
      ->envname("CVEMU_JOURNAL_MAX")
      ->capture_default_str();
}

void add_life_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--ready-file", arguments.ready_file,
                 "Written whole when every endpoint answers, removed at exit")
      ->option_text("FILE (Env:CVEMU_READY_FILE)");
  app.add_option("--env-file", arguments.env_file,
                 "The same for endpoints, keys and connection string, as dotenv")
      ->type_name("FILE")
      ->envname("CVEMU_ENV_FILE");
  app.add_flag("--exit-with-parent", arguments.exit_with_parent, "End when the process that started it ends")
      ->envname("CVEMU_EXIT_WITH_PARENT");
  app.add_option("--idle-timeout", arguments.idle_timeout, "End when no request has come for so long: 60s")
      ->envname("CVEMU_IDLE_TIMEOUT");
}

void add_output_options(CLI::App& app, Arguments& arguments) {
  app.add_option("-o,--output", arguments.output, "text, or json: one JSON line when ready")
      ->check(one_of({"text", "json"}))
      ->envname("CVEMU_OUTPUT")
      ->capture_default_str();
  app.add_flag("-s,--silent", arguments.silent, "Do not print requests");
  app.add_option("-d,--debug", arguments.debug_file, "Log every request to this file")
      ->type_name("FILE")
      ->envname("CVEMU_DEBUG");
  app.add_option("--log-level", arguments.log_level,
                 "debug (control requests, too), request, info, warning or error")
      ->check(one_of(kLogLevels))
      ->envname("CVEMU_LOG_LEVEL")
      ->capture_default_str();
  app.add_option("--log-format", arguments.log_format, "text, or json: an object a line")
      ->check(one_of({"text", "json"}))
      ->envname("CVEMU_LOG_FORMAT")
      ->capture_default_str();
  app.add_option("--config", arguments.config,
                 "File of lines NAME = VALUE, for options that neither line nor environment say")
      ->type_name("FILE")
      ->envname("CVEMU_CONFIG");
  app.add_flag("--list-operations", arguments.list_operations, "Print every operation as JSON and exit");
}

// An option of Azurite that has no meaning here is taken, and the start says so.
void add_ignored_options(CLI::App& app, Arguments& arguments) {
  constexpr const char* kHelp = "Azurite's; without effect here";
  for (const char* name : {"--tableKeepAliveTimeout", "--blobKeepAliveTimeout", "--queueKeepAliveTimeout",
                           "--extentMemoryLimit"})
    app.add_option_function<std::string>(
           name, [&arguments, name](const std::string&) { arguments.ignored.emplace_back(name); }, kHelp)
        ->group("");
  for (const char* name : {"--disableTelemetry", "--skipApiVersionCheck"})
    app.add_flag_callback(
           name, [&arguments, name] { arguments.ignored.emplace_back(name); }, kHelp)
        ->group("");
}

Duration read_duration(const char* option, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration)
    throw StartError(StartError::Kind::Usage,
                     std::string(option) + ": \"" + text + "\" is not a duration such as 2s, 10m or PT1H");
  return *duration;
}

std::optional<Instant> read_time(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = times::parse_iso(text);
  if (!time)
    throw StartError(StartError::Kind::Usage,
                     std::string(option) + ": \"" + text + "\" is not a time such as 2030-01-01T00:00:00Z");
  return time;
}

int level_of(const Arguments& arguments) {
  const std::string& name = arguments.log_level;
  const auto found = std::find(kLogLevels.begin(), kLogLevels.end(), name);
  const int level = static_cast<int>(found - kLogLevels.begin()) - 1;
  return arguments.silent ? std::max(level, 1) : level;
}

// The file is opened with its first line: a start that fails leaves none.
class DebugFile {
 public:
  explicit DebugFile(std::string name) : name_(std::move(name)) {
    const std::string why = name_.empty() ? "" : why_unwritable(name_);
    if (!why.empty())
      throw StartError(StartError::Kind::Usage, "--debug: cannot write " + name_ + ": " + why);
  }
  void write(std::string_view line) {
    if (name_.empty()) return;
    if (!file_.is_open()) file_.open(name_, std::ios::app);
    file_ << line << std::endl;
  }

 private:
  const std::string name_;
  std::ofstream file_;
};

// "2026-01-31T12:00:00.000Z warning: text", in real time; with escapes that a terminal shows as colours.
std::string with_time(int level, std::string_view text, bool colour) {
  constexpr std::string_view kGrey = "\x1b[90m", kYellow = "\x1b[33m", kRed = "\x1b[31m", kPlain = "\x1b[0m";
  constexpr int kWarning = 2, kError = 3;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  std::string line;
  if (colour) line += kGrey;
  line += times::iso_millis(now);
  if (colour) line += level >= kError ? kRed : level == kWarning ? kYellow : kPlain;
  line += level >= kError ? " error: " : level == kWarning ? " warning: " : " ";
  line += text;
  if (colour) line += kPlain;
  return line;
}

// Log lines go to stderr if stdout belongs to JSON, and to the debug file if there is one.
std::function<void(int, std::string_view)> make_log(const Arguments& arguments) {
  struct Sink {
    explicit Sink(const std::string& name) : file(name) {}
    std::mutex mutex;
    DebugFile file;
  };
  std::FILE* console = arguments.output == "json" ? stderr : stdout;
  const bool json = arguments.log_format == "json", colour = !json && ::isatty(::fileno(console)) == 1;
  return [sink = std::make_shared<Sink>(arguments.debug_file), console, json, colour,
          least = level_of(arguments)](int level, std::string_view text) {
    const std::string line = json ? std::string(text) : with_time(level, text, false);
    std::lock_guard lock(sink->mutex);
    sink->file.write(line);
    if (level < least) return;
    std::fprintf(console, "%s\n", colour ? with_time(level, text, true).c_str() : line.c_str());
    std::fflush(console);
  };
}

// What the line leaves open. An option of the line that excludes another one excludes its variable.
void fill_from_environment(Arguments& arguments) {
  Options& options = arguments.options;
  const auto fill = [](auto& open, const char* name) {
    if (open.empty()) open = variable(name);
  };
  fill(arguments.ready_file, "CVEMU_READY_FILE");
  fill(options.control_token, "CVEMU_CONTROL_TOKEN");
  if (!arguments.in_memory) fill(options.location, "CVEMU_LOCATION");
  if (!arguments.frozen_clock) fill(arguments.clock, "CVEMU_CLOCK");
  const bool pfx = !options.certificate_password.empty(), pem = !options.certificate_key.empty();
  if (!pfx) fill(options.certificate_key, "CVEMU_KEY");
  if (!pem) fill(options.certificate_password, "CVEMU_PWD");
}

// Open if somebody expects it: by an option, or because the program stands in for Azurite.
void open_table_endpoint(Arguments& arguments) {
  constexpr int kUsualPort = 10002;
  Options& options = arguments.options;
  const bool expected = arguments.as_azurite || !options.table_host.empty();
  if (expected && !options.table_port) options.table_port = kUsualPort;
}

std::optional<ClockMode> read_clock(const Arguments& arguments) {
  if (arguments.clock.empty())
    return arguments.frozen_clock ? std::optional(ClockMode::Frozen) : std::nullopt;
  std::string mode = arguments.clock;
  if (const std::string why = one_of(kClockModes)(mode); !why.empty())
    throw StartError(StartError::Kind::Usage, "--clock (CVEMU_CLOCK): " + why);
  return parse<ClockMode>(mode);
}

}  // namespace

void add_options(CLI::App& app, Arguments& arguments) {
  add_endpoint_options(app, arguments);
  add_access_options(app, arguments);
  add_vision_options(app, arguments);
  add_storage_options(app, arguments);
  add_state_options(app, arguments);
  add_life_options(app, arguments);
  add_output_options(app, arguments);
  add_ignored_options(app, arguments);
  add_checks(app);
}

void finish_options(Arguments& arguments) {
  Options& options = arguments.options;
  fill_from_environment(arguments);
  open_table_endpoint(arguments);
  options.clock = read_clock(arguments);
  if (arguments.in_memory && !options.location.empty())
    throw StartError(StartError::Kind::Usage, "--inMemoryPersistence and --location exclude each other");
  options.training_time = read_duration("--training-time", arguments.training_time);
  options.export_time = read_duration("--export-time", arguments.export_time);
  options.test_blob_time = read_duration("--test-blob-time", arguments.test_blob_time);
  options.clock_at = read_time("--clock-at", arguments.clock_at);
  options.base64_notifications = arguments.notification_encoding == "base64";
  options.product_style_urls = !arguments.product_style_off;
  options.oauth = !arguments.oauth.empty();
  if (!arguments.idle_timeout.empty())
    arguments.idle_limit = read_duration("--idle-timeout", arguments.idle_timeout);
  options.on_shutdown = [] { kill(getpid(), SIGTERM); };
  options.log = make_log(arguments);
  options.log_level = arguments.debug_file.empty() ? level_of(arguments) : -1;
  options.log_json = arguments.log_format == "json";
}

}  // namespace cvemu::cli
