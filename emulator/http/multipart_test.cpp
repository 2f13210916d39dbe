#include "http/multipart.h"

#include <doctest/doctest.h>

namespace cvemu::http_multipart_test {

namespace {

std::vector<Part> parts_of(std::string_view body, std::string_view boundary = "b") {
  auto parts = parse_multipart(body, boundary);
  REQUIRE(parts);
  return std::move(*parts);
}

}  // namespace

TEST_CASE("multipart_boundary: quoted or not, among other parameters, in any case") {
  CHECK(multipart_boundary("multipart/form-data; boundary=abc") == "abc");
  CHECK(multipart_boundary("multipart/form-data; boundary=\"a b;c\"") == "a b;c");
  CHECK(multipart_boundary("multipart/form-data; charset=utf-8; Boundary=x; more=1") == "x");
  CHECK(multipart_boundary("multipart/mixed;boundary=batch_1") == "batch_1");
  CHECK(multipart_boundary("Multipart/Form-Data; BOUNDARY = x") == "x");
}

TEST_CASE("multipart_boundary: another type, or none given") {
  CHECK_FALSE(multipart_boundary(""));
  CHECK_FALSE(multipart_boundary("application/json; boundary=x"));
  CHECK_FALSE(multipart_boundary("multipart/form-data"));
  CHECK_FALSE(multipart_boundary("multipart/form-data; boundary="));
  CHECK_FALSE(multipart_boundary("multipart/form-data; boundary=\"\""));
}

TEST_CASE("parse_multipart: the form of the .NET SDK") {
  const std::string body =
      "--47e8-a1\r\n"
      "Content-Type: application/octet-stream\r\n"
      "Content-Disposition: form-data; name=imageData; filename=\"C:\\pictures\\a b.jpg\"; "
      "filename*=utf-8''a%20b.jpg\r\n"
      "\r\n"
      "\xff\xd8\r\n\r\n--47e8\r\n"
      "\r\n--47e8-a1--\r\n";
  const auto parts = parts_of(body, "47e8-a1");
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].name == "imageData");
  CHECK(parts[0].file_name == "\"C:\\pictures\\a b.jpg\"");
  CHECK(parts[0].headers.get("content-type") == "application/octet-stream");
  CHECK(parts[0].content == "\xff\xd8\r\n\r\n--47e8\r\n");
  CHECK(parts[0].content.data() > body.data());
}

TEST_CASE("parse_multipart: the form of the JavaScript SDK, several parts") {
  const auto parts = parts_of(
      "--b\r\nContent-Disposition: form-data; name=\"imageData\"; filename=\"blob\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\none\r\n"
      "--b\r\nContent-Disposition: form-data; filename=two.png; name=\"second\"\r\n\r\n\r\n"
      "--b\r\nX-Other: 1\r\n\r\nthree\r\n--b--\r\n");
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].name == "imageData");
  CHECK(parts[0].file_name == "\"blob\"");
  CHECK(parts[0].content == "one");
  CHECK(parts[1].name == "second");
  CHECK(parts[1].file_name == "two.png");
  CHECK(parts[1].content == "");
  CHECK(parts[2].name == "");
  CHECK(parts[2].file_name == "");
  CHECK(parts[2].content == "three");
}

TEST_CASE("parse_multipart: parts without headers, lines without CR, blanks behind the boundary") {
  CHECK(parts_of("--b\r\n\r\ndata\r\n--b--")[0].content == "data");
  CHECK(parts_of("--b \t\r\n\r\ndata\r\n--b--")[0].content == "data");
  CHECK(parts_of("--b\nA: 1\n\ndata\n--b--")[0].content == "data");
}

TEST_CASE("parse_multipart: text before the first and behind the last boundary is no part") {
  CHECK(parts_of("preamble --b\r\n--b\r\n\r\nx\r\n--b--epilogue\r\n--b\r\n\r\ny").size() == 1);
  CHECK(parts_of("--b--\r\n").empty());
}

TEST_CASE("parse_multipart: quotes and semicolons inside quotes") {
  const auto parts = parts_of(
      "--b\r\nContent-Disposition: form-data; filename=\"a\"b;c.jpg\"; name=\"n\"\r\n\r\nx\r\n--b--");
  CHECK(parts[0].file_name == "\"a\"b;c.jpg\"");
  CHECK(parts[0].name == "n");
}

TEST_CASE("parse_multipart: what is not multipart is refused") {
  for (const char* body : {"", "x", "--b", "--b\r\n", "--b\r\nA: 1\r\n", "--b\r\n\r\ndata",
                           "--b\r\n\r\ndata\r\n--b", "--b\r\nno colon\r\n\r\ndata\r\n--b--",
                           "--b\r\n: x\r\n\r\ndata\r\n--b--", "--bb--", "--b\r\n\r\ndata--b--"})
    CHECK_MESSAGE(!parse_multipart(body, "b"), body);
}

}  // namespace cvemu::http_multipart_test
