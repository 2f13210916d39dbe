#include "base/text.h"

#include <doctest/doctest.h>

namespace cvemu::base_text_test {

TEST_CASE("base64: both ways, and refusals") {
  for (const std::string text : {"", "a", "ab", "abc", "abcd"})
    CHECK(base64_decode(base64_encode(text)) == text);
  CHECK(base64_encode("abcd") == "YWJjZA==");
  CHECK_FALSE(base64_decode("YWJjZA"));
  CHECK_FALSE(base64_decode("YW*jZA=="));
  CHECK_FALSE(base64_decode("Y==="));
}

TEST_CASE("percent coding: one pass, plus only where asked") {
  CHECK(percent_decode("a%2Bb%20c+d") == "a+b c+d");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(percent_decode("%2525") == "%25");
  CHECK_FALSE(percent_decode("%zz"));
  CHECK_FALSE(percent_decode("%2"));
  CHECK(percent_encode("a b/é~") == "a%20b%2F%C3%A9~");
  CHECK(percent_encode("a/b", true) == "a/b");
}

TEST_CASE("parse_int: the whole text or nothing") {
  CHECK(parse_int("-1") == -1);
  CHECK(parse_int("604800") == 604800);
  for (const char* text : {"", "abc", "1x", " 1", "+1", "99999999999999999999"}) CHECK_FALSE(parse_int(text));
}

TEST_CASE("is_valid_utf8: overlong forms, surrogates and cut sequences are refused") {
  CHECK(is_valid_utf8("aé€😀"));
  CHECK_FALSE(is_valid_utf8("\xC0\x80"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_valid_utf8("\xE2\x82"));
  CHECK_FALSE(is_valid_utf8("\xFF"));
}

TEST_CASE("split, trim and comparison without case") {
  CHECK(split("a,,b", ',').size() == 3);
  CHECK(trim(" \ta b ") == "a b");
  CHECK(iequals("X-Ms-Date", "x-ms-date"));
  CHECK(istarts_with("X-MS-Meta-a", "x-ms-meta-"));
  CHECK_FALSE(istarts_with("x-ms", "x-ms-meta-"));
}

}  // namespace cvemu::base_text_test
