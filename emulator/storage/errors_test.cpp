#include "storage/errors.h"

#include "storage/testing.h"
#include "storage/xml.h"

namespace cvemu::storage_errors_test {

using namespace cvemu::testing;

namespace {

const std::string& body_of(const Response& response) {
  return std::get<std::string>(response.body);
}

}  // namespace

TEST_CASE("Errors: XML with code, message, request id, time and details") {
  const Sent sent("GET /a/q?numofmessages=33");
  const auto response = storage_errors::render(
      storage_errors::out_of_range_query_parameter("numofmessages", "33", 1, 32), sent.exchange);
  CHECK(response.status == 400);
  CHECK(response.headers.get("x-ms-error-code") == "OutOfRangeQueryParameterValue");
  CHECK(response.headers.get("Content-Type") == "application/xml");
  const auto root = parse_xml(body_of(response), "Error");
  CHECK(root.text_of("Code") == "OutOfRangeQueryParameterValue");
  CHECK(root.text_of("Message") ==
        "One of the query parameters specified in the request URI is outside the permissible "
        "range.\nRequestId:" +
            sent.exchange.id.text() + "\nTime:2026-06-15T12:00:00.0000000Z");
  CHECK(root.text_of("QueryParameterName") == "numofmessages");
  CHECK(root.text_of("QueryParameterValue") == "33");
  CHECK(root.text_of("MinimumAllowed") == "1");
  CHECK(root.text_of("MaximumAllowed") == "32");
}

TEST_CASE("Errors: HEAD and 304 have the code in a header and no body") {
  const Sent head("HEAD /a/c/b");
  const auto missing = storage_errors::render(storage_errors::blob_not_found(), head.exchange);
  CHECK(missing.status == 404);
  CHECK(missing.headers.get("x-ms-error-code") == "BlobNotFound");
  CHECK_FALSE(missing.headers.has("Content-Type"));
  CHECK(missing.body_length() == 0);

  const Sent get("GET /a/c/b");
  Headers validators;
  validators.add("ETag", "\"0x1\"");
  const auto same = storage_errors::render(storage_errors::not_modified(validators), get.exchange);
  CHECK(same.status == 304);
  CHECK(same.headers.get("ETag") == "\"0x1\"");
  CHECK(same.headers.get("x-ms-error-code") == "ConditionNotMet");
  CHECK(same.body_length() == 0);
}

TEST_CASE("Errors: a range behind the end says how long the blob is") {
  const Sent sent("GET /a/c/b");
  const auto response = storage_errors::render(storage_errors::invalid_range(0), sent.exchange);
  CHECK(response.status == 416);
  CHECK(response.headers.get("Content-Range") == "bytes */0");
}

TEST_CASE("Errors: what a client sent is escaped in details") {
  const Sent sent("GET /a/q");
  const auto response =
      storage_errors::render(storage_errors::invalid_header("x", "<&\"\x01"), sent.exchange);
  CHECK(parse_xml(body_of(response), "Error").text_of("HeaderValue") == "<&\"\xEF\xBF\xBD");
}

}  // namespace cvemu::storage_errors_test
