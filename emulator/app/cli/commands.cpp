#include "app/cli/commands.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "app/cli/arguments.h"
#include "app/cli/complaints.h"
#include "app/cli/completion.h"
#include "app/cli/environment.h"
#include "app/cli/listings.h"
#include "app/cli/man_page.h"
#include "app/cli/options.h"
#include "app/cli/syntax.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "app/cli/usage.h"
#include "base/durations.h"
#include "base/json.h"
#include "base/text.h"
#include "cvemu/emulator.h"
#include "cvemu/version.h"

namespace cvemu::cli {

namespace {

constexpr std::chrono::milliseconds kBetweenTries{20};
constexpr const char *kJson = "json", *kTable = "table";
constexpr const char* kOutputHelp = "json, or table for people; without it a table on a terminal, else json";
constexpr const char* kDefaultUrl = "http://127.0.0.1:10003";

std::string read_file(const std::string& name) {
  std::ostringstream bytes;
  if (name == "-") {
    bytes << std::cin.rdbuf();
    return bytes.str();
  }
  std::ifstream file(name, std::ios::binary);
  if (!file || std::filesystem::is_directory(name)) throw UsageError(name + " cannot be read; is it a file?");
  bytes << file.rdbuf();
  return bytes.str();
}

void write_file(const std::string& name, const std::string& bytes) {
  std::ofstream file(name, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw UsageError(name + " cannot be written; name a file in a folder that you may write to");
}

// The text at a JSON pointer; "" for anything else.
std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) && json.at(place).is_string() ? json.at(place).get<std::string>() : "";
}

// null if the file is not there, or not whole, or another's.
Json read_ready_file(const std::string& name) {
  std::ifstream file(name);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  Json json = try_parse_json(bytes.str()).value_or(Json());
  return text_at(json, "/endpoints/customVision").empty() ? Json() : json;
}

std::string no_ready_file(const std::string& name) {
  std::error_code error;
  return name + (std::filesystem::exists(name, error) ? " is not the ready file of an emulator"
                                                      : " is not there: no emulator that writes it is ready");
}

// A refusal that waiting does not change is thrown.
bool is_ready(const std::string& url, const std::string& token) {
  if (url.empty()) return false;
  try {
    connect(url, token).call("GET", "/_emulator/health");
    return true;
  } catch (const ControlError& error) {
    const bool refused = error.status >= 400 && error.status < 500;
    if (refused || error.code == "InvalidUrl") throw;
    return false;
  }
}

// Relative folders in a scenario lie beside its file.
std::string base_of(const std::string& file) {
  return file == "-" ? "" : std::filesystem::absolute(file).parent_path().string();
}

template <class Values>
std::string path_of(const Command& command, const Values& values) {
  std::string path = command.path;
  for (const Argument& argument : arguments_of(command.in_path)) {
    const std::string place = '{' + argument.name + '}';
    path.replace(path.find(place), place.size(), percent_encode(values.at(argument.name).at(0), true));
  }
  char separator = '?';
  for (const Argument& argument : arguments_of(command.in_query))
    for (const std::string& value : values.at(argument.name)) {
      path += separator + argument.name + '=' + percent_encode(value);
      separator = '&';
    }
  if (const std::string base = command.has_base ? base_of(values.at("FILE").at(0)) : ""; !base.empty())
    path += separator + ("base=" + percent_encode(base));
  return path;
}

Json value_of(const Argument& argument, const std::vector<std::string>& given) {
  if (argument.flag) return true;
  if (argument.repeatable) return given;
  if (!argument.json) return given[0];
  if (auto json = try_parse_json(given[0])) return *json;
  throw UsageError(argument.name + ": \"" + given[0] + "\" is not JSON, such as 5, true or {\"idle\": true}");
}

// Of the arguments that a row asks for one of, one has to be there.
template <class Values>
void require_one(const Command& command, const Values& values) {
  std::string names;
  for (const Argument& argument : arguments_of(command.one_of)) {
    if (!values.at(argument.name).empty()) return;
    names += (names.empty() ? "" : ", ") + argument.name;
  }
  if (!names.empty())
    throw UsageError("one of these is needed: " + names + "; see cvemu help " + command.name);
}

template <class Values>
std::string body_of(const Command& command, const Values& values) {
  if (command.file == std::string_view("in")) return read_file(values.at("FILE").at(0));
  Json body = Json::object();
  for (const Argument& argument : arguments_of(command.in_body)) {
    const auto& given = values.at(argument.name);
    if (given.empty()) continue;
    const std::string place = meaning_of(command, argument.name).place;
    body[Json::json_pointer(place.empty() ? '/' + argument.name : place)] = value_of(argument, given);
  }
  return body.empty() ? "" : dump_json(body);
}

// A file that is cut short because a disk is full must not look like a whole one.
bool is_all_written() {
  std::cout.flush();
  std::fflush(stdout);
  return std::cout.good() && std::ferror(stdout) == 0;
}

int exit_code(const Command& command, const ControlError& error) {
  const std::string_view name = command.name;
  if (error.code == "InvalidUrl") return kWrongUsage;
  if (name == "health") return kNotReady;
  if (name == "verify" && error.status == 409) return kUnmet;
  const bool wrong_file = error.status == 400 && command.file == std::string_view("in");
  return wrong_file ? kWrongFile : kRefused;
}

void offer(CLI::Option& option, const Meaning& meaning) {
  const auto words = split(meaning.words, ' ');
  if (*meaning.words) option.check(suggested({words.begin(), words.end()}));
}

}  // namespace

