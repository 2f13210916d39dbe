#include "store/string_map.h"

#include <doctest/doctest.h>

namespace cvemu::store_string_map_test {

TEST_CASE("pairs in one text: read as they were written") {
  const Pairs pairs = {{"colour", "red"}, {"empty", ""}, {"", "nameless"}, {"tab", "a\tb"}};
  CHECK(pack(pairs) == "colour\tred\nempty\t\n\tnameless\ntab\ta\tb\n");
  CHECK(unpack(pack(pairs)) == pairs);
  CHECK(unpack("").empty());
}

// As an archive may bring it.
TEST_CASE("pairs in one text: what was cut off or never written by us is read to its end") {
  CHECK(unpack("a\t1") == Pairs{{"a", "1"}});
  CHECK(unpack("a") == Pairs{{"a", ""}});
  CHECK(unpack("a\t1\nb") == Pairs{{"a", "1"}, {"b", ""}});
  CHECK(unpack("\n") == Pairs{{"", ""}});
}

}  // namespace cvemu::store_string_map_test
