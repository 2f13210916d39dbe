#include "http/message.h"

#include <doctest/doctest.h>

namespace cvemu::http_message_test {

TEST_CASE("Method: names both ways; case matters, unknown ones are Other") {
  for (const Method method :
       {Method::Get, Method::Head, Method::Post, Method::Put, Method::Delete, Method::Patch, Method::Options})
    CHECK(parse_method(method_name(method)) == method);
  CHECK(method_name(Method::Delete) == "DELETE");
  for (const char* name : {"", "get", "MERGE", "OTHER", "GETS"}) CHECK(parse_method(name) == Method::Other);
}

TEST_CASE("Headers: names without case, values untouched, order kept") {
  Headers headers;
  headers.add("x-ms-meta-B", "50%25");
  headers.add("X-Empty", "");
  headers.add("x-ms-meta-a", "1");
  CHECK(headers.get("X-MS-META-b") == "50%25");
  CHECK(headers.has("x-empty"));
  CHECK(headers.find("x-empty") == "");
  CHECK_FALSE(headers.has("x-emptyy"));
  CHECK(headers.get("missing") == "");
  std::string names;
  for (const auto& field : headers) names += field.name + ' ';
  CHECK(names == "x-ms-meta-B X-Empty x-ms-meta-a ");
}

TEST_CASE("Headers: a name may stand several times; set replaces the first, erase takes all") {
  Headers headers;
  headers.add("A", "1");
  headers.add("a", "2");
  CHECK(headers.size() == 2);
  CHECK(headers.get("A") == "1");
  headers.set("a", "3");
  CHECK(headers.get("A") == "3");
  CHECK(headers.size() == 2);
  headers.set("b", "4");
  headers.erase("A");
  CHECK(headers.size() == 1);
  CHECK(headers.get("B") == "4");
}

TEST_CASE("Request: the target is split at its first question mark, nothing is decoded") {
  Request request;
  request.target = "/a%2Fb//c?x=%20&y=?";
  CHECK(request.raw_path() == "/a%2Fb//c");
  CHECK(request.raw_query() == "x=%20&y=?");
  request.target = "/a";
  CHECK(request.raw_path() == "/a");
  CHECK(request.raw_query() == "");
}

namespace {

// Chunked framing: the length is not known in advance.
class Pieces : public Body {
 public:
  explicit Pieces(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  std::optional<std::uint64_t> length() const override { return std::nullopt; }
  void each(const std::function<void(std::string_view)>& take) override {
    for (const auto& piece : pieces_) take(piece);
  }

 private:
  std::vector<std::string> pieces_;
};

}  // namespace

TEST_CASE("Body: all of it up to the limit, of known length or not") {
  CHECK(StringBody("12345").all(5) == "12345");
  CHECK_THROWS_AS(StringBody("12345").all(4), BodyTooLarge);
  CHECK(StringBody("").all(0) == "");
  CHECK(Pieces({"12", "345"}).all(5) == "12345");
  CHECK_THROWS_AS(Pieces({"12", "345"}).all(4), BodyTooLarge);
}

TEST_CASE("Response: the length of either kind of body") {
  Response response;
  CHECK(response.body_length() == 0);
  response.body = std::string("text");
  CHECK(response.body_length() == 4);
  response.body = Stream{7, {}};
  CHECK(response.body_length() == 7);
}

}  // namespace cvemu::http_message_test
