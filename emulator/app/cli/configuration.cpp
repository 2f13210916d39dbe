#include "app/cli/configuration.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/cli/complaints.h"
#include "base/spelling.h"
#include "base/text.h"
#include "cvemu/emulator.h"

namespace cvemu::cli {

namespace {

constexpr std::string_view kPrefix = "CVEMU_";
// Read elsewhere than by an option: by commands, and by the build of the project.
constexpr const char* kOthers[] = {"CVEMU_URL", "CVEMU_CONFIG"};

// These make no sense but on the line.
bool is_for_the_line(const std::string& name) {
  return name == "help" || name == "version" || name == "config" || name == "list-operations";
}

std::string usual_variable(const std::string& name) {
  std::string variable(kPrefix);
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') variable += '_';  // --tableHost
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

// Of options that are read from the environment by hand: the help says "(Env:NAME)".
std::string variable_in_help(const CLI::Option& option) {
  const std::string text = option.get_option_text();
  const auto begin = text.find("Env:");
  return begin == text.npos ? "" : text.substr(begin + 4, text.find(')', begin) - begin - 4);
}

const CLI::Option* find_option(const CLI::App& app, const std::string& name) {
  for (const CLI::Option* option : app.get_options()) {
    const auto& names = option->get_lnames();
    if (std::find(names.begin(), names.end(), name) != names.end()) return option;
  }
  return nullptr;
}

std::vector<std::string> configurable_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      if (!is_for_the_line(name)) names.push_back(name);
  return names;
}

std::string with_guess(const std::string& guess) {
  return guess.empty() ? "" : "; did you mean " + guess + "?";
}

std::string file_named(int argc, const char* const* argv) {
  constexpr std::string_view kOption = "--config";
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (word == kOption && i + 1 < argc) return argv[i + 1];
    if (word.starts_with("--config=")) return std::string(word.substr(kOption.size() + 1));
  }
  const char* const named = std::getenv("CVEMU_CONFIG");
  return named ? named : "";
}

void set_variable(const CLI::App& app, const CLI::ConfigItem& item, const std::string& file) {
  const CLI::Option* option = item.parents.empty() ? find_option(app, item.name) : nullptr;
  const std::string name = item.parents.empty() ? item.name : item.fullname();
  const std::string variable = option && !is_for_the_line(item.name) ? variable_of(*option) : "";
  if (variable.empty())
    return complain(file + ": there is no option \"" + name + '"' +
                    with_guess(nearest_word(name, configurable_options(app))));
  std::string value;
  const char between = option->get_delimiter() ? option->get_delimiter() : ',';
  for (const std::string& one : item.inputs)
    value += (value.empty() ? std::string() : std::string(1, between)) + one;
  constexpr int kKeep = 0;
  ::setenv(variable.c_str(), value.c_str(), kKeep);
}

}  // namespace

std::string variable_of(const CLI::Option& option) {
  const std::string by_hand = variable_in_help(option);
  return by_hand.empty() ? option.get_envname() : by_hand;
}

void name_variables(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || !variable_of(*option).empty()) continue;
    const std::string& name = option->get_lnames().front();
    if (!is_for_the_line(name)) option->envname(usual_variable(name));
  }
}

void read_config_file(const CLI::App& app, int argc, const char* const* argv) {
  const std::string file = file_named(argc, argv);
  if (file.empty()) return;
  std::ifstream in(file);
  std::error_code unknown;
  if (!in || std::filesystem::is_directory(file, unknown))
    throw StartError(StartError::Kind::Usage,
                     "--config: cannot read " + file + "; is the file there, and may you read it?");
  try {
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(in)) set_variable(app, item, file);
  } catch (const CLI::Error&) {
    throw StartError(StartError::Kind::InvalidFile, file + ": lines are NAME = VALUE, such as port = 10003");
  }
}

void warn_of_unknown_variables(const CLI::App& app) {
  std::vector<std::string> known(std::begin(kOthers), std::end(kOthers));
  for (const CLI::Option* option : app.get_options())
    if (const std::string name = variable_of(*option); !name.empty()) known.push_back(name);
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view line(*entry);
    const std::string name(line.substr(0, line.find('=')));
    if (!name.starts_with(kPrefix) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    complain("the variable " + name + " is none of cvemu's" + with_guess(nearest_word(name, known)));
  }
}

}  // namespace cvemu::cli
