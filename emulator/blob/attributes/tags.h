// Tags of blobs: their limits, and the expressions that select by them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "store/string_map.h"

namespace cvemu::blob {

// Throws TagsTooLarge, EmptyTagName, DuplicateTagNames, InvalidTags (a character that tags may not have).
void check_tags(const Pairs&);
// x-ms-tags, form-encoded ("k=v&k2=v2"), checked and packed; "" if absent.
std::string read_tags_header(const Headers&);

// "key op 'value' AND ...": keys bare or in double quotes, values in single quotes ('' for one of them),
// compared as text.
class TagExpression {
 public:
  // x-ms-if-tags: = <> > >= < <=, joined by AND and OR, AND first. 400 InvalidHeaderValue.
  static TagExpression parse_condition(std::string_view text);
  // `where` of Find Blobs by Tags: = > >= < <= joined by AND, and @container = '...'. 400
  // InvalidQueryParameterValue.
  static TagExpression parse_where(std::string_view text);

  bool matches(const Pairs& tags) const;
  // The container that parse_where found; nullopt for all.
  const std::optional<std::string>& container() const { return container_; }
  // Those of the tags that the expression names: what Find Blobs by Tags answers.
  Pairs named(const Pairs& tags) const;

 private:
  enum class Operator { Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual };
  struct Comparison {
    std::string key;
    Operator op;
    std::string value;
    bool holds(const Pairs& tags) const;
  };
  class Parser;

  std::vector<std::vector<Comparison>> any_of_;  // OR of ANDs
  std::optional<std::string> container_;
};

}  // namespace cvemu::blob
