#include "http/connection.h"

#include <doctest/doctest.h>

#include <deque>

#include "base/blocking.h"

namespace cvemu::http_connection_test {

namespace {

// A client that has said all it will say. Keeps a record of what happened in order.
class Script : public ByteStream {
 public:
  explicit Script(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {}

  std::size_t read(char* to, std::size_t room) override {
    if (pieces_.empty()) return 0;
    const std::size_t count = pieces_.front().copy(to, room);
    pieces_.front().erase(0, count);
    if (pieces_.front().empty()) pieces_.pop_front();
    return count;
  }
  bool write(std::string_view first, std::string_view second, bool more) override {
    writes.push_back(std::string(first) + std::string(second));
    left_open = more;
    return !deaf;
  }
  bool readable_within(std::chrono::milliseconds) override { return true; }
  void finish_writing() override { finished = true; }
  void reset() override { was_reset = true; }

  std::string written() const {
    std::string all;
    for (const auto& piece : writes) all += piece;
    return all;
  }
  bool all_read() const { return pieces_.empty(); }

  std::vector<std::string> writes;
  bool left_open = false, finished = false, deaf = false, was_reset = false;

 private:
  std::deque<std::string> pieces_;
};

Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

const Handler kEcho = [](const Request& request, Body& body, const Peer&) {
  return text('[' + std::string(method_name(request.method)) + ' ' + request.target + ' ' +
              body.all(1 << 20) + ']');
};
const Handler kIgnoreBody = [](const Request& request, Body&, const Peer&) {
  return text('[' + request.target + ']');
};

void serve(Script& client, const Handler& handler = kEcho, bool stop = false) {
  const Peer peer;
  const std::atomic<bool> stopping = stop;
  Connection(client, handler, peer, stopping).serve();
}

// The bodies of the answers (they are all in brackets) and the statuses of those without.
std::string answers(const Script& client) {
  const std::string all = client.written();
  std::string out;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t body = all.find("\r\n\r\n", at);
    REQUIRE(body != std::string::npos);
    at = std::min(all.find("HTTP/1.1 ", body), all.size());
    const std::string content = all.substr(body + 4, at - body - 4);
    out += content.starts_with('[') ? content : "";
  }
  return out;
}

std::string served(std::deque<std::string> pieces, const Handler& handler = kEcho) {
  Script client(std::move(pieces));
  serve(client, handler);
  return answers(client);
}

std::string status_of(std::deque<std::string> pieces, const Handler& handler = kEcho) {
  Script client(std::move(pieces));
  serve(client, handler);
  return client.written().substr(0, 12);
}

bool contains(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

const std::string kPost = "POST /p HTTP/1.1\r\nHost: h\r\n";
const std::string kNext = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace

TEST_CASE("Connection: one request after the other, each answer written at once") {
  Script client({"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n", kPost + "Content-Length: 2\r\n\r\nab",
                 "PUT /3 HTTP/1.1\r\nHost: h\r\n\r\n"});
  serve(client);
  CHECK(answers(client) == "[GET /1 ][POST /p ab][PUT /3 ]");
  CHECK(client.writes.size() == 3);
  CHECK_FALSE(client.left_open);
}

TEST_CASE("Connection: pipelined requests are all answered, in order") {
  CHECK(served({"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n" + kPost + "Content-Length: 3\r\n\r\nabc" + kNext}) ==
        "[GET /1 ][POST /p abc][GET /next ]");
}

TEST_CASE("Connection: bytes may arrive one by one") {
  const std::string all = kPost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\r\n" + kNext;
  std::deque<std::string> pieces;
  for (const char c : all) pieces.emplace_back(1, c);
  CHECK(served(pieces) == "[POST /p abc][GET /next ]");
}

TEST_CASE("Connection: a POST without length and without chunks has an empty body") {
  CHECK(served({kPost + "\r\n", kNext}) == "[POST /p ][GET /next ]");
}

TEST_CASE("Connection: GET and DELETE may have a body") {
  CHECK(served({"GET /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab" + kNext}) ==
        "[GET /1 ab][GET /next ]");
  CHECK(served({"DELETE /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n" +
                kNext}) == "[DELETE /1 x][GET /next ]");
}

TEST_CASE("Connection: empty lines before a request are skipped") {
  CHECK(served({"\r\n\n\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\n\r\n", "\r", "\n" + kNext}) ==
        "[GET /1 ][GET /next ]");
}

TEST_CASE("Connection: chunks with extensions and trailers, upper-case sizes") {
  const std::string chunks =
      "A;name=\"v\"\r\n0123456789\r\n 3 ;x\r\nabc\r\n000;last\r\nTrailer: 1\r\nMore: 2\r\n\r\n";
  CHECK(served({kPost + "Transfer-Encoding: chunked\r\n\r\n" + chunks + kNext}) ==
        "[POST /p 0123456789abc][GET /next ]");
}

TEST_CASE("Connection: broken chunks are refused") {
  for (const char* chunks :
       {"x\r\n", "-1\r\n", "\r\n", ";\r\n", "2\r\nabc\r\n0\r\n\r\n", "fffffffffffffffff\r\n"})
    CHECK_MESSAGE(status_of({kPost + "Transfer-Encoding: chunked\r\n\r\n" + chunks}) == "HTTP/1.1 400",
                  chunks);
  CHECK(status_of({kPost + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(100000, 'x')}) ==
        "HTTP/1.1 400");
}

TEST_CASE("Connection: a body that nobody read is not taken for a request") {
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string length = "Content-Length: " + std::to_string(smuggled.size()) + "\r\n\r\n";
  CHECK(served({kPost + length + smuggled + kNext}, kIgnoreBody) == "[/p][/next]");
  CHECK(served({kPost + length, smuggled, kNext}, kIgnoreBody) == "[/p][/next]");
  CHECK(served({kPost + "Transfer-Encoding: chunked\r\n\r\n23\r\n", smuggled, "\r\n0\r\n\r\n" + kNext},
               kIgnoreBody) == "[/p][/next]");
}

TEST_CASE("Connection: a handler that stops reading in mid-body leaves the connection usable") {
  const Handler picky = [](const Request& request, Body& body, const Peer&) -> Response {
    try {
      return text('[' + body.all(4) + ']');
    } catch (const BodyTooLarge&) {
      return text("[too large " + request.target + ']', 413);
    }
  };
  CHECK(
      served({kPost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "3\r\nabc\r\n", "0\r\n\r\n" + kNext},
             picky) == "[too large /p][]");
  CHECK(served({kPost + "Content-Length: 5\r\n\r\n12345" + kNext}, picky) == "[too large /p][]");
}

TEST_CASE("Connection: a large body that nobody read ends the connection") {
  const std::string body(2 << 20, 'x');
  Script client({kPost + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n", body, kNext});
  serve(client, kIgnoreBody);
  CHECK(answers(client) == "[/p]");
  CHECK(contains(client.written(), "Connection: close\r\n"));
  CHECK(client.finished);
  CHECK(client.all_read());  // so that no reset overtakes the answer
}

TEST_CASE("Connection: 100 Continue is sent when the handler begins to read, in any case") {
  Script client({kPost + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n", "ab", kNext});
  serve(client);
  REQUIRE(client.writes.size() == 3);
  CHECK(client.writes[0] == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.writes[1].ends_with("[POST /p ab]"));
  CHECK(client.writes[2].ends_with("[GET /next ]"));
}

TEST_CASE("Connection: 100 Continue is not sent for a body that has begun to arrive") {
  Script client({kPost + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\na", "b"});
  serve(client);
  REQUIRE(client.writes.size() == 1);
  CHECK(client.writes[0].ends_with("[POST /p ab]"));
}

TEST_CASE("Connection: an answer without reading leaves out 100 Continue and ends the connection") {
  Script client({kPost + "Expect: 100-continue\r\nContent-Length: 24\r\n\r\n",
                 "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"});
  serve(client, kIgnoreBody);
  CHECK(client.writes.size() == 1);
  CHECK(answers(client) == "[/p]");
  CHECK(contains(client.written(), "Connection: close\r\n"));
}

TEST_CASE("Connection: what is no request is refused, and nothing behind it is served") {
  Script client({"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + kNext});
  serve(client);
  CHECK(client.written().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(client.written().ends_with("\r\n\r\ntwo different Content-Length headers\n"));
  CHECK(contains(client.written(), "Connection: close\r\n"));
  CHECK(client.writes.size() == 1);
  CHECK(status_of({"\x16\x03\x01"}) == "HTTP/1.1 400");
}

TEST_CASE("Connection: heads and request lines have limits") {
  const std::string kilobyte(1000, 'x');
  std::string fields;
  while (fields.size() < kMaxHead) fields += "h: " + kilobyte + "\r\n";
  CHECK(status_of({"GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"}) == "HTTP/1.1 431");
  CHECK(status_of({"GET / HTTP/1.1\r\nHost: h\r\n" + fields}) == "HTTP/1.1 431");
  CHECK(status_of({"GET / HTTP/1.1\r\nHost: h\r\n" + fields.substr(0, kMaxHead - 2000) + "\r\n\r\n"}) ==
        "HTTP/1.1 200");
  CHECK(status_of({"GET /" + std::string(40000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"}) == "HTTP/1.1 414");
  CHECK(status_of({"GET /" + std::string(100000, 'x')}) == "HTTP/1.1 414");
}

TEST_CASE("Connection: HEAD is answered without a body") {
  Script client({"HEAD /1 HTTP/1.1\r\nHost: h\r\n\r\n" + kNext});
  serve(client);
  REQUIRE(client.writes.size() == 2);
  CHECK(contains(client.writes[0], "\r\nContent-Length: 10\r\n"));
  CHECK(client.writes[0].ends_with("\r\n\r\n"));
}

TEST_CASE("Connection: closes when either side says so") {
  const Handler closing = [](const Request&, Body&, const Peer&) {
    Response response = text("[x]");
    response.headers.add("connection", "Close");
    return response;
  };
  CHECK(served({"GET /1 HTTP/1.1\r\nHost: h\r\nConnection: CLOSE\r\n\r\n" + kNext}) == "[GET /1 ]");
  CHECK(served({"GET /1 HTTP/1.0\r\n\r\n" + kNext}) == "[GET /1 ]");
  CHECK(served({"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + kNext}) == "[GET /1 ][GET /next ]");
  CHECK(served({kNext + kNext}, closing) == "[x]");
}

TEST_CASE("Connection: while the listener closes, the running request is the last") {
  Script client({kNext + kNext});
  serve(client, kEcho, true);
  CHECK(answers(client) == "[GET /next ]");
  CHECK(contains(client.written(), "Connection: close\r\n"));
  CHECK(client.finished);  // before what is unread makes a reset
}

TEST_CASE(
    "Connection: a client that vanishes in mid-body is ClientGone for the handler, and gets no answer") {
  for (const char* request : {"Content-Length: 5\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
                              "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"}) {
    bool gone = false;
    Script client({kPost + request});
    serve(client, [&](const Request&, Body& body, const Peer&) -> Response {
      CHECK_THROWS_AS(body.all(100), ClientGone);
      gone = true;
      throw ClientGone();
    });
    CHECK(gone);
    CHECK(client.writes.empty());
  }
}

TEST_CASE("Connection: a handler's exception is a 500 and the connection goes on") {
  const Handler broken = [](const Request&, Body&, const Peer&) -> Response {
    throw std::runtime_error("secret");
  };
  Script client({kNext + kNext});
  serve(client, broken);
  CHECK(client.writes.size() == 2);
  CHECK(client.written().starts_with("HTTP/1.1 500 "));
  CHECK_FALSE(contains(client.written(), "secret"));
}

TEST_CASE("Connection: the body's length is known before it is read") {
  const Handler length = [](const Request&, Body& body, const Peer&) {
    return text('[' + (body.length() ? std::to_string(*body.length()) : "unknown") + ']');
  };
  CHECK(served({kPost + "Content-Length: 2\r\n\r\nab" + kPost + "\r\n" + kPost +
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
               length) == "[2][0][unknown]");
}

TEST_CASE("Connection: a body is read at most once") {
  const Handler twice = [](const Request&, Body& body, const Peer&) {
    const std::string first = body.all(10);
    return text('[' + first + '|' + body.all(10) + ']');
  };
  CHECK(served({kPost + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"}, twice) == "[ab|]");
}

TEST_CASE("Connection: a body must not be read inside a transaction") {
  const Handler guarded = [](const Request&, Body& body, const Peer&) {
    const BlockingGuard guard;
    CHECK_THROWS_AS(body.all(10), std::logic_error);
    return text("[ok]");
  };
  CHECK(served({kPost + "Content-Length: 2\r\n\r\nab" + kNext}, guarded) == "[ok][ok]");
}

namespace {

Handler stream_of(std::uint64_t length, std::vector<std::string> pieces) {
  return [=](const Request&, Body&, const Peer&) {
    Response response;
    response.body = Stream{length, [=](const auto& sink) {
                             for (const auto& piece : pieces) sink(piece);
                           }};
    return response;
  };
}

}  // namespace

TEST_CASE("Connection: a stream goes out piece by piece, the head with the first") {
  Script client({kNext + kNext});
  serve(client, stream_of(5, {"", "[ab", "c]"}));
  REQUIRE(client.writes.size() == 4);
  CHECK(contains(client.writes[0], "Content-Length: 5\r\n"));
  CHECK(client.writes[0].ends_with("\r\n\r\n[ab"));
  CHECK(client.writes[1] == "c]");
  CHECK(answers(client) == "[abc][abc]");
  CHECK_FALSE(client.left_open);
}

TEST_CASE("Connection: a stream that is shorter or longer than announced cuts the connection") {
  Script shorter({kNext + kNext});
  serve(shorter, stream_of(9, {"[ab]"}));
  CHECK(answers(shorter) == "[ab]");

  Script longer({kNext + kNext});
  serve(longer, stream_of(4, {"[ab]", "more"}));
  CHECK(answers(longer) == "[ab]");
}

TEST_CASE("Connection: an exception in a stream cuts the connection") {
  const Handler throwing = [](const Request&, Body&, const Peer&) {
    Response response;
    response.body = Stream{9, [](const auto& sink) {
                             sink("[ab]");
                             throw std::runtime_error("disk");
                           }};
    return response;
  };
  CHECK(served({kNext + kNext}, throwing) == "[ab]");
}

TEST_CASE("Connection: a stream is neither made nor sent for HEAD, nor when it is empty") {
  const Handler untouched = [](const Request& request, Body&, const Peer&) {
    Response response;
    response.body =
        Stream{request.method == Method::Head ? 9u : 0u, [](const auto&) { FAIL("was produced"); }};
    return response;
  };
  Script client({"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + kNext});
  serve(client, untouched);
  REQUIRE(client.writes.size() == 2);
  CHECK(contains(client.writes[0], "Content-Length: 9\r\n"));
  CHECK(contains(client.writes[1], "Content-Length: 0\r\n"));
}

TEST_CASE("Connection: a client that does not take the answer ends the stream") {
  int pieces = 0;
  Script client({kNext + kNext});
  client.deaf = true;
  serve(client, [&](const Request&, Body&, const Peer&) {
    Response response;
    response.body = Stream{1000, [&](const auto& sink) {
                             for (;; ++pieces) sink("x");
                           }};
    return response;
  });
  CHECK(pieces == 0);
  CHECK(client.writes.size() == 1);
}

TEST_CASE("Connection: ranges, encodings and conditions are left to the handler") {
  const Handler show = [](const Request& request, Body& body, const Peer&) {
    return text('[' + std::string(request.headers.get("Range")) + '|' + body.all(100) + ']');
  };
  Script client({kPost + "Range: bytes=rubbish\r\nAccept-Encoding: gzip, br\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 3\r\n\r\nraw"});
  serve(client, show);
  CHECK(answers(client) == "[bytes=rubbish|raw]");
  CHECK(client.written().starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_FALSE(contains(client.written(), "Content-Encoding"));
}

}  // namespace cvemu::http_connection_test
