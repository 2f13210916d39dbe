#include "base/spelling.h"

#include <doctest/doctest.h>

using namespace cvemu;

TEST_CASE("the nearest word is the one with the fewest letters to mend") {
  CHECK(nearest_word("operaton", {"service", "operation", "option"}) == "operation");
  CHECK(nearest_word("SERVICE", {"operation", "service"}) == "service");
  CHECK(nearest_word("x", {}) == "");
}
