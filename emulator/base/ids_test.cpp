#include "base/ids.h"

#include <doctest/doctest.h>

#include <set>

namespace cvemu::base_ids_test {

TEST_CASE("Uuid: text goes both ways, without regard to case") {
  const auto id = Uuid::parse("EE85A74C-405e-4adc-bb47-ffa8ca0c9f31");
  REQUIRE(id);
  CHECK(id->text() == "ee85a74c-405e-4adc-bb47-ffa8ca0c9f31");
  CHECK(id->compact() == "ee85a74c405e4adcbb47ffa8ca0c9f31");
  CHECK(Uuid(id->high(), id->low()) == *id);
}

TEST_CASE("Uuid: other forms are not ids") {
  for (const char* text : {"", "ee85a74c405e4adcbb47ffa8ca0c9f31", "{ee85a74c-405e-4adc-bb47-ffa8ca0c9f31}",
                           "ee85a74c-405e-4adc-bb47-ffa8ca0c9f3g", "ee85a74c-405e-4adc-bb47-ffa8ca0c9f311"})
    CHECK_FALSE(Uuid::parse(text));
}

TEST_CASE("uniqueidentifier order: the last six bytes decide first, the first group last and reversed") {
  const auto id = [](const char* text) { return *Uuid::parse(text); };
  CHECK(uniqueidentifier_less(id("ffffffff-ffff-ffff-ffff-000000000001"),
                              id("00000000-0000-0000-0000-000000000002")));
  CHECK(uniqueidentifier_less(id("ff000000-0000-0000-0000-000000000000"),
                              id("00000001-0000-0000-0000-000000000000")));
}

TEST_CASE("IdSource: a seed gives the same ids again, and they do not repeat") {
  IdSource a(7), b(7), other(8);
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = a.uuid();
    CHECK(id == b.uuid());
    CHECK(id != other.uuid());
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("scramble: the way back") {
  for (std::uint64_t n : {0ULL, 1ULL, 2ULL, 12345678901ULL, ~0ULL})
    CHECK(unscramble(scramble(n, 42), 42) == n);
  CHECK(scramble(1, 42) != scramble(2, 42));
}

}  // namespace cvemu::base_ids_test
