#include "base/durations.h"

#include <doctest/doctest.h>

using namespace cvemu;
using namespace std::chrono_literals;

TEST_CASE("parse_duration: as people write them, and as ISO 8601") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("1.5h") == 90min);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("3") == 3s);
  CHECK(parse_duration("0") == 0s);
  CHECK(parse_duration("PT1H30M") == 90min);
  CHECK(parse_duration("P1DT0.5S") == 24h + 500ms);
}

TEST_CASE("parse_duration: anything else is refused") {
  for (const char* text :
       {"", "s", "-1s", "10 m", "10x", "1e3s", "P", "PT", "PT5", "PT5X", "99999999999h", "inf"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("duration_text: short, and read back as the same") {
  CHECK(duration_text(0s) == "0s");
  CHECK(duration_text(90s) == "90s");
  CHECK(duration_text(600s) == "10m");
  CHECK(duration_text(48h) == "48h");
  CHECK(duration_text(250ms) == "250ms");
  for (const Duration duration : {Duration(1), Duration(1'000'001), Duration(48h)})
    CHECK(parse_duration(duration_text(duration)) == duration);
}
