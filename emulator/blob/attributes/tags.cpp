#include "blob/attributes/tags.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "storage/errors.h"
#include "storage/limits.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

bool is_tag_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" +-./:=_").find(c) != std::string_view::npos;
}

bool is_tag_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_tag_character);
}

const std::string* find_tag(const Pairs& tags, std::string_view key) {
  for (const auto& [name, value] : tags)
    if (name == key) return &value;
  return nullptr;
}

}  // namespace

void check_tags(const Pairs& tags) {
  if (tags.size() > limits::kTags) throw errors::tags_too_large();
  for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
    const std::string& key = tag->first;
    const std::string& value = tag->second;
    if (key.empty()) throw errors::empty_tag_name();
    if (key.size() > limits::kTagKey || value.size() > limits::kTagValue) throw errors::tags_too_large();
    if (!is_tag_text(key) || !is_tag_text(value)) throw errors::invalid_tags("a character is not allowed");
    if (std::any_of(tags.begin(), tag, [&](const auto& other) { return other.first == key; }))
      throw errors::duplicate_tag_names();
  }
}

std::string read_tags_header(const Headers& headers) {
  const Query form = Query::parse(headers.get("x-ms-tags"));
  check_tags(form.all());
  return pack(form.all());
}

// Reads the words of an expression from left to right. Every function answers nullopt or false at what does
// not belong there.
class TagExpression::Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  // `where` takes neither OR nor <>, but @container.
  std::optional<TagExpression> expression(bool where) {
    TagExpression result;
    result.any_of_.emplace_back();
    do {
      if (!comparison(result, where)) return std::nullopt;
      if (word("AND")) continue;
      if (where || !word("OR")) break;
      result.any_of_.emplace_back();
    } while (true);
    skip_blanks();
    if (!rest_.empty()) return std::nullopt;
    return result;
  }

 private:
  bool comparison(TagExpression& result, bool where) {
    skip_blanks();
    const bool is_container = where && rest_.starts_with("@container");
    if (is_container) rest_.remove_prefix(std::string_view("@container").size());
    const auto key = is_container ? std::optional<std::string>("@container") : this->key();
    const auto op = key ? this->op() : std::nullopt;
    const auto value = op ? quoted('\'') : std::nullopt;
    if (!key || !op || !value || (where && *op == Operator::NotEqual)) return false;
    if (!is_container) {
      result.any_of_.back().push_back({*key, *op, *value});
      return true;
    }
    if (*op != Operator::Equal || result.container_) return false;
    result.container_ = *value;
    return true;
  }

  std::optional<std::string> key() {
    skip_blanks();
    if (rest_.starts_with('"')) return quoted('"');
    const auto end = std::find_if_not(rest_.begin(), rest_.end(),
                                      [](char c) { return is_tag_character(c) && c != ' ' && c != '='; });
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    if (length == 0) return std::nullopt;
    std::string found(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return found;
  }

  std::optional<Operator> op() {
    struct Sign {
      std::string_view text;
      Operator op;
    };
    constexpr Sign kSigns[] = {{"<>", Operator::NotEqual},    {">=", Operator::GreaterOrEqual},
                               {"<=", Operator::LessOrEqual}, {"=", Operator::Equal},
                               {">", Operator::Greater},      {"<", Operator::Less}};
    skip_blanks();
    for (const Sign& sign : kSigns) {
      if (!rest_.starts_with(sign.text)) continue;
      rest_.remove_prefix(sign.text.size());
      return sign.op;
    }
    return std::nullopt;
  }

  // A quote inside is written twice.
  std::optional<std::string> quoted(char quote) {
    skip_blanks();
    if (!rest_.starts_with(quote)) return std::nullopt;
    rest_.remove_prefix(1);
    std::string found;
    while (true) {
      const std::size_t end = rest_.find(quote);
      if (end == std::string_view::npos) return std::nullopt;
      found += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with(quote)) return found;
      found += quote;
      rest_.remove_prefix(1);
    }
  }

  bool word(std::string_view expected) {
    skip_blanks();
    if (!istarts_with(rest_, expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  void skip_blanks() { rest_ = trim(rest_); }

  std::string_view rest_;
};

TagExpression TagExpression::parse_condition(std::string_view text) {
  auto parsed = Parser(text).expression(false);
  if (!parsed) throw errors::invalid_header("x-ms-if-tags", text);
  return *std::move(parsed);
}

TagExpression TagExpression::parse_where(std::string_view text) {
  auto parsed = Parser(text).expression(true);
  if (!parsed)
    throw errors::invalid_query_parameter("where", text, "not an expression of tags joined by AND");
  return *std::move(parsed);
}

bool TagExpression::Comparison::holds(const Pairs& tags) const {
  const std::string* found = find_tag(tags, key);
  if (!found) return op == Operator::NotEqual;
  const int order = found->compare(value);
  switch (op) {
    case Operator::Equal:
      return order == 0;
    case Operator::NotEqual:
      return order != 0;
    case Operator::Greater:
      return order > 0;
    case Operator::GreaterOrEqual:
      return order >= 0;
    case Operator::Less:
      return order < 0;
    default:
      return order <= 0;
  }
}

bool TagExpression::matches(const Pairs& tags) const {
  return std::any_of(any_of_.begin(), any_of_.end(), [&](const auto& all_of) {
    return std::all_of(all_of.begin(), all_of.end(), [&](const Comparison& one) { return one.holds(tags); });
  });
}

Pairs TagExpression::named(const Pairs& tags) const {
  Pairs found;
  for (const auto& tag : tags)
    for (const auto& all_of : any_of_)
      if (std::any_of(all_of.begin(), all_of.end(),
                      [&](const Comparison& one) { return one.key == tag.first; }))
        found.push_back(tag);
  return found;
}

}  // namespace cvemu::blob
