#include "customvision/api/request_reader.h"

#include <doctest/doctest.h>

namespace cvemu::api_request_reader_test {

using namespace cvemu::customvision;

namespace {

// A request as handlers see it.
struct Asked {
  Request request;
  Exchange exchange;
  StringBody body;
  PathParams path;
  Principal caller;
  RequestContext context{exchange, body, path, caller};

  explicit Asked(std::string query, std::string type = {}, std::string bytes = {})
      : exchange{request, Query::parse(query), {}, {}, {}}, body(std::move(bytes)) {
    if (!type.empty()) request.headers.add("Content-Type", type);
    path.add("version", "v3.2");
    path.add("projectId", "3f2504e0-4f89-11d3-9a0c-0305e82c3301");
    path.add("tagId", "no id");
  }
};

template <class Read>
std::string refusal(Read read) {
  try {
    read();
    return "";
  } catch (const ApiError& error) {
    return std::to_string(error.status) + ' ' + error.code;
  }
}

std::string json_of(const std::string& type, const std::string& bytes) {
  Asked asked("", type, bytes);
  return json_body(asked.context);
}

constexpr std::string_view kA = "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                           kB = "3F2504E0-4F89-11D3-9A0C-0305E82C3302";

}  // namespace

TEST_CASE("request reader: the version and the ids of the path") {
  const Asked asked("");
  CHECK(version_of(asked.context) == ApiVersion::V3_2);
  CHECK(path_id(asked.context, "projectId") == Uuid::parse(kA));
  CHECK(refusal([&] { path_id(asked.context, "tagId"); }) == "400 BadRequestInvalidIds");
}

TEST_CASE("request reader: ids joined by commas or repeated, with blanks, in any case") {
  const std::vector both{*Uuid::parse(kA), *Uuid::parse(kB)};
  for (const std::string& query : {"ids=" + std::string(kA) + "," + std::string(kB),
                                   "ids=" + std::string(kA) + "&IDS=" + std::string(kB),
                                   "ids=+" + std::string(kA) + ",,%20" + std::string(kB) + ","}) {
    CAPTURE(query);
    const Asked asked(query);
    CHECK(query_ids(asked.context, "ids", 2) == both);
    CHECK(refusal([&] { query_ids(asked.context, "ids", 1); }) == "400 BadRequestPredictionIdsExceededCount");
  }
  const Asked none("ids=");
  CHECK(query_ids(none.context, "ids", 2).empty());
  CHECK(refusal([&] { required_ids(none.context, "ids", 2); }) == "400 BadRequestRequiredParamIsNull");
  const Asked wrong("ids=" + std::string(kA) + ",x");
  CHECK(refusal([&] { query_ids(wrong.context, "ids", 2); }) == "400 BadRequestInvalidIds");
}

TEST_CASE("request reader: numbers and flags, and what is none") {
  const Asked asked("take=5&flag=TRUE&threshold=0.25&empty=");
  CHECK(query_integer(asked.context, "take", 1, 0, 5) == 5);
  CHECK(query_integer(asked.context, "empty", 7, 0, 9) == 7);
  CHECK(query_boolean(asked.context, "flag", false));
  CHECK(query_fraction(asked.context, "threshold", 0) == 0.25);
  CHECK(refusal([&] { query_integer(asked.context, "take", 1, 0, 4); }) == "400 BadRequestInvalid");
  for (const char* text : {"x", "1x", "1.5", "-1", "99999999999999999999", "0x1", "nan"}) {
    CAPTURE(text);
    const Asked wrong(std::string("n=") + text);
    CHECK(refusal([&] { query_integer(wrong.context, "n", 1, 0, 5); }) == "400 BadRequestInvalid");
    CHECK(refusal([&] { query_boolean(wrong.context, "n", true); }) == "400 BadRequestInvalid");
  }
  for (const char* text : {"nan", "inf", "-0.1", "1.1", "1e308", "0.5x"}) {
    CAPTURE(text);
    const Asked wrong(std::string("n=") + text);
    CHECK(refusal([&] { query_fraction(wrong.context, "n", 0); }) == "400 BadRequestInvalid");
  }
}

TEST_CASE("request reader: a page of images") {
  const ImagePage usual = page_in_query(Asked("").context);
  CHECK_FALSE(usual.oldest_first);
  CHECK(usual.skip == 0);
  CHECK(usual.take == 50);
  const ImagePage asked = page_in_query(Asked("orderBy=oldest&skip=3&take=256").context);
  CHECK(asked.oldest_first);
  CHECK(asked.skip == 3);
  CHECK(asked.take == 256);
  for (const char* query : {"take=257", "skip=-1", "orderBy=Random"})
    CHECK(refusal([&] { page_in_query(Asked(query).context); }) == "400 BadRequestInvalid");
}

TEST_CASE("request reader: JSON by any of its names, and nothing else") {
  for (const char* type : {"", "application/json", "TEXT/JSON; charset=utf-8", "application/x+json"})
    CHECK(json_of(type, "{}") == "{}");
  for (const char* type : {"text/plain", "application/xml", "application/octet-stream"})
    CHECK(refusal([&] { json_of(type, "{}"); }) == "415 UnsupportedMediaType");
  CHECK(json_of("text/plain", "").empty());
  CHECK(refusal([&] { json_of("", std::string(2'000'000, ' ')); }).starts_with("400 "));
}

}  // namespace cvemu::api_request_reader_test
