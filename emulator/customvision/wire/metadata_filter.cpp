#include "customvision/wire/metadata_filter.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/text.h"
#include "customvision/errors.h"
#include "customvision/wire/wire.h"

namespace cvemu::customvision {

namespace {

using Test = std::function<bool(const wire::Metadata&)>;

// Reads `or` of `and` of conditions, by recursive descent.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Test parse() {
    skip_beginning();
    Test test = any();
    if (!next().empty()) fail("nothing may follow");
    return test;
  }

 private:
  // A filter text is short, but its brackets must not be able to exhaust the stack.
  static constexpr int kDeepest = 32;

  [[noreturn]] void fail(std::string_view reason) const {
    throw errors::metadata_filter(std::string(reason) + " at \"" + std::string(rest_) + '"');
  }

  std::string_view next() {
    rest_ = trim(rest_);
    return rest_;
  }

  void skip_beginning() {
    constexpr std::string_view kBeginning = "metadata=";
    if (istarts_with(next(), kBeginning)) rest_.remove_prefix(kBeginning.size());
  }

  bool take_word(std::string_view word) {
    const std::string_view text = next();
    const bool ends = text.size() == word.size() || (text.size() > word.size() && text[word.size()] == ' ');
    if (!istarts_with(text, word) || !ends) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool take(char c) {
    if (!next().starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string quoted_value() {
    if (!take('\'')) fail("a value in single quotes is missing");
    std::string value;
    for (;;) {
      const auto quote = rest_.find('\'');
      if (quote == std::string_view::npos) fail("a quote is not closed");
      value += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('\'')) return value;
      value += '\'';
      rest_.remove_prefix(1);
    }
  }

  std::string key() {
    if (next().starts_with('\'')) return quoted_value();
    const std::string word(rest_.substr(0, rest_.find_first_of(" ()'")));
    if (word.empty()) fail("a key is missing");
    rest_.remove_prefix(word.size());
    return word;
  }

  Test condition() {
    if (take('(')) {
      if (++depth_ > kDeepest) fail("too many brackets");
      Test test = any();
      if (!take(')')) fail("a bracket is not closed");
      --depth_;
      return test;
    }
    const std::string name = key();
    const bool wanted = take_word("eq");
    if (!wanted && !take_word("ne")) fail("eq or ne is missing");
    return [name, value = quoted_value(), wanted](const wire::Metadata& metadata) {
      const bool found = std::any_of(metadata.begin(), metadata.end(), [&](const auto& pair) {
        return pair.first == name && pair.second == value;
      });
      return found == wanted;
    };
  }

  Test all() {
    std::vector<Test> tests{condition()};
    while (take_word("and")) tests.push_back(condition());
    return [tests](const wire::Metadata& metadata) {
      return std::all_of(tests.begin(), tests.end(), [&](const Test& test) { return test(metadata); });
    };
  }

  Test any() {
    std::vector<Test> tests{all()};
    while (take_word("or")) tests.push_back(all());
    return [tests](const wire::Metadata& metadata) {
      return std::any_of(tests.begin(), tests.end(), [&](const Test& test) { return test(metadata); });
    };
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

std::function<bool(std::string_view json)> parse_metadata_filter(std::string_view text) {
  return [test = Parser(text).parse()](std::string_view json) { return test(wire::read_metadata(json)); };
}

}  // namespace cvemu::customvision
