#include "base/json.h"

#include <doctest/doctest.h>

namespace cvemu::base_json_test {

namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// The offset that parse_json complains of; npos if it does not.
std::size_t error_at(std::string_view text) {
  try {
    parse_json(text);
    return std::string_view::npos;
  } catch (const JsonError& error) {
    return error.byte;
  }
}

}  // namespace

TEST_CASE("JSON: a document comes back as it was written") {
  CHECK(dump_json(parse_json(R"({"b":[1,2.5,null,true,"\u00e4"],"a":{}})")) ==
        "{\"b\":[1,2.5,null,true,\"\xC3\xA4\"],\"a\":{}}");
  CHECK(try_parse_json("null")->is_null());
}

TEST_CASE("JSON: 64 levels are read, the 65th is refused where it begins") {
  CHECK(error_at(nested(64)) == std::string_view::npos);
  CHECK(error_at(nested(65)) == 64);
  CHECK_FALSE(try_parse_json(nested(65)));
  CHECK(error_at(R"({"a":)" + nested(100'000) + R"(,"b":1})") == 5 + 63);
}

TEST_CASE("JSON: brackets in texts do not count, neither do lists beside each other") {
  CHECK(parse_json('"' + std::string(1000, '[') + '"').get<std::string>().size() == 1000);
  CHECK(parse_json(R"(["\"[[[\\", "[", "]]]]"])").size() == 3);
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i) wide += nested(63) + ',';
  CHECK(parse_json(wide + "0]").size() == 1001);
}

TEST_CASE("JSON: deep nesting behind a broken text builds nothing") {
  for (const char* broken : {"]", "}", "x", "\"", "\"\\", "[1,", "{\"a\"", "\x01", "\"\xff\""}) {
    CAPTURE(broken);
    CHECK(error_at(broken + nested(200'000)) != std::string_view::npos);
    CHECK_FALSE(try_parse_json(broken + nested(200'000)));
  }
}

TEST_CASE("JSON: what is wrong is named by its place") {
  CHECK(error_at("{\"a\": 1,\n x}") == 10);
  CHECK(error_at("") == 0);
  CHECK(error_at("[1e999]") == 0);
  CHECK(error_at("\"\xff\"") <= 2);
  CHECK(error_at("{} {}") == 3);
}

TEST_CASE("JSON: invalid UTF-8 is written as U+FFFD") {
  CHECK(dump_json(Json("\xff")) == "\"\xEF\xBF\xBD\"");
}

}  // namespace cvemu::base_json_test
