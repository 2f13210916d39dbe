#include "app/cli/arguments.h"

#include <doctest/doctest.h>

using cvemu::cli::arguments_of;

TEST_CASE("arguments: options, flags, lists, defaults, and what stands without a name") {
  const auto all = arguments_of("<by>? until drain! scope* format=shell <text> rate@ <for>@");
  REQUIRE(all.size() == 8);
  CHECK((all[0].name == "by" && all[0].positional && !all[0].required));
  CHECK((all[1].name == "until" && !all[1].positional && !all[1].flag));
  CHECK((all[2].name == "drain" && all[2].flag));
  CHECK((all[3].name == "scope" && all[3].repeatable));
  CHECK((all[4].name == "format" && all[4].fallback == "shell"));
  CHECK((all[5].name == "text" && all[5].positional && all[5].required));
  CHECK((all[6].name == "rate" && all[6].json && !all[6].positional));
  CHECK((all[7].name == "for" && all[7].json && all[7].required));
  CHECK(arguments_of("").empty());
}
