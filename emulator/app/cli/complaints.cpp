#include "app/cli/complaints.h"

#include <algorithm>
#include <iostream>

#include "base/secrets.h"

namespace cvemu::cli {

namespace {

constexpr std::size_t kLongestName = 30;  // of our options and commands, and some slips

bool is_lower(char c) {
  return (c >= 'a' && c <= 'z') || c == '-';
}
bool is_name_char(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

void complain(std::string_view text, std::string_view command) {
  std::cerr << "cvemu" << (command.empty() ? "" : " ") << command << ": " << masked(text) << std::endl;
}

std::string repeated(std::string_view argument) {
  constexpr std::size_t kShort = 2;  // -x
  if (argument.starts_with("--"))
    argument = argument.substr(0, argument.find('='));
  else if (argument.starts_with('-'))
    argument = argument.substr(0, kShort);
  const bool is_name =
      argument.size() <= kLongestName &&
      std::all_of(argument.begin(), argument.end(), argument.starts_with('-') ? is_name_char : is_lower);
  return is_name ? ' ' + std::string(argument) : std::string();
}

std::string text_of(const std::exception_ptr& uncaught) {
  if (!uncaught) return "ended in the middle of its work";
  try {
    std::rethrow_exception(uncaught);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "ended by something that is no exception";
  }
}

}  // namespace cvemu::cli
