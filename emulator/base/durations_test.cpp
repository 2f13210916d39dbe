#include "base/durations.h"

#include <doctest/doctest.h>

namespace cvemu::base_durations_test {

using namespace std::chrono_literals;

TEST_CASE("parse_duration: as people write them, and as ISO 8601") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("1.5h") == 90min);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("3") == 3s);
  CHECK(parse_duration("0") == 0s);
  CHECK(parse_duration("36500d") == 24h * 36500);  // the most there is
  CHECK(parse_duration("PT1H30M") == 90min);
  CHECK(parse_duration("P1DT0.5S") == 24h + 500ms);
}

TEST_CASE("parse_duration: anything else is refused") {
  for (const char* text :
       {"",       "s",   "-1s", "10 m",    "10x",      "1e3s", "P",  "PT",  "PT5",   "PT5X",  "99999999999h",
        "inf",    "nan", "NaN", "nan(1)s", "infinity", "-nan", "-0", "+1s", "1e308", "PnanS", "PT-1S",
        "36501d", "1s1", "#",   "1s ",     " "})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("duration_text: short, and read back as the same") {
  CHECK(duration_text(0s) == "0s");
  CHECK(duration_text(90s) == "90s");
  CHECK(duration_text(600s) == "10m");
  CHECK(duration_text(48h) == "48h");
  CHECK(duration_text(250ms) == "250ms");
  for (const Duration duration :
       {Duration(1), Duration(1'000'001), Duration(48h), Duration(2'782'172'493'399'041)})
    CHECK(parse_duration(duration_text(duration)) == duration);
}

TEST_CASE("parse_duration: numbers that no double or no clock can hold") {
  const std::string digits(400, '9');
  CHECK_FALSE(parse_duration(digits));
  CHECK_FALSE(parse_duration(digits + "s"));
  CHECK_FALSE(parse_duration("PT" + digits + "S"));
  CHECK_FALSE(parse_duration("P36500DT1S"));
  CHECK(parse_duration("0." + std::string(300, '0') + "1s") == Duration(0));
  CHECK(parse_duration(std::string_view("1\0", 2)) == std::nullopt);
}

}  // namespace cvemu::base_durations_test
