#include "app/cli/arguments.h"

#include <doctest/doctest.h>

using cvemu::cli::arguments_of;

TEST_CASE("arguments: options, flags, lists, defaults, and what stands without a name") {
  const auto all = arguments_of("<by> until drain! scope* format=shell");
  REQUIRE(all.size() == 5);
  CHECK((all[0].name == "by" && all[0].positional));
  CHECK((all[1].name == "until" && !all[1].positional && !all[1].flag));
  CHECK((all[2].name == "drain" && all[2].flag));
  CHECK((all[3].name == "scope" && all[3].repeatable));
  CHECK((all[4].name == "format" && all[4].fallback == "shell"));
  CHECK(arguments_of("").empty());
}
