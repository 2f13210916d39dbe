#include "app/cli/man_page.h"

#include <algorithm>
#include <map>

#include "app/cli/table.h"

namespace cvemu::cli {

namespace {

struct Explained {
  const char *name, *meaning;
};

// commands.h and StartError.
constexpr Explained kExitCodes[] = {
    {"0", "It is done, or the emulator ended as it was asked to."},
    {"1",
     "The emulator refused what a command asked for, or cannot be reached; or an answer cannot be written."},
    {"2", "The command line cannot be meant so, or a file that it names cannot be read or written."},
    {"3", "A port is in use, or an address is not one of this machine's."},
    {"4", "The folder of --location cannot be used."},
    {"5", "A scenario, or another file that was given, is wrong."},
    {"6", "health, wait: the emulator is not ready."},
    {"7", "verify: what was expected did not happen."},
};

// Variables of commands alone; those of the program's options stand with them.
constexpr Explained kVariables[] = {
    {"COLUMNS", "How wide the tables of commands may be, instead of the terminal's width."},
    {"CVEMU_CONFIG", "The file of --config."},
    {"CVEMU_CONTROL_TOKEN", "The token of --control-token, for the emulator and for commands."},
    {"CVEMU_OUTPUT", "The option --output; json is what commands print, too, also on a terminal."},
    {"CVEMU_READY_FILE", "The file of --ready-file, for the emulator and for commands."},
    {"CVEMU_URL", "Where commands find the emulator, if neither --url nor --ready-file says it."},
};

constexpr Explained kFiles[] = {
    {"FOLDER/cvemu.sqlite3", "The state, with --location FOLDER. Without it, state is in memory."},
    {"FOLDER/cvemu.sqlite3-bytes", "Contents larger than 64 KiB; it belongs to the file beside it."},
    {"the file of --ready-file", "Written whole when every endpoint answers, removed at exit."},
    {"the file of --env-file", "The same for endpoints, keys and connection string."},
    {"the file of --config", "Lines NAME = VALUE with the long names of options; # begins a comment."},
};

constexpr Explained kExamples[] = {
    {"cvemu --port 0 --blob-port 0 --queue-port 0 --ready-file ready.json",
     "Run an emulator on free ports; the file says which."},
    {"cvemu wait --timeout 30s --ready-file ready.json", "Wait until it answers."},
    {"cvemu load scenario.json", "Begin with the projects, queues and containers of a scenario."},
    {"cvemu advance --until idle", "Let trainings, exports and deliveries happen now."},
    {"cvemu messages notifications", "Look at all messages of a queue."},
    {"cvemu journal -o json", "What happened, as JSON also on a terminal."},
    {"eval \"$(cvemu env)\"", "Put endpoints and keys into the variables of this shell."},
    {"source <(cvemu completion bash)", "Complete commands, options and their values in this shell."},
};

// A text as roff prints it, character by character.
std::string roff(std::string_view text) {
  static const std::map<char, const char*> kEscapes{{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"},
                                                    {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"},
                                                    {'"', "\\(dq"}};
  std::string all = text.starts_with('.') ? "\\&" : "";
  for (const char c : text) {
    const auto escape = kEscapes.find(c);
    all += escape == kEscapes.end() ? std::string(1, c) : escape->second;
  }
  return all;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}
std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string section(const std::string& name) {
  return ".SH " + name + '\n';
}

// A term, ready made, and what it means.
std::string item(const std::string& term, const std::string& meaning) {
  return ".TP\n" + term + '\n' + meaning + '\n';
}

std::string with_stop(std::string text) {
  return text.empty() || text.ends_with('.') ? text : text + '.';
}

std::string paragraph(const Explained& one) {
  return item(bold(one.name), roff(one.meaning));
}

// Of several spellings the first one is ours, and others are Azurite's.
std::string long_name(const Parameter& option) {
  const auto found = std::find_if(option.names.begin(), option.names.end(),
                                  [](const std::string& name) { return name.starts_with("--"); });
  return found == option.names.end() ? option.names.front() : *found;
}

// "-l, --location FOLDER".
std::string option_term(const Parameter& option) {
  std::string term;
  for (const std::string& name : option.names) term += (term.empty() ? "" : ", ") + bold(name);
  if (!option.value.empty()) term += ' ' + italic(option.value);
  return option.repeatable ? term + " ..." : term;
}

bool are_all_in(const std::vector<std::string>& words, const std::string& text) {
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != text.npos; });
}

std::string meaning(const Parameter& parameter) {
  std::string text = roff(with_stop(parameter.help));
  if (!are_all_in(parameter.words, parameter.help)) {
    std::string words;
    for (const std::string& word : parameter.words) words += (words.empty() ? "" : ", ") + bold(word);
    text += "\nOne of " + words + '.';
  }
  if (!parameter.fallback.empty()) text += "\nDefault: " + bold(parameter.fallback) + '.';
  if (!parameter.variable.empty()) text += "\nVariable: " + bold(parameter.variable) + '.';
  return text;
}

std::string argument_term(const Parameter& argument) {
  const std::string name = italic(argument.names.front());
  const std::string several = argument.repeatable ? name + " ..." : name;
  return argument.required ? several : '[' + several + ']';
}

std::string synopsis_of(const CommandSyntax& command) {
  std::string text = bold("cvemu " + command.name);
  if (!command.options.empty()) text += " [" + italic("options") + ']';
  for (const Parameter& argument : command.arguments) text += ' ' + argument_term(argument);
  return text;
}

// Of every command that asks the emulator: they are explained once.
bool is_common(const Parameter& option) {
  const std::string name = long_name(option);
  return name == "--help" || name == "--url" || name == "--ready-file" || name == "--control-token" ||
         name == "--output";
}

std::string command_part(const CommandSyntax& command) {
  std::string text = item(synopsis_of(command), roff(with_stop(command.help)));
  if (command.takes_options_of_program) text += "It takes the options of the program.\n";
  std::string inner;
  for (const Parameter& argument : command.arguments)
    inner += item(argument_term(argument), meaning(argument));
  for (const Parameter& option : command.options)
    if (!is_common(option)) inner += item(option_term(option), meaning(option));
  return inner.empty() ? text : text + ".RS\n" + inner + ".RE\n";
}

// As the first command that has them says them.
std::string common_options(const std::vector<CommandSyntax>& all) {
  std::vector<std::string> known;
  std::string text;
  for (std::size_t i = 1; i < all.size(); ++i)
    for (const Parameter& option : all[i].options) {
      const std::string name = long_name(option);
      if (!is_common(option) || std::find(known.begin(), known.end(), name) != known.end()) continue;
      known.push_back(name);
      text += item(option_term(option), meaning(option));
    }
  return text;
}

// By their names: of options of the program, and of commands.
std::string variables(const CommandSyntax& program) {
  std::map<std::string, std::string> all;
  for (const Parameter& option : program.options)
    if (!option.variable.empty()) all[option.variable] = "The option " + bold(long_name(option)) + '.';
  for (const Explained& one : kVariables) all[one.name] = roff(one.meaning);
  std::string text;
  for (const auto& [name, what] : all) text += item(bold(name), what);
  return text;
}

std::string description(const CommandSyntax& program) {
  return roff(program.help) +
         "\nWithout a command it runs until it is told to end, and prints the endpoints that it listens at.\n"
         "A command asks an emulator that runs, and ends.\n"
         ".PP\nThe command line goes before the environment, and the environment before the file of " +
         bold("--config") + ".\n";
}

}  // namespace

std::string man_page(std::string_view version, const std::vector<CommandSyntax>& all) {
  const CommandSyntax& program = all.front();
  std::string text = ".TH CVEMU 1 \"\" \"cvemu " + std::string(version) + "\" \"User Commands\"\n";
  text += section("NAME") +
          "cvemu \\- offline emulator of Azure Custom Vision with its storage queues and blobs\n";
  text += section("SYNOPSIS") + bold("cvemu") + " [" + italic("options") + "]\n.br\n" + bold("cvemu") + " [" +
          italic("options") + "] " + italic("command") + " [" + italic("arguments") + "]\n";
  text += section("DESCRIPTION") + description(program);
  text += section("OPTIONS");
  for (const Parameter& option : program.options) text += item(option_term(option), meaning(option));
  text += section("COMMANDS") + "Every command that asks an emulator takes these options:\n" +
          common_options(all);
  text += ".PP\nThe commands, with what else they take:\n";
  for (std::size_t i = 1; i < all.size(); ++i) text += command_part(all[i]);
  text += section("\"EXIT STATUS\"");
  for (const Explained& one : kExitCodes) text += paragraph(one);
  text += section("ENVIRONMENT") + variables(program);
  text += section("FILES");
  for (const Explained& one : kFiles) text += paragraph(one);
  text += section("EXAMPLES");
  for (const Explained& one : kExamples) text += paragraph(one);
  text += section("\"SEE ALSO\"") + bold("cvemu help") + ' ' + italic("command") +
          " explains a command, and " + bold("cvemu openapi") + " every control route that commands call.\n";
  return text +
         "The service that is emulated: https://learn.microsoft.com/azure/ai\\-services/"
         "custom\\-vision\\-service/\n";
}

}  // namespace cvemu::cli