Commands::Commands(CLI::App& app, const Arguments& arguments) : arguments_(arguments) {
  app.require_subcommand(0, 1);
  for (const Command& command : commands()) add(app, command);
}

void Commands::add(CLI::App& app, const Command& command) {
  const std::string_view name = command.name;
  const std::size_t blank = name.find(' ');
  CLI::App& parent = blank == name.npos ? app : *app.get_subcommand(std::string(name.substr(0, blank)));
  Given& given = given_.emplace_back();
  given.command = &command;
  given.app = parent.add_subcommand(std::string(name.substr(blank + 1)), command.help);
  // One command a line: whatever else stands there is an argument of it, or an error.
  given.app->require_subcommand(0, 1);
  if (&parent == &app) given.app->group("Commands for a running emulator");
  if (name != kCompletion) add_emulator_options(*given.app);
  if (name == kHelp) {  // asks nobody, but takes the options of the line that it is put before
    given.app->add_option("COMMAND", given.values["COMMAND"], "What to explain; without it, all commands");
    add_argument(given, Argument("man!"));
  }
  if (listing_of(name))
    given.app->add_option("-o,--output", own_output_, kOutputHelp)->check(one_of({kJson, kTable}));
  for (const char* list : {command.in_path, command.in_query, command.in_body})
    for (const Argument& argument : arguments_of(list)) add_argument(given, argument);
  if (*command.file)
    given.app->add_option("FILE", given.values["FILE"], "Name of the file; - for the console")
        ->required()
        ->expected(1);
}

// What the line says goes before the environment, whichever option says it: find() asks for the variables.
void Commands::add_emulator_options(CLI::App& app) {
  app.add_option("--url", url_, "Where it is; without it and ready file " + std::string(kDefaultUrl))
      ->option_text("TEXT (Env:CVEMU_URL)");
  app.add_option("--ready-file", own_ready_file_, "The file that it wrote when it was ready says it")
      ->option_text("FILE (Env:CVEMU_READY_FILE)");
  app.add_option("--control-token", own_token_, "Its token, if it asks for one; else the ready file says it")
      ->option_text("TEXT (Env:CVEMU_CONTROL_TOKEN)");
}

void Commands::add_argument(Given& given, const Argument& argument) {
  auto& values = given.values[argument.name];
  const std::string name = (argument.positional ? "" : "--") + argument.name;
  const Meaning& meaning = meaning_of(*given.command, argument.name);
  if (argument.flag) {
    given.app->add_flag_function(
        name,
        [&values](std::int64_t count) {
          if (count > 0) values = {"true"};
        },
        meaning.help);
    return;
  }
  if (!argument.fallback.empty()) values = {argument.fallback};
  if (argument.repeatable) {
    offer(*given.app->add_option(name, values, meaning.help), meaning);
    return;
  }
  // As it was written: the library would read "{}" as an empty list.
  const auto keep = [&values](const CLI::results_t& written) {
    values = written;
    return true;
  };
  CLI::Option* option = given.app->add_option(name, keep, meaning.help)
                            ->type_name("TEXT")
                            ->default_str(argument.fallback)
                            ->required(argument.required);
  offer(*option, meaning);
}

// A command can have commands of its own, "faults add": the last one on the line is meant.
std::optional<int> Commands::run() const {
  const auto given =
      std::find_if(given_.rbegin(), given_.rend(), [](const Given& one) { return one.app->parsed(); });
  if (given == given_.rend()) return std::nullopt;
  try {
    const int code = run(*given);
    if (code != kDone || is_all_written()) return code;
    complain("standard output cannot be written; is there room on the disk?", given->command->name);
    return kRefused;
  } catch (const ControlError& error) {
    complain(error.what(), given->command->name);
    return exit_code(*given->command, error);
  } catch (const UsageError& error) {
    complain(error.what(), given->command->name);
    return kWrongUsage;
  }
}

int Commands::run(const Given& given) const {
  const std::string_view name = given.command->name;
  if (name == kHelp) return help(given);
  if (name == kCompletion) return print_completion(given);
  return name == kWait ? wait(given) : call(given);
}

