#include "control/journal/json_lines.h"

#include <doctest/doctest.h>

namespace cvemu::journal_json_lines_test {

using namespace cvemu::control;

TEST_CASE("line_of: finds members and elements, past strings and numbers of any kind") {
  constexpr std::string_view kText =
      "{\n"                                   // 1
      "  \"a \\\" {\": [1, -2.5e3, true],\n"  // 2
      "  \"list\": [\n"                       // 3
      "    {\"x\": \"},]\"},\n"               // 4
      "    {\n"                               // 5
      "      \"y\": null,\n"                  // 6
      "      \"z\": {\"deep\":\n"             // 7
      "        7}\n"                          // 8
      "    }\n"                               // 9
      "  ],\n"                                // 10
      "  \"last\": 1\n"                       // 11
      "}\n";
  CHECK(line_of(kText, "") == 1);
  CHECK(line_of(kText, "/list") == 3);
  CHECK(line_of(kText, "/list/0/x") == 4);
  CHECK(line_of(kText, "/list/1") == 5);
  CHECK(line_of(kText, "/list/1/z/deep") == 8);
  CHECK(line_of(kText, "/last") == 11);
  CHECK(line_of(kText, "/list/1/missing/more") == 5);
  CHECK(line_of(kText, "/list/7") == 3);
}

}  // namespace cvemu::journal_json_lines_test
