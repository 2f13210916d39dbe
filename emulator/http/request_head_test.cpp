#include "http/request_head.h"

#include <doctest/doctest.h>

namespace cvemu::http_request_head_test {

namespace {

RequestHead head_of(const std::string& fields, const std::string& line = "GET /a?b HTTP/1.1") {
  const bool has_host = fields.find("Host:") != std::string::npos || line.find("://") != std::string::npos;
  return parse_head(line + "\r\n" + fields + (has_host ? "\r\n" : "Host: h\r\n\r\n"));
}

int status_of(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  try {
    head_of(fields, line);
    return 200;
  } catch (const WireError& error) {
    return error.status;
  }
}

std::string target_of(const std::string& target) {
  return head_of("", "GET " + target + " HTTP/1.1").request.target;
}

}  // namespace

TEST_CASE("find_head_end: found at the empty line, whichever way the bytes arrive") {
  const std::string text = "GET / HTTP/1.1\r\nA: 1\r\n\r\nbody\r\n\r\n";
  const std::size_t size = text.find("body");
  CHECK(find_head_end(text) == size);
  for (std::size_t seen = 0; seen < size; ++seen) {
    CHECK(find_head_end(text.substr(0, seen)) == 0);
    CHECK(find_head_end(text, seen) == size);
  }
  CHECK(find_head_end("GET / HTTP/1.1\nA: 1\n\nbody") == 21);
}

TEST_CASE("parse_head: header values byte for byte") {
  const auto head = head_of(
      "x-ms-copy-source: http://h/c/b?sig=a%2Bb%3D&x=50%25\r\n"
      "x-ms-meta-empty:\r\nx-ms-meta-blank:  \t \r\nUtf: \xc3\xa9  inner  \r\nX-MS-Meta-CaSe:\tv\t\r\n");
  const auto& headers = head.request.headers;
  CHECK(headers.get("x-ms-copy-source") == "http://h/c/b?sig=a%2Bb%3D&x=50%25");
  CHECK(headers.find("x-ms-meta-empty") == "");
  CHECK(headers.find("x-ms-meta-blank") == "");
  CHECK(headers.get("utf") == "\xc3\xa9  inner");
  CHECK((headers.end() - 2)->name == "X-MS-Meta-CaSe");
  CHECK((headers.end() - 2)->value == "v");
  CHECK(headers.size() == 6);
}

TEST_CASE("parse_head: methods, known and unknown") {
  CHECK(head_of("", "PUT / HTTP/1.1").request.method == Method::Put);
  CHECK(head_of("", "MERGE / HTTP/1.1").request.method == Method::Other);
  CHECK(head_of("", "put / HTTP/1.1").request.method == Method::Other);
}

TEST_CASE("parse_head: the target stays raw; an absolute one becomes origin form") {
  CHECK(target_of("//a%2Fb/../c?x=1=2&y=+%20?") == "//a%2Fb/../c?x=1=2&y=+%20?");
  CHECK(target_of("/\xc3\xa9") == "/\xc3\xa9");
  CHECK(target_of("*") == "*");
  CHECK(target_of("http://h:1/a?b") == "/a?b");
  CHECK(target_of("HTTPS://h") == "/");
  CHECK(target_of("http://h?b=/") == "/?b=/");
}

TEST_CASE("parse_head: the host of an absolute target stands for the Host header") {
  const auto replaced = head_of("Host: other\r\nA: 1\r\n", "GET http://h:1/a HTTP/1.1");
  CHECK(replaced.request.headers.get("host") == "h:1");
  CHECK(replaced.request.headers.size() == 2);
  CHECK(head_of("", "GET http://h/a HTTP/1.1").request.headers.get("Host") == "h");
}

TEST_CASE("parse_head: what is not a request line is refused") {
  for (const char* line :
       {"GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /a b HTTP/1.1",
        "G@T / HTTP/1.1", "GET / HTTQ/1.1", "GET / HTTP/1", "GET a HTTP/1.1", "GET http:// HTTP/1.1",
        "GET /\x01 HTTP/1.1", "CONNECT h:1 HTTP/1.1", "GET /\r HTTP/1.1", "\x16\x03\x01"})
    CHECK_MESSAGE(status_of("", line) == 400, line);
  CHECK(status_of("", "PRI * HTTP/2.0") == 505);
  CHECK(status_of("", "GET /" + std::string(kMaxTarget, 'a') + " HTTP/1.1") == 414);
  CHECK(status_of("", "GET /" + std::string(kMaxTarget - 1, 'a') + " HTTP/1.1") == 200);
}

TEST_CASE("parse_head: what is not a header is refused") {
  for (const char* field : {"no colon", ": value", "na me: v", "name : v", " folded: v", "\tfolded",
                            "a: 1\r\n folded", "a: x\ry"})
    CHECK_MESSAGE(status_of(std::string(field) + "\r\n") == 400, field);
  CHECK(status_of(std::string("a: x\0y\r\n", 8)) == 400);
}

TEST_CASE("parse_head: one Host, which HTTP/1.1 must have") {
  const auto status = [](const std::string& head) {
    try {
      parse_head(head + "\r\n\r\n");
      return 200;
    } catch (const WireError& error) {
      return error.status;
    }
  };
  CHECK(status("GET / HTTP/1.1") == 400);
  CHECK(status("GET / HTTP/1.0") == 200);
  CHECK(status("GET http://h/ HTTP/1.1") == 200);
  CHECK(status("GET / HTTP/1.1\r\nHost:") == 200);
  for (const char* second : {"h", "other", ""})
    CHECK(status(std::string("GET / HTTP/1.1\r\nHost: h\r\nhOST: ") + second) == 400);
}

TEST_CASE("parse_head: versions of HTTP/1 that are none") {
  for (const char* version : {"HTTP/1.2", "HTTP/1.9", "HTTP/1.x", "HTTP/1. ", "HTTP/1.10", "http/1.1"})
    CHECK_MESSAGE(status_of("", std::string("GET / ") + version) == 400, version);
}

TEST_CASE("parse_head: any number of headers") {
  std::string fields;
  for (int i = 0; i < 2000; ++i) fields += "h" + std::to_string(i) + ": " + std::to_string(i) + "\r\n";
  const auto head = head_of(fields);
  CHECK(head.request.headers.size() == 2001);
  CHECK(head.request.headers.get("h1999") == "1999");
}

TEST_CASE("parse_head: no length and no chunks mean no body, whatever the method") {
  CHECK_FALSE(head_of("", "POST / HTTP/1.1").has_body());
  CHECK_FALSE(head_of("Content-Length: 0\r\n", "PUT / HTTP/1.1").has_body());
  CHECK(head_of("Content-Length: 5\r\n").length == 5);
  CHECK(head_of("Content-Length: 5\r\ncontent-length: 5\r\n").length == 5);
  CHECK(head_of("transfer-encoding: Chunked\r\n").chunked);
}

TEST_CASE("parse_head: a length beside chunks is void, and the connection is not kept") {
  const auto head = head_of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
  CHECK(head.chunked);
  CHECK_FALSE(head.length);
  CHECK_FALSE(head.keep_alive);
}

TEST_CASE("parse_head: framing that can be read in two ways is refused") {
  for (const char* field : {"Content-Length: abc", "Content-Length: -5", "Content-Length: +5",
                            "Content-Length:", "Content-Length: 5 5", "Content-Length: 5, 5",
                            "Content-Length: 0x5", "Content-Length: 99999999999999999999",
                            "Content-Length: 9223372036854775808", "Content-Length: 5\r\nContent-Length: 6",
                            "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
                            "Transfer-Encoding:", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"})
    CHECK_MESSAGE(status_of(std::string(field) + "\r\n") == 400, field);
}

TEST_CASE("parse_head: who wants to keep the connection") {
  const std::string old = "GET / HTTP/1.0";
  CHECK(head_of("").keep_alive);
  CHECK_FALSE(head_of("Connection: Close\r\n").keep_alive);
  CHECK_FALSE(head_of("Connection: keep-alive, close\r\n").keep_alive);
  CHECK(head_of("Connection: closed\r\n").keep_alive);
  CHECK_FALSE(head_of("", old).keep_alive);
  CHECK(head_of("Connection: Keep-Alive\r\n", old).keep_alive);
}

TEST_CASE("parse_head: Expect in any case, but not from HTTP/1.0") {
  CHECK(head_of("Expect: 100-Continue\r\n").expects_continue);
  CHECK_FALSE(head_of("Expect: 100-continue\r\n", "GET / HTTP/1.0").expects_continue);
}

TEST_CASE("parse_head: an expectation that nobody understands is refused") {
  CHECK(status_of("Expect: 200-maybe\r\n") == 417);
  CHECK_FALSE(head_of("Expect:\r\n").expects_continue);
}

}  // namespace cvemu::http_request_head_test
