#include "blob/attributes/tags.h"

#include <doctest/doctest.h>

namespace cvemu::attributes_tags_test {

using namespace cvemu::blob;

namespace {

bool condition(std::string_view text, const Pairs& tags) {
  return TagExpression::parse_condition(text).matches(tags);
}
bool where(std::string_view text, const Pairs& tags) {
  return TagExpression::parse_where(text).matches(tags);
}

const Pairs kTagsOfBlob = {{"status", "b"}, {"my key", "x y"}};

}  // namespace

TEST_CASE("TagExpression: comparisons are of text") {
  CHECK(condition("status = 'b'", kTagsOfBlob));
  CHECK_FALSE(condition("status = 'B'", kTagsOfBlob));
  CHECK(condition("status<>'a'", kTagsOfBlob));
  CHECK(condition("status > 'a'", kTagsOfBlob));
  CHECK(condition("status >= 'b'", kTagsOfBlob));
  CHECK(condition("status < 'c'", kTagsOfBlob));
  CHECK(condition("status <= 'b'", kTagsOfBlob));
  CHECK(condition("\"my key\" = 'x y'", kTagsOfBlob));
  CHECK_FALSE(condition("none = ''", kTagsOfBlob));
  CHECK(condition("none <> ''", kTagsOfBlob));
}

TEST_CASE("TagExpression: AND binds closer than OR") {
  CHECK(condition("status = 'x' AND none = 'y' OR status = 'b'", kTagsOfBlob));
  CHECK(condition("status = 'b' or status = 'x' and none = 'y'", kTagsOfBlob));
  CHECK_FALSE(condition("status = 'b' AND none = 'y'", kTagsOfBlob));
}

TEST_CASE("TagExpression: a search knows containers, and neither OR nor <>") {
  const auto search = TagExpression::parse_where("@container = 'c' AND status >= 'a' AND status < 'c'");
  CHECK(search.container() == "c");
  CHECK(search.matches(kTagsOfBlob));
  CHECK(search.named(kTagsOfBlob) == Pairs{{"status", "b"}});
  CHECK_FALSE(where("status = 'x'", kTagsOfBlob));
  for (const char* bad :
       {"", "status", "status = b", "status = 'a' OR status = 'b'", "status <> 'a'", "= 'a'",
        "status = 'a' AND", "status = 'a", "@container > 'a'", "status = 'a' status = 'b'"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(TagExpression::parse_where(bad), ApiError);
  }
  CHECK_THROWS_AS(TagExpression::parse_condition("@container = 'c'"), ApiError);
}

TEST_CASE("check_tags: the limits of the documentation") {
  const auto code = [](const Pairs& tags) {
    try {
      check_tags(tags);
      return std::string("ok");
    } catch (const ApiError& error) {
      return error.code;
    }
  };
  CHECK(code({{"k", ""}, {"K", "a b+-./:=_"}}) == "ok");
  CHECK(code({{"", "v"}}) == "EmptyTagName");
  CHECK(code({{"k", "1"}, {"k", "2"}}) == "DuplicateTagNames");
  CHECK(code({{std::string(129, 'k'), ""}}) == "TagsTooLarge");
  CHECK(code({{"k", std::string(257, 'v')}}) == "TagsTooLarge");
  CHECK(code(Pairs(11, {"k", "v"})) == "TagsTooLarge");
  CHECK(code({{"k", "a!"}}) != "ok");
}

}  // namespace cvemu::attributes_tags_test
