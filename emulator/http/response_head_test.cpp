#include "http/response_head.h"

#include <doctest/doctest.h>

#include "base/times.h"

namespace cvemu::http_response_head_test {

namespace {

Response answer(int status, std::string body = "") {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string head_of(const Response& response, Framing framing = {}) {
  std::string out;
  append_head(out, response, framing);
  return out;
}

bool has_line(const std::string& head, std::string_view line) {
  return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("append_head: status line, headers in the handler's order, then the connection's own") {
  Response response = answer(201, "12345");
  response.headers.add("x-ms-b", "2");
  response.headers.add("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  response.headers.add("x-ms-a", "1");
  response.headers.add("x-ms-a", "again");
  CHECK(head_of(response) ==
        "HTTP/1.1 201 Created\r\nx-ms-b: 2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nx-ms-a: 1\r\nx-ms-a: "
        "again\r\n"
        "Content-Length: 5\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\n\r\n");
}

TEST_CASE("append_head: a date is added if the handler gave none") {
  const std::string head = head_of(answer(200));
  const auto start = head.find("\r\nDate: ") + 8;
  CHECK(times::parse_rfc1123(head.substr(start, 29)));
}

TEST_CASE("append_head: the connection is the edge's") {
  Response response = answer(200);
  response.headers.add("Connection", "close");
  response.headers.add("Transfer-Encoding", "chunked");
  response.headers.add("Keep-Alive", "timeout=1");
  const std::string head = head_of(response, {.close = true});
  CHECK(has_line(head, "Connection: close"));
  CHECK(count(head, "Connection") == 1);
  CHECK(count(head, "Transfer-Encoding") == 0);
  CHECK(count(head, "Keep-Alive") == 0);
}

TEST_CASE("append_head: the length is the body's, not what a handler says") {
  Response response = answer(200, "12345");
  response.headers.add("content-length", "3");
  CHECK(has_line(head_of(response), "Content-Length: 5"));
  CHECK(count(head_of(response), "ontent-") == 1);
  response.body = Stream{70000, {}};
  CHECK(has_line(head_of(response), "Content-Length: 70000"));
  CHECK(has_line(head_of(answer(404)), "Content-Length: 0"));
}

TEST_CASE("append_head: to HEAD the handler's own length is said, or the length of the body not sent") {
  Response response = answer(200, "12345");
  CHECK(has_line(head_of(response, {.to_head = true}), "Content-Length: 5"));
  response.headers.add("Content-Length", "1048576");
  CHECK(has_line(head_of(response, {.to_head = true}), "Content-Length: 1048576"));
  response.headers.set("Content-Length", "rubbish");
  CHECK(has_line(head_of(response, {.to_head = true}), "Content-Length: 5"));
}

TEST_CASE("append_head: 204 and 304 have a length only if the handler gave one") {
  for (const int status : {204, 304}) {
    Response response = answer(status);
    CHECK(count(head_of(response), "Content-Length") == 0);
    response.headers.add("Content-Length", "12");
    CHECK(has_line(head_of(response), "Content-Length: 12"));
    CHECK_FALSE(sends_body(response, {}));
  }
  CHECK(sends_body(answer(200), {}));
  CHECK_FALSE(sends_body(answer(200), {.to_head = true}));
}

TEST_CASE("append_head: nothing that a handler says can begin a new line") {
  Response response = answer(200);
  response.headers.add("x-value", std::string("a\r\nSet-Cookie: b\0c", 18));
  response.headers.add("x-name\r\nEvil", "1");
  response.headers.add("", "1");
  response.headers.add("a b", "1");
  const std::string head = head_of(response);
  CHECK(has_line(head, "x-value: a  Set-Cookie: b c"));
  CHECK(count(head, "Evil") == 0);
  CHECK(count(head, "\r\n: 1") == 0);
  CHECK(count(head, "a b") == 0);
}

TEST_CASE("reason_phrase: of known statuses, and a word for all others") {
  CHECK(reason_phrase(100) == "Continue");
  CHECK(reason_phrase(206) == "Partial Content");
  CHECK(reason_phrase(404) == "Not Found");
  CHECK(reason_phrase(417) == "Expectation Failed");
  CHECK(reason_phrase(507) == "Insufficient Storage");
  CHECK(reason_phrase(299) == "Unknown");
  CHECK(reason_phrase(999) == "Unknown");
}

}  // namespace cvemu::http_response_head_test
