#include "base/times.h"

#include <doctest/doctest.h>

namespace cvemu::base_times_test {

using namespace std::chrono_literals;

namespace {
const Instant kSample = *times::parse_iso("2020-11-06T17:40:45.493677");
}

TEST_CASE("times: every form on the wire") {
  CHECK(times::rfc1123(kSample) == "Fri, 06 Nov 2020 17:40:45 GMT");
  CHECK(times::iso_millis(kSample) == "2020-11-06T17:40:45.493Z");
  CHECK(times::iso_naive(kSample) == "2020-11-06T17:40:45.493677");
  CHECK(times::iso_naive(kSample - 677us) == "2020-11-06T17:40:45.493");
  CHECK(times::iso_ticks(kSample) == "2020-11-06T17:40:45.4936770Z");
  CHECK(times::iso_seconds(kSample) == "2020-11-06T17:40:45Z");
  CHECK(times::iso_millis(*times::parse_iso("2020-11-06T17:40:45.61Z")) == "2020-11-06T17:40:45.610Z");
  CHECK(times::rfc1123(times::kNever) == "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST_CASE("times: the four forms in SAS tokens are read") {
  const Instant midnight = *times::parse_iso("2030-01-02");
  CHECK(times::parse_iso("2030-01-02T00:00Z") == midnight);
  CHECK(times::parse_iso("2030-01-02T00:00:00Z") == midnight);
  CHECK(times::parse_iso("2030-01-02T00:00:00.0000000Z") == midnight);
  for (const char* text :
       {"", "rubbish", "2030-13-01", "2030-02-30", "2030-01-01T25:00Z", "2030-01-01T00:00Zx", "0000-01-01",
        "10000-01-01", "-001-01-01", "nan", "2030-01-01T00:00:00.1234567891Z"})
    CHECK_FALSE(times::parse_iso(text));
}

TEST_CASE("times: RFC 1123 goes both ways") {
  CHECK(times::parse_rfc1123("Fri, 06 Nov 2020 17:40:45 GMT") == kSample - 493677us);
  for (const char* text : {"", "rubbish", "Fri, 06 Nov 2020 17:40:45", "Fri, 32 Nov 2020 17:40:45 GMT"})
    CHECK_FALSE(times::parse_rfc1123(text));
}

TEST_CASE("times: a year has four digits, whatever is to be written") {
  const std::string first = "0001-01-01T00:00:00", last = "9999-12-31T23:59:59";
  for (const Instant before :
       {Instant::min(), *times::parse_iso(first) - 1us, from_micros(-62'200'000'000'000'000)}) {
    CHECK(times::iso_seconds(before) == first + 'Z');
    CHECK(times::iso_naive(before) == first);
    CHECK(times::rfc1123(before) == "Mon, 01 Jan 0001 00:00:00 GMT");
  }
  for (const Instant after : {Instant::max(), kEndOfTime + 1s, kEndOfTime + std::chrono::hours(24 * 36500)}) {
    CHECK(times::iso_millis(after) == last + ".999Z");
    CHECK(times::iso_ticks(after) == last + ".9999990Z");
    CHECK(times::rfc1123(after) == "Fri, 31 Dec 9999 23:59:59 GMT");
  }
  CHECK(times::iso_millis(kEndOfTime) == last + ".000Z");
}

}  // namespace cvemu::base_times_test
