#include "base/url.h"

#include <doctest/doctest.h>

namespace cvemu::base_url_test {

TEST_CASE("Url: parts stay raw") {
  const auto url = Url::parse("HTTP://Host.Name:10001/a%2Fb/c?x=%20&sig=a%2Bb#frag");
  REQUIRE(url);
  CHECK(url->scheme == "http");
  CHECK(url->host == "host.name");
  CHECK(url->port == 10001);
  CHECK(url->path == "/a%2Fb/c");
  CHECK(url->query == "x=%20&sig=a%2Bb");
  CHECK(url->text() == "http://host.name:10001/a%2Fb/c?x=%20&sig=a%2Bb");
}

TEST_CASE("Url: defaults and IPv6") {
  CHECK(Url::parse("https://h")->port == 443);
  CHECK(Url::parse("https://h")->path == "/");
  CHECK(Url::parse("http://[::1]:8080/q")->host == "::1");
  CHECK(Url::parse("http://[::1]:8080/q")->authority() == "[::1]:8080");
  CHECK(Url::parse("http://[FE80::A]/")->host == "fe80::a");
}

TEST_CASE("Url: a target behind an endpoint needs no parsing, so it cannot fail") {
  const Url endpoint{"http", "::1", 10001, "/devstoreaccount1", ""};
  CHECK(endpoint.at("/queue").text() == "http://[::1]:10001/devstoreaccount1/queue");
  CHECK(endpoint.at("/c?restype=container&x=%20").query == "restype=container&x=%20");
  const Url origin{"http", "127.0.0.1", 10003, "/", ""};
  CHECK(origin.origin() == "http://127.0.0.1:10003");
  CHECK(origin.at("/customvision/v3.3?a").text() == "http://127.0.0.1:10003/customvision/v3.3?a");
  CHECK(origin.at("/BAD NAME").path == "/BAD NAME");
  CHECK(origin.at(std::string_view("/a\0b", 4)).path.size() == 4);
}

TEST_CASE("Url: what is not an http URL is refused") {
  for (const char* text :
       {"", "host/path", "ftp://h/", "http://", "http://h:0/", "http://h:x/", "http://u@h/", "http://h/a b",
        "http://[h]/", "http://[127.0.0.1]/", "http://[::1", "http://[]/", "http://[::1]x/"})
    CHECK_FALSE(Url::parse(text));
}

TEST_CASE("Query: decoded once, order kept, names without case") {
  const auto query = Query::parse("a=1&B=x%20y+z&empty=&flag&a=2&sig=ab%3D&raw=a=b");
  CHECK(query.find("A") == "1");
  CHECK(query.find("b") == "x y z");
  CHECK(query.find("empty") == "");
  CHECK_FALSE(query.find_nonempty("empty"));
  CHECK(query.has("flag"));
  CHECK_FALSE(query.has("missing"));
  CHECK(query.find("sig") == "ab=");
  CHECK(query.find("raw") == "a=b");
  CHECK(query.all().size() == 7);
}

}  // namespace cvemu::base_url_test
