#include "base/escapes.h"

#include <doctest/doctest.h>

namespace cvemu::base_escapes_test {

TEST_CASE("escapes: one character, whatever it wears") {
  for (const std::string_view text : {"&", "&amp;", "&#38;", "&#x26;", "%26", "%2526", "%252526", R"(\u0026)",
                                      R"(\\u0026)", R"(\u0026amp;)"}) {
    const MeantChar c = meant_at(text, 0);
    CHECK_MESSAGE(c.meaning == '&', text);
    CHECK_MESSAGE(c.width == text.size(), text);
  }
  CHECK(meant_at("%3D", 0).meaning == '=');
  CHECK(meant_at(R"(\/)", 0).meaning == '/');
  CHECK(meant_at(R"(\n)", 0).meaning == '\n');
  CHECK(meant_at("&quot;", 0).meaning == '"');
}

TEST_CASE("escapes: what is broken off stands for itself, and nothing is read behind the end") {
  for (const std::string_view text :
       {"%", "%2", "&am", "&#3", R"(\u00)", R"(\)", "&#;", "&#x;", "%zz", "&#99999999;"}) {
    const MeantChar c = meant_at(text, 0);
    CHECK_MESSAGE(c.meaning == text[0], text);
    CHECK_MESSAGE(c.width <= text.size(), text);
  }
}

TEST_CASE("escapes: backslashes before a quote belong to it, and say how deep it is") {
  const MeantChar c = meant_at(R"(\\\"x)", 0);
  CHECK(c.meaning == '"');
  CHECK(c.width == 4);
  CHECK(c.slashes == 3);
  CHECK(closes_text(0, 0));
  CHECK_FALSE(closes_text(1, 0));  // an escaped quote
  CHECK(closes_text(2, 0));        // a quote behind an escaped backslash
  CHECK(closes_text(1, 1));
  CHECK_FALSE(closes_text(3, 1));
  CHECK(closes_text(5, 1));
  CHECK(closes_text(0, 1));  // the text around it ends
  CHECK(closes_text(0, 3));
  CHECK_FALSE(closes_text(7, 3));
}

}  // namespace cvemu::base_escapes_test
