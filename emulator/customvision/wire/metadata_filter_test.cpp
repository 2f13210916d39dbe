#include "customvision/wire/metadata_filter.h"

#include <doctest/doctest.h>

#include "http/message.h"

namespace cvemu::wire_metadata_filter_test {

using namespace cvemu::customvision;

namespace {

bool fits(std::string_view filter, std::string_view json = R"({"type":"unit test","value":"30"})") {
  return parse_metadata_filter(filter)(json);
}

}  // namespace

TEST_CASE("Metadata filter: eq and ne, with and without the beginning of the interface") {
  CHECK(fits("metadata=value eq '30'"));
  CHECK(fits("value eq '30'"));
  CHECK_FALSE(fits("value eq '31'"));
  CHECK(fits("value ne '31'"));
  CHECK_FALSE(fits("value NE '30'"));
  CHECK(fits("type eq 'unit test'"));
}

TEST_CASE("Metadata filter: and binds closer than or; brackets change that") {
  CHECK(fits("value eq '30' or value eq '31' and type eq 'x'"));
  CHECK_FALSE(fits("(value eq '30' or value eq '31') and type eq 'x'"));
  CHECK(fits("type eq 'unit test' and value eq '30'"));
}

TEST_CASE("Metadata filter: an image without the key, or without metadata, fits ne only") {
  CHECK_FALSE(fits("other eq 'x'"));
  CHECK(fits("other ne 'x'"));
  CHECK_FALSE(fits("value eq '30'", ""));
  CHECK(fits("value ne '30'", ""));
}

TEST_CASE("Metadata filter: quotes in values are doubled, and words in values are no operators") {
  CHECK(fits("name eq 'it''s'", R"({"name":"it's"})"));
  CHECK(fits("name eq 'a and b'", R"({"name":"a and b"})"));
}

TEST_CASE("Metadata filter: what cannot be read is refused") {
  for (const char* text :
       {"metadata=", "value", "value eq", "value eq 30", "value eq '30", "value gt '30'", "value eq '30' and",
        "(value eq '30'", "value eq '30') ", "eq '30'", "value eq '30' xor"})
    CHECK_THROWS_AS_MESSAGE(parse_metadata_filter(text), ApiError, std::string(text));
  CHECK_THROWS_AS(parse_metadata_filter(std::string(10'000, '(')), ApiError);
}

}  // namespace cvemu::wire_metadata_filter_test
