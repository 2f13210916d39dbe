#include "app/cli/usage.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "app/cli/complaints.h"
#include "base/spelling.h"
#include "base/text.h"

namespace cvemu::cli {

namespace {

// The command that was said last: of the program, or of a command.
const CLI::App& innermost(const CLI::App& app) {
  const auto said = app.get_subcommands();
  return said.empty() ? app : innermost(*said.front());
}

std::string see_help(const CLI::App& app) {
  const std::string command = said_command(app);
  return command.empty() ? "; cvemu --help lists all options" : "; see cvemu help " + command;
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> shown_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty() || option->get_positional())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// What was meant, if that is near; else what there is, and where to read on.
std::string unknown(const char* kind, const CLI::App& app, const std::string& wrong,
                    const std::vector<std::string>& known, const std::string& hint = "") {
  const std::string said = "unknown " + std::string(kind) + repeated(wrong);
  const std::string nearest = nearest_word(wrong.substr(0, wrong.find('=')), known);
  if (!nearest.empty()) return said + "; did you mean " + nearest + "?";
  return said + "; there is: " + join(known, ", ") + hint +
         (app.get_subcommands().empty() ? "" : see_help(app));
}

std::string unknown_option(const CLI::App& app, const std::string& wrong) {
  const CLI::App& command = innermost(app);
  const auto is_word = [](const CLI::Option* option) { return option->get_positional(); };
  const char* hint =
      command.get_options(is_word).empty() ? "" : "; an argument that begins with a dash stands behind --";
  return unknown("option", app, wrong, shown_options(command.get_fallthrough() ? app : command), hint);
}

// A command takes words as its arguments, or has commands of its own.
std::string unneeded_word(const CLI::App& app, const std::string& wrong) {
  const auto known = names_of_commands(innermost(app));
  if (!known.empty()) return unknown("command", app, wrong, known);
  return "one argument too many" + (repeated(wrong).empty() ? "" : ":" + repeated(wrong)) + see_help(app);
}

// "--port: 1 required INT missing" is about --port, "Could not convert: --seed = x" about --seed.
std::string option_in(std::string_view text) {
  constexpr std::string_view kConversion = "Could not convert: ";
  if (text.starts_with(kConversion)) text.remove_prefix(kConversion.size());
  return std::string(text.substr(0, text.find_first_of(": =")));
}

const CLI::Option* option_of_command(const CLI::App& app, const std::string& name) {
  for (const CLI::App* one : {&innermost(app), &app})
    if (const CLI::Option* option = one->get_option_no_throw(name)) return option;
  return nullptr;
}

std::string expected_by(const CLI::Option* option) {
  const std::string type = option ? option->get_type_name() : "";
  if (type.starts_with("UINT")) return "is not a whole number from 0";
  return type.starts_with("FLOAT") ? "is not a number" : "is not what it takes";
}

// The whole text as a number.
template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

// A check's name has the words that it knows.
constexpr std::string_view kWords = "words: ";

std::string named(const std::vector<std::string>& words) {
  return std::string(kWords) + join(words, " ");
}

// null behind the last one: the library does not say how many there are.
const CLI::Validator* validator_at(CLI::Option& option, int index) {
  try {
    return option.get_validator(index);
  } catch (const CLI::OptionNotFound&) {
    return nullptr;
  }
}

}  // namespace

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return {[=](std::string& text) {
            const auto value = parse_int(text);
            if (value && *value >= least && *value <= most) return std::string();
            return '"' + text + "\" is not a whole number from " + range;
          },
          ""};
}

// The library takes "-1" for the largest number there is, and so what is larger than that.
CLI::Validator whole_number_from_zero() {
  return {[](std::string& text) {
            const bool good = number_in<std::uint64_t>(text).has_value();
            return good ? std::string() : '"' + text + "\" is not a whole number from 0";
          },
          ""};
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string all = join(words, ", ");
  return {[=](std::string& text) {
            if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
            const std::string nearest = nearest_word(text, words);
            return '"' + text + "\" is not known; " +
                   (nearest.empty() ? "there is: " + all : "did you mean " + nearest + '?');
          },
          "", named(words)};
}

CLI::Validator suggested(const std::vector<std::string>& words) {
  return {[](std::string&) { return std::string(); }, "", named(words)};
}

std::vector<std::string> words_of(CLI::Option& option) {
  for (int index = 0; const CLI::Validator* validator = validator_at(option, index); ++index) {
    std::string_view name = validator->get_name();
    if (!name.starts_with(kWords)) continue;
    name.remove_prefix(kWords.size());
    const auto words = split(name, ' ');
    return {words.begin(), words.end()};
  }
  return {};
}

CLI::Validator positive_number() {
  return {[](std::string& text) {
            const auto value = number_in<double>(text);
            return value && std::isfinite(*value) && *value > 0 ? std::string()
                                                                : '"' + text + "\" is not a number above 0";
          },
          ""};
}

CLI::Validator some_text() {
  return {[](std::string& text) { return std::string(text.empty() ? "must not be empty" : ""); }, ""};
}

std::string said_command(const CLI::App& app) {
  const auto said = app.get_subcommands();
  if (said.empty()) return "";
  const std::string inner = said_command(*said.front());
  return said.front()->get_name() + (inner.empty() ? "" : ' ' + inner);
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const std::string text = error.what(), kind = error.get_name();
  const std::string name = option_in(text);
  // What nobody takes may stand where something else is missing.
  const bool rest = dynamic_cast<const CLI::ExtrasError*>(&error) || kind == "RequiredError";
  if (const std::string unneeded = rest ? explain_rest(app) : ""; !unneeded.empty()) return unneeded;
  if (kind == "RequiredError") return name + " is missing" + see_help(app);
  if (kind == "ArgumentMismatch") return name + " needs a value" + see_help(app);
  if (kind != "ConversionError") return text;
  const CLI::Option* option = option_of_command(app, name);
  const bool is_flag = option && option->get_expected_max() == 0;
  const auto equals = text.find(" = ");
  const std::string given = equals == text.npos ? "its value" : '"' + text.substr(equals + 3) + '"';
  return name + ": " + (is_flag ? given + " is neither true nor false" : given + ' ' + expected_by(option));
}

std::string explain_rest(const CLI::App& app) {
  for (const std::string& word : app.remaining(true)) {
    if (word == "--") continue;  // what stands behind it was taken
    return word.starts_with('-') ? unknown_option(app, word) : unneeded_word(app, word);
  }
  return "";
}

}  // namespace cvemu::cli
