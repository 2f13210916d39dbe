#include "app/cli/arguments.h"

#include "base/text.h"

namespace cvemu::cli {

Argument::Argument(std::string_view written) {
  if (const auto equals = written.find('='); equals != std::string_view::npos) {
    fallback = written.substr(equals + 1);
    written = written.substr(0, equals);
  }
  const char mark = written.back();
  flag = mark == '!';
  repeatable = mark == '*';
  json = mark == '@';
  if (flag || repeatable || json || mark == '?') written.remove_suffix(1);
  if (written.starts_with('<')) {
    positional = true;
    required = mark != '?' && fallback.empty();
    written = written.substr(1, written.size() - 2);
  }
  name = written;
}

std::vector<Argument> arguments_of(std::string_view list) {
  std::vector<Argument> all;
  for (const std::string_view word : split(list, ' '))
    if (!word.empty()) all.emplace_back(word);
  return all;
}

}  // namespace cvemu::cli
