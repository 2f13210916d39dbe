#include "storage/headers.h"
#include "storage/metadata.h"
#include "storage/ranges_and_digests.h"

#include "storage/errors.h"
#include "storage/testing.h"

namespace cvemu::storage_headers_test {

using namespace cvemu::testing;

namespace {

Headers headers_of(std::initializer_list<std::string_view> lines) {
  return request_of("GET /", lines).headers;
}

std::string range_answer(std::initializer_list<std::string_view> lines, std::uint64_t size) {
  const auto range = read_range(headers_of(lines));
  if (!range) return "whole";
  try {
    return content_range(slice_of(*range, size), size);
  } catch (const ApiError& error) {
    return error.code;
  }
}

std::string check_body(std::initializer_list<std::string_view> lines, std::string_view body) {
  return code_of([&] {
    ContentCheck check(headers_of(lines));
    check.update(body);
    check.verify();
  });
}

}  // namespace

TEST_CASE("Answers: request id, version, date, and the client's own id") {
  const Sent sent("GET /", {"x-ms-version: 2021-12-02", "x-ms-client-request-id: mine"});
  Response response;
  finish_headers(response, sent.exchange, "cvemu-Queue/1");
  CHECK(response.headers.get("Server") == "cvemu-Queue/1");
  CHECK(response.headers.get("Date") == "Mon, 15 Jun 2026 12:00:00 GMT");
  CHECK(response.headers.get("x-ms-request-id") == sent.exchange.id.text());
  CHECK(response.headers.get("x-ms-version") == "2021-12-02");
  CHECK(response.headers.get("x-ms-client-request-id") == "mine");
}

TEST_CASE("Versions: every date is served, others are refused, newer ones in strict mode") {
  const auto check = [](std::initializer_list<std::string_view> lines, bool strict) {
    const Sent sent(request_of("GET /", lines));
    return code_of([&] { check_common_parameters(sent.exchange, strict); });
  };
  CHECK(check({}, true) == "");
  CHECK(check({"x-ms-version: 2009-09-19"}, true) == "");
  CHECK(check({"x-ms-version: 2030-01-01"}, false) == "");
  CHECK(check({"x-ms-version: 2030-01-01"}, true) == "400 InvalidHeaderValue");
  for (const auto bad : {"x-ms-version: latest", "x-ms-version:", "x-ms-version: 2020-13-01",
                         "x-ms-version: 2020-01-01T00:00Z"})
    CHECK(check({bad}, false) == "400 InvalidHeaderValue");
  const Sent malformed("GET /", {"x-ms-version: latest"});
  CHECK(version_of(malformed.request) == kNewestStorageVersion);
}

TEST_CASE("Parameters: timeout and numbers") {
  const auto timeout = [](std::string_view text) {
    const Sent sent("GET /?timeout=" + std::string(text));
    return code_of([&] { check_common_parameters(sent.exchange, false); });
  };
  CHECK(timeout("31536001") == "");
  CHECK(timeout("-1") == "400 InvalidQueryParameterValue");
  CHECK(timeout("abc") == "400 InvalidQueryParameterValue");
  const auto number = [](std::string_view query) {
    return code_of([&] { query_int(Query::parse(query), "n", {1, 32}); });
  };
  CHECK(number("") == "");
  CHECK(number("n=32") == "");
  CHECK(number("n=33") == "400 OutOfRangeQueryParameterValue");
  CHECK(number("n=0") == "400 OutOfRangeQueryParameterValue");
  CHECK(number("n=") == "400 InvalidQueryParameterValue");
  CHECK(number("n=1.5") == "400 InvalidQueryParameterValue");
  CHECK(number("n=99999999999999999999") == "400 InvalidQueryParameterValue");
  CHECK(query_int(Query::parse("N=7"), "n") == 7);
}

TEST_CASE("Parameters: headers, listings") {
  CHECK_FALSE(header_int(headers_of({"n:"}), "n"));
  CHECK(header_int(headers_of({"n: -1"}), "n", {-1, 60}) == -1);
  CHECK(code_of([] { header_int(headers_of({"n: x"}), "n"); }) == "400 InvalidHeaderValue");
  CHECK(code_of([] { header_int(headers_of({"n: 61"}), "n", {0, 60}); }) == "400 InvalidHeaderValue");
  CHECK(header_bool(headers_of({"b: True"}), "b") == true);
  CHECK(code_of([] { header_bool(headers_of({"b: 1"}), "b"); }) == "400 InvalidHeaderValue");
  CHECK(code_of([] { required_query(Query::parse("popreceipt="), "popreceipt"); }) ==
        "400 MissingRequiredQueryParameter");
  CHECK(code_of([] { required_header({}, "x-ms-blob-type"); }) == "400 MissingRequiredHeader");
  CHECK(max_results(Query::parse("")) == 5000);
  CHECK(max_results(Query::parse("maxresults=7")) == 7);
  CHECK(max_results(Query::parse("maxresults=5001")) == 5000);
  CHECK(code_of([] { max_results(Query::parse("maxresults=0")); }) == "400 OutOfRangeQueryParameterValue");
  CHECK(include_items(Query::parse("include=Metadata,,tags"), {"metadata", "tags"}) ==
        std::vector<std::string>{"metadata", "tags"});
  CHECK(code_of([] { include_items(Query::parse("include=x"), {"metadata"}); }) ==
        "400 InvalidQueryParameterValue");
}

TEST_CASE("Bodies: larger than allowed is 413 with the limit") {
  const auto read = [](std::size_t limit, std::initializer_list<std::string_view> headers = {}) {
    const Sent sent("PUT /x", headers);
    StringBody body("12345");
    const RequestContext context{sent.exchange, body, {}, {}};
    std::string bytes;
    const std::string error = code_of([&] { bytes = read_body(context, limit); });
    return error.empty() ? bytes : error;
  };
  CHECK(read(4) == "413 RequestBodyTooLarge");
  CHECK(read(5) == "12345");
  CHECK(read(5, {"Content-MD5: gnzLDuqKcGxMNKFokfhOew=="}) == "12345");
  CHECK(read(5, {"Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg=="}) == "400 Md5Mismatch");
  CHECK(read(5, {"Content-MD5: nonsense"}) == "400 InvalidMd5");
  CHECK(read(5, {"x-ms-content-crc64: AAAAAAAAAAA="}) == "400 Crc64Mismatch");
}

TEST_CASE("Metadata: case kept, repeated names joined, Python's bare x-ms-meta left out") {
  const auto metadata = read_metadata(
      headers_of({"X-Ms-Meta-Ab: 1", "x-ms-meta-c:", "x-ms-meta-AB: 2", "x-ms-meta: {'Ab': '1'}"}));
  CHECK(metadata == Metadata{{"Ab", "1,2"}, {"c", ""}});
  Headers out;
  write_metadata(out, metadata);
  CHECK(out.begin()->name == "x-ms-meta-Ab");
}

TEST_CASE("Metadata: names must be identifiers, 8 KiB in all") {
  const auto code = [](const std::string& line) {
    return code_of([&] { read_metadata(headers_of({line})); });
  };
  CHECK(code("x-ms-meta-: v") == "400 EmptyMetadataKey");
  CHECK(code("x-ms-meta-1a: v") == "400 InvalidMetadata");
  CHECK(code("x-ms-meta-a-b: v") == "400 InvalidMetadata");
  CHECK(code("x-ms-meta-a: " + std::string(8191, 'x')) == "");
  CHECK(code("x-ms-meta-a: " + std::string(8192, 'x')) == "400 MetadataTooLarge");
}

TEST_CASE("Metadata: compared without case of names, with case of values, in any order") {
  CHECK(same_metadata({{"a", "1"}, {"b", "2"}}, {{"B", "2"}, {"A", "1"}}));
  CHECK_FALSE(same_metadata({{"a", "x"}}, {{"a", "X"}}));
  CHECK_FALSE(same_metadata({{"a", "1"}}, {}));
  CHECK(same_metadata({}, {}));
}

TEST_CASE("Ranges: the table of the service") {
  CHECK(range_answer({"Range: bytes=0-4"}, 11) == "bytes 0-4/11");
  CHECK(range_answer({"Range: bytes=0-"}, 11) == "bytes 0-10/11");
  CHECK(range_answer({"Range: bytes=5-100"}, 11) == "bytes 5-10/11");
  CHECK(range_answer({"Range: bytes=10-10"}, 11) == "bytes 10-10/11");
  CHECK(range_answer({"Range: bytes=5-18446744073709551615"}, 11) == "bytes 5-10/11");
  CHECK(range_answer({"Range: bytes=0-4", "x-ms-range: bytes=1-2"}, 11) == "bytes 1-2/11");
  CHECK(range_answer({"Range: bytes=11-"}, 11) == "InvalidRange");
  CHECK(range_answer({"Range: bytes=12-20"}, 11) == "InvalidRange");
  CHECK(range_answer({"x-ms-range: bytes=0-33554431"}, 0) == "InvalidRange");
  CHECK(range_answer({"Range: bytes=0-"}, 0) == "InvalidRange");
  for (const auto ignored :
       {"Range: bytes=5-4", "Range: bytes=0-1,3-4", "Range: items=0-4", "Range: bytes=-3", "Range: bytes=a-b",
        "Range: bytes=", "Range: bytes=1", "Range:", "Range: bytes=99999999999999999999-"})
    CHECK(range_answer({ignored}, 11) == "whole");
  CHECK(range_answer({}, 11) == "whole");
}

TEST_CASE("Digests: a body that is not what was announced is refused") {
  CHECK(check_body({}, "hello") == "");
  CHECK(check_body({"Content-MD5: XUFAKrxLKna5cZ2REBfFkg=="}, "hello") == "");
  CHECK(check_body({"Content-MD5: XUFAKrxLKna5cZ2REBfFkg=="}, "hallo") == "400 Md5Mismatch");
  CHECK(check_body({"Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg=="}, "") == "");
  CHECK(check_body({"Content-MD5: nonsense"}, "") == "400 InvalidMd5");
  CHECK(check_body({"Content-MD5: YWJj"}, "") == "400 InvalidMd5");
  CHECK(check_body({"x-ms-content-crc64: V0JSBnCFdzM="}, "hello") == "");
  CHECK(check_body({"x-ms-content-crc64: V0JSBnCFdzM="}, "hallo") == "400 Crc64Mismatch");
  CHECK(check_body({"x-ms-content-crc64: YWJj"}, "") == "400 InvalidHeaderValue");
  CHECK(check_body({"x-ms-content-crc64: V0JSBnCFdzM=", "Content-MD5: XUFAKrxLKna5cZ2REBfFkg=="}, "hello") ==
        "400 BothCrc64AndMd5HeaderPresent");
}

TEST_CASE("Digests: the answer repeats the MD5 if one was announced, else the CRC") {
  const auto answer = [](std::initializer_list<std::string_view> lines, ContentCheck::Md5Use use,
                         std::string_view md5_header = {}) {
    ContentCheck check(headers_of(lines), use, md5_header);
    check.update("hel");
    check.update("lo");
    check.verify();
    Headers headers;
    check.add_headers(headers);
    return std::string(headers.get("Content-MD5")) + '|' + std::string(headers.get("x-ms-content-crc64"));
  };
  using Use = ContentCheck::Md5Use;
  CHECK(answer({}, Use::IfAnnounced) == "|V0JSBnCFdzM=");
  CHECK(answer({}, Use::Always) == "XUFAKrxLKna5cZ2REBfFkg==|");
  CHECK(answer({"Content-MD5: XUFAKrxLKna5cZ2REBfFkg=="}, Use::IfAnnounced) == "XUFAKrxLKna5cZ2REBfFkg==|");
  CHECK(answer({"x-ms-content-crc64: V0JSBnCFdzM="}, Use::Always) == "XUFAKrxLKna5cZ2REBfFkg==|V0JSBnCFdzM=");
  CHECK(code_of([&] {
          answer({"x-ms-blob-content-md5: 1B2M2Y8AsgTpgAmY7PhCfg==", "Content-MD5: XUFAKrxLKna5cZ2REBfFkg=="},
                 Use::Always, "x-ms-blob-content-md5");
        }) == "400 Md5Mismatch");
}

}  // namespace cvemu::storage_headers_test
