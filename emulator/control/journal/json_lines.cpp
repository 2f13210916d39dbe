#include "control/journal/json_lines.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace cvemu::control {

namespace {

// Walks a text that is known to be valid JSON.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  std::size_t offset() {
    skip_blanks();
    return at_;
  }

  // Into the member or element of that name; false, and anywhere, if the value here has none.
  bool enter(std::string_view name) {
    skip_blanks();
    const char bracket = peek();
    if (bracket != '{' && bracket != '[') return false;
    ++at_;
    for (std::size_t index = 0; skip_blanks(), peek() != '}' && peek() != ']'; ++index) {
      const std::string here = bracket == '{' ? key() : std::to_string(index);
      if (here == name) return true;
      skip_value();
      skip_blanks();
      if (peek() == ',') ++at_;
    }
    return false;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '}'; }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  std::string key() {
    const std::size_t begin = at_ + 1;
    skip_string();
    const std::string name(text_.substr(begin, at_ - begin - 1));
    skip_blanks();
    ++at_;  // the colon
    return name;
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  void skip_value() {
    int depth = 0;
    do {
      skip_blanks();
      const char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      depth += (c == '{' || c == '[') - (c == '}' || c == ']');
      ++at_;
      if (depth == 0 && c != '}' && c != ']')
        at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    } while (depth > 0 && at_ < text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<std::size_t>(std::count(
             text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

std::size_t line_of(std::string_view text, std::string_view pointer) {
  Walker walker(text);
  std::size_t found = walker.offset();
  if (!pointer.empty()) pointer.remove_prefix(1);
  for (const std::string_view name : split(pointer, '/')) {
    if (!walker.enter(name)) break;
    found = walker.offset();
  }
  return line_at(text, found);
}

}  // namespace cvemu::control
