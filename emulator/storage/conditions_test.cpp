#include "storage/conditions.h"

#include "base/times.h"
#include "storage/testing.h"

namespace cvemu::storage_conditions_test {

using namespace cvemu::testing;

namespace {

// A blob with the ETag 0xE, last written in the middle of the second 12:00:00.
const Conditional kConditional{"0xE", kVectorTime + std::chrono::milliseconds(500), true};

constexpr std::string_view kMatch = "If-Match: \"0xE\"", kMatchOther = "If-Match: \"0xF\"";
constexpr std::string_view kNone = "If-None-Match: \"0xE\"", kNoneOther = "If-None-Match: \"0xF\"";
constexpr std::string_view kNoneAny = "If-None-Match: *";
constexpr std::string_view kModifiedBefore = "If-Modified-Since: Mon, 15 Jun 2026 11:59:59 GMT";
constexpr std::string_view kModifiedAt = "If-Modified-Since: Mon, 15 Jun 2026 12:00:00 GMT";
constexpr std::string_view kUnmodifiedBefore = "If-Unmodified-Since: Mon, 15 Jun 2026 11:59:59 GMT";
constexpr std::string_view kUnmodifiedAt = "If-Unmodified-Since: Mon, 15 Jun 2026 12:00:00 GMT";

Conditions conditions_of(std::initializer_list<std::string_view> lines) {
  return read_conditions(request_of("GET /", lines).headers);
}
std::string read(std::initializer_list<std::string_view> lines, const Conditional* blob = &kConditional) {
  return code_of([&] { check_read(conditions_of(lines), blob); });
}
std::string write(std::initializer_list<std::string_view> lines, WriteKind kind = WriteKind::Change,
                  const Conditional* blob = &kConditional) {
  return code_of([&] { check_write(conditions_of(lines), blob, kind); });
}

}  // namespace

TEST_CASE("Conditions of reads: one header") {
  CHECK(read({}) == "");
  CHECK(read({kMatch}) == "");
  CHECK(read({"If-Match: 0xE"}) == "");
  CHECK(read({"If-Match: \"0xF\", \"0xE\""}) == "");
  CHECK(read({"If-Match: *"}) == "");
  CHECK(read({kMatchOther}) == "412 ConditionNotMet");
  CHECK(read({"If-Match: W/\"0xE\""}) == "412 ConditionNotMet");
  CHECK(read({kNone}) == "304 ConditionNotMet");
  CHECK(read({"If-None-Match: \"0xF\", 0xE"}) == "304 ConditionNotMet");
  CHECK(read({kNoneOther}) == "");
  CHECK(read({kNoneAny}) == "400 UnsatisfiableCondition");
  CHECK(read({kModifiedAt}) == "304 ConditionNotMet");
  CHECK(read({kModifiedBefore}) == "");
  CHECK(read({kUnmodifiedBefore}) == "412 ConditionNotMet");
  CHECK(read({kUnmodifiedAt}) == "");
}

TEST_CASE("Conditions of reads: several headers") {
  CHECK(read({kNone, kModifiedBefore}) == "");
  CHECK(read({kNoneOther, kModifiedAt}) == "");
  CHECK(read({kNone, kModifiedAt}) == "304 ConditionNotMet");
  CHECK(read({kMatch, kUnmodifiedBefore}) == "412 ConditionNotMet");
  CHECK(read({kMatchOther, kUnmodifiedAt}) == "412 ConditionNotMet");
  CHECK(read({kMatch, kUnmodifiedAt}) == "");
  CHECK(read({kMatchOther, kNone}) == "412 ConditionNotMet");
}

TEST_CASE("Conditions of reads: a missing blob") {
  CHECK(read({kMatch}, nullptr) == "412 ConditionNotMet");
  CHECK(read({"If-Match: *"}, nullptr) == "412 ConditionNotMet");
  CHECK(read({kNoneAny}, nullptr) == "400 UnsatisfiableCondition");
  CHECK(read({kNone}, nullptr) == "");
  CHECK(read({kModifiedAt}, nullptr) == "");
}

TEST_CASE("Conditions of reads: tags") {
  Conditional other = kConditional;
  other.tags_match = false;
  CHECK(read({"x-ms-if-tags: \"a\" = 'b'"}, &other) == "412 ConditionNotMet");
  CHECK(conditions_of({"x-ms-if-tags: \"a\" = 'b'"}).if_tags == "\"a\" = 'b'");
}

TEST_CASE("Conditions of reads: 304 carries ETag and Last-Modified") {
  try {
    check_read(conditions_of({kNone}), &kConditional);
    FAIL("must be refused");
  } catch (const ApiError& error) {
    CHECK(error.headers.get("ETag") == "\"0xE\"");
    CHECK(error.headers.get("Last-Modified") == "Mon, 15 Jun 2026 12:00:00 GMT");
  }
}

TEST_CASE("Conditions of writes: never 304") {
  CHECK(write({kMatch}) == "");
  CHECK(write({kMatchOther}) == "412 ConditionNotMet");
  CHECK(write({kNone}) == "412 ConditionNotMet");
  CHECK(write({kNoneOther}) == "");
  CHECK(write({kModifiedAt}) == "412 ConditionNotMet");
  CHECK(write({kModifiedBefore}) == "");
  CHECK(write({kUnmodifiedBefore}) == "412 ConditionNotMet");
  CHECK(write({kUnmodifiedAt}) == "");
}

TEST_CASE("Conditions of writes: If-None-Match: * keeps what is there") {
  CHECK(write({kNoneAny}, WriteKind::Create) == "409 BlobAlreadyExists");
  CHECK(write({kNoneAny}, WriteKind::Create, nullptr) == "");
  CHECK(write({kNoneAny}, WriteKind::Change) == "412 ConditionNotMet");
}

TEST_CASE("Conditions of writes: pairs") {
  CHECK(write({kNone, kModifiedBefore}) == "");
  CHECK(write({kNone, kModifiedAt}) == "412 ConditionNotMet");
  CHECK(write({kMatch, kUnmodifiedAt}) == "");
  CHECK(write({kMatch, kUnmodifiedBefore}) == "412 ConditionNotMet");
  for (const auto other : {kNone, kModifiedBefore})
    CHECK(write({kMatch, other}) == "400 MultipleConditionHeadersNotSupported");
  CHECK(write({kNone, kUnmodifiedAt}) == "400 MultipleConditionHeadersNotSupported");
  CHECK(write({kNone, kModifiedAt, kUnmodifiedAt}) == "400 MultipleConditionHeadersNotSupported");
  CHECK(write({"If-Match: 0xE, 0xF"}) == "400 MultipleConditionHeadersNotSupported");
}

TEST_CASE("Conditions of writes: a missing blob") {
  CHECK(write({kMatch}, WriteKind::Create, nullptr) == "412 ConditionNotMet");
  CHECK(write({kNone}, WriteKind::Create, nullptr) == "");
  CHECK(write({kModifiedAt}, WriteKind::Create, nullptr) == "");
}

TEST_CASE("Conditions on a source are 412, never 304") {
  const auto source = [](std::string_view line) {
    return code_of([&] {
      check_source(read_conditions(request_of("PUT /", {line}).headers, "x-ms-source-"), kConditional);
    });
  };
  CHECK(source("x-ms-source-if-match: 0xE") == "");
  CHECK(source("x-ms-source-if-match: 0xF") == "412 SourceConditionNotMet");
  CHECK(source("x-ms-source-if-none-match: 0xE") == "412 SourceConditionNotMet");
  CHECK(source("x-ms-source-if-modified-since: Mon, 15 Jun 2026 12:00:00 GMT") ==
        "412 SourceConditionNotMet");
  CHECK(source("If-Match: 0xF") == "");
}

TEST_CASE("Conditions: a date must be one; containers look at dates alone") {
  CHECK(code_of([] { conditions_of({"If-Modified-Since: rubbish"}); }) == "400 InvalidHeaderValue");
  const Conditions dates = conditions_of({kMatchOther, kUnmodifiedAt}).dates_only();
  CHECK_FALSE(dates.if_match);
  CHECK(dates.if_unmodified_since);
  CHECK(conditions_of({}).empty());
  CHECK_FALSE(dates.empty());
}

}  // namespace cvemu::storage_conditions_test