// Sends nothing, whatever the command that is to be explained would do.
int Commands::help(const Given& given) {
  if (!given.values.at("man").empty()) return print_man_page(given);
  const CLI::App* explained = given.app->get_parent();
  std::string name = "cvemu";
  for (const std::string& word : given.values.at("COMMAND")) {
    const auto children =
        explained->get_subcommands([&](const CLI::App* app) { return app->get_name() == word; });
    if (children.empty())
      throw UsageError("there is no command \"" + name + ' ' + word + "\"; cvemu help lists all");
    explained = children.front();
    name += ' ' + word;
  }
  std::cout << explained->get_formatter()->make_help(explained, name, CLI::AppFormatMode::Normal);
  return kDone;
}

int Commands::print_man_page(const Given& given) {
  if (!given.values.at("COMMAND").empty())
    throw UsageError("--man prints the page of all commands; leave out the name of one");
  std::cout << man_page(kVersion, syntax_of(*given.app->get_parent()));
  return kDone;
}

int Commands::print_completion(const Given& given) {
  std::cout << completion_script(given.values.at("shell").at(0), syntax_of(*given.app->get_parent()));
  return kDone;
}

// What was asked for in a format, or whole, is not made into a table unless -o says so.
bool Commands::is_for_people(const Given& given) const {
  if (!own_output_.empty()) return own_output_ == kTable;
  for (const char* name : {"format", "full"})
    if (const auto found = given.values.find(name); found != given.values.end() && !found->second.empty())
      return false;
  return arguments_.output != kJson && stdout_is_terminal();
}

// JSON is indented, or a table for people; a text of whole lines stays as it came.
void Commands::print(const Given& given, const std::string& answer) const {
  const auto json = try_parse_json(answer);
  const Listing* listing = listing_of(given.command->name);
  std::string text = answer;
  if (json && json->is_structured() && !answer.ends_with('\n'))
    text = listing && is_for_people(given) ? write_listing(*listing, *json, stdout_width())
                                           : dump_json(*json, 2) + '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string Commands::ask(const Given& given) const {
  const Command& command = *given.command;
  require_one(command, given.values);
  const std::string path = path_of(command, given.values), body = body_of(command, given.values);
  if (command.offline) return Emulator().control().call(command.method, path, body);
  const Target target = find();
  if (target.url.empty())
    throw ControlError(
        0, "NoAnswer",
        no_ready_file(target.ready_file) + "; start one with --ready-file, or name one by --url");
  return connect(target.url, target.token).call(command.method, path, body);
}

int Commands::call(const Given& given) const {
  const std::string answer = ask(given);
  if (given.command->file == std::string_view("out")) {
    write_file(given.values.at("FILE").at(0), answer);
  } else if (given.command->name == std::string_view("load")) {
    std::cout << try_parse_json(answer).value_or(Json::object()).value("summary", answer) << '\n';
  } else {
    print(given, answer);
  }
  return kDone;
}

int Commands::wait(const Given& given) const {
  const std::string& text = given.values.at("timeout").at(0);
  const auto timeout = parse_duration(text);
  if (!timeout) throw UsageError("--timeout: \"" + text + "\" is not a duration such as 30s or 2m");
  const auto end = std::chrono::steady_clock::now() + *timeout;
  for (Target target = find(); !is_ready(target.url, target.token); target = find()) {
    if (std::chrono::steady_clock::now() >= end) {
      complain("not ready within " + text + ": " +
                   (target.url.empty() ? no_ready_file(target.ready_file) : "no answer from " + target.url),
               kWait);
      return kNotReady;
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
  return kDone;
}

// A token in a ready file is for the emulator that wrote it. What the line says goes before what the
// environment says.
Commands::Target Commands::find() const {
  const std::string said_token = own_token_.empty() ? arguments_.options.control_token : own_token_;
  const std::string said_file = own_ready_file_.empty() ? arguments_.ready_file : own_ready_file_;
  const std::string usual_token = variable("CVEMU_CONTROL_TOKEN");
  const std::string token = said_token.empty() ? usual_token : said_token;
  if (!url_.empty()) return {url_, token, ""};
  if (!said_file.empty()) return read_target(said_file, said_token, usual_token);
  if (const std::string url = variable("CVEMU_URL"); !url.empty()) return {url, token, ""};
  const std::string usual_file = variable("CVEMU_READY_FILE");
  return usual_file.empty() ? Target{kDefaultUrl, token, ""} : read_target(usual_file, token, "");
}

// `token` goes before the one in the file, `fallback` behind it.
Commands::Target Commands::read_target(const std::string& name, const std::string& token,
                                       const std::string& fallback) {
  const Json file = read_ready_file(name);
  if (file.is_null()) return {"", token, name};
  const std::string written = text_at(file, "/controlToken");
  const std::string& other = written.empty() ? fallback : written;
  return {text_at(file, "/endpoints/customVision"), token.empty() ? other : token, name};
}

}  // namespace cvemu::cli
