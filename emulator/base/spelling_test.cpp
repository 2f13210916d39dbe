#include "base/spelling.h"

#include <doctest/doctest.h>

namespace cvemu::base_spelling_test {

TEST_CASE("spelling: the nearest word is the one with the fewest letters to mend") {
  CHECK(nearest_word("operaton", {"service", "operation", "option"}) == "operation");
  CHECK(nearest_word("SERVICE", {"operation", "service"}) == "service");
  CHECK(nearest_word("queue-prot", {"queue-host", "queue-port"}) == "queue-port");
  CHECK(nearest_word("fro", {"to", "for"}) == "for");
  CHECK(nearest_word("x", {}) == "");
}

TEST_CASE("spelling: no word is named that is not near") {
  for (const char* far : {"x", "banana", "queues-and-more", "opt", "", "ser"})
    CHECK(nearest_word(far, {"operation", "service", "queue"}) == "");
  CHECK(nearest_word("operatiooo", {"operation"}) == "operation");
  CHECK(nearest_word("oprtn", {"operation"}) == "");
  CHECK(nearest_word("a", {"b"}) == "");
  CHECK(nearest_word("ac", {"ab"}) == "ab");
}

}  // namespace cvemu::base_spelling_test
