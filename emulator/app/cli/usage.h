// What is wrong with a command line, in a sentence with what to do next. No words of the library that reads
// it.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace cvemu::cli {

// The command line cannot be meant so; exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Checks of a value, with words of ours.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
CLI::Validator whole_number_from_zero();
CLI::Validator one_of(std::vector<std::string> words);
// Words that completions offer; checks nothing.
CLI::Validator suggested(const std::vector<std::string>& words);
CLI::Validator positive_number();
// Not empty.
CLI::Validator some_text();

// Those of one_of or `suggested`; none for an option that has neither.
std::vector<std::string> words_of(CLI::Option& option);

// The command that was said, "faults add"; "" for none.
std::string said_command(const CLI::App& app);
std::string explain(const CLI::App& app, const CLI::ParseError& error);
// The first argument that nobody takes, and what may have been meant; "" if there is none.
std::string explain_rest(const CLI::App& app);

}  // namespace cvemu::cli
