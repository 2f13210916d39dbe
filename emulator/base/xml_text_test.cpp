#include "base/xml_text.h"

#include <doctest/doctest.h>

namespace cvemu::base_xml_text_test {

namespace {

std::string written(std::string_view text, XmlQuotes quotes = XmlQuotes::Escape) {
  std::string out = "=";
  append_xml(out, text, quotes);
  return out.substr(1);
}

}  // namespace

TEST_CASE("XML text: what has a meaning is written by its reference") {
  CHECK(written("plain\t\n") == "plain\t\n");
  CHECK(written("<a b=\"c\">&'\r") == "&lt;a b=&quot;c&quot;&gt;&amp;'&#xD;");
  CHECK(written("{\"a\": \"<\"}", XmlQuotes::Keep) == "{\"a\": \"&lt;\"}");
  CHECK(written("&amp;") == "&amp;amp;");
  CHECK(written("\u00e9 & \U0001F600") == "\u00e9 &amp; \U0001F600");
}

TEST_CASE("XML text: what XML cannot hold becomes U+FFFD") {
  for (const std::string_view bad : {"\x01", "\xff", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xC3"}) {
    CHECK_FALSE(fits_xml(bad));
    CHECK(written(bad) == "\xEF\xBF\xBD");
  }
  CHECK(written("\x01<\u00e9") == "\xEF\xBF\xBD&lt;\u00e9");
  CHECK(fits_xml("<\r\n\t\u00e9>"));
}

}  // namespace cvemu::base_xml_text_test
