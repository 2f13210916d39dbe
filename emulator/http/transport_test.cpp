#include "http/transport.h"

#include <doctest/doctest.h>

#include "base/blocking.h"
#include "http/listener.h"

namespace cvemu::http_transport_test {

namespace {

Url url(const std::string& text) {
  const auto parsed = Url::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

// Says what it was asked.
Response show(const Request& request, Body& body, const Peer&) {
  std::string seen = std::string(method_name(request.method)) + ' ' + request.target + '\n';
  for (const auto& [name, value] : request.headers) seen += name + ": " + value + '\n';
  Response response;
  response.status = 201;
  response.headers.add("x-ms-answer", "yes");
  response.body = seen + '\n' + body.all(100);
  return response;
}

struct Endpoint : Listener {
  explicit Endpoint(Handler handler = show) : Listener("127.0.0.1", 0, std::move(handler)) { start(); }
  Url url(const std::string& target) const {
    return http_transport_test::url("http://127.0.0.1:" + std::to_string(port()) + target);
  }
};

std::string body_of(const Response& response) {
  return std::get<std::string>(response.body);
}

bool contains(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

std::string refusal(Transport& transport, const std::string& target) {
  try {
    transport.send(url(target), Request{}, "");
    return "";
  } catch (const TransportError& error) {
    return error.what();
  }
}

Request post() {
  Request request;
  request.method = Method::Post;
  return request;
}

}  // namespace

TEST_CASE("Network: sends target, headers and body as given, and returns the answer") {
  Endpoint endpoint;
  Network network({});
  Request request = post();
  request.headers.add("x-ms-meta-a", "50%25 \xc3\xa9");
  request.headers.add("Content-Type", "application/xml");
  const Response answer = network.send(endpoint.url("/q%2Fa/m's,+;?sig=a%2Bb%3D&x"), request, "<a/>");
  CHECK(answer.status == 201);
  CHECK(answer.headers.get("X-Ms-Answer") == "yes");
  const std::string seen = body_of(answer);
  CHECK(seen.starts_with("POST /q%2Fa/m's,+;?sig=a%2Bb%3D&x\n"));
  CHECK(contains(seen, "\nx-ms-meta-a: 50%25 \xc3\xa9\n"));
  CHECK(contains(seen, "\nContent-Type: application/xml\n"));
  CHECK(contains(seen, "\nContent-Length: 4\n"));
  CHECK(contains(seen, "\nHost: 127.0.0.1:" + std::to_string(endpoint.port()) + '\n'));
  CHECK(seen.ends_with("\n\n<a/>"));
}

TEST_CASE("Network: error statuses and redirects are answers, too") {
  for (const int status : {302, 404, 500}) {
    Endpoint endpoint([&](const Request&, Body&, const Peer&) {
      Response response;
      response.status = status;
      response.headers.add("Location", "http://127.0.0.1:1/elsewhere");
      return response;
    });
    CHECK(Network({}).send(endpoint.url("/"), post(), "").status == status);
  }
}

TEST_CASE("Network: only loopback and the hosts named are called") {
  Network network({"0.0.0.0"});
  CHECK(contains(refusal(network, "http://example.com/"), "refused to call example.com"));
  CHECK(contains(refusal(network, "http://example.com:81/"), "--allow-host"));
  for (const char* other : {"http://10.0.0.1/", "http://127.1/", "http://0.0.0.1/", "http://[::2]/",
                            "http://localhost.evil.com/", "http://notallowed.invalid/"})
    CHECK_MESSAGE(refusal(network, other).starts_with("refused"), other);
  // These may be called; nobody answers.
  for (const char* named : {"http://127.0.0.1:1/", "http://127.9.9.9:1/", "http://[::1]:1/",
                            "http://localhost:1/", "http://0.0.0.0:1/"})
    CHECK_MESSAGE(refusal(network, named).starts_with("no answer from"), named);
}

TEST_CASE("Network: a host may be allowed with one port only") {
  Network network({"0.0.0.0:1"});
  CHECK(refusal(network, "http://0.0.0.0:2/").starts_with("refused"));
  CHECK(refusal(network, "http://0.0.0.0:1/").starts_with("no answer"));
}

TEST_CASE("Network: real storage accounts have a message of their own") {
  Network network({});
  const std::string why = refusal(network, "https://acc.queue.core.windows.net/q/messages");
  CHECK(contains(why, "acc.queue.core.windows.net"));
  CHECK(contains(why, "storage account in Azure"));
}

TEST_CASE("Network: an answer that breaks off is an error") {
  Endpoint endpoint([](const Request&, Body&, const Peer&) -> Response { throw ClientGone(); });
  CHECK_THROWS_AS(Network({}).send(endpoint.url("/"), post(), ""), TransportError);
}

TEST_CASE("Network: status and headers of answers without a body") {
  Endpoint endpoint([](const Request& request, Body&, const Peer&) {
    Response answer;
    answer.status = request.method == Method::Head ? 404 : 204;
    answer.headers.add("x-seen", "yes");
    return answer;
  });
  Request head = post();
  head.method = Method::Head;
  const Response missing = Network({}).send(endpoint.url("/"), head, "");
  CHECK(missing.status == 404);
  CHECK(missing.headers.get("x-seen") == "yes");
  CHECK(Network({}).send(endpoint.url("/"), post(), "").status == 204);
}

TEST_CASE("Network: an answer is kept up to a limit, and taken piece by piece beyond it") {
  const std::string large(kMaxAnswerBytes + 1, 'x');
  Endpoint endpoint([&](const Request&, Body&, const Peer&) {
    Response answer;
    answer.body = large;
    return answer;
  });
  CHECK_THROWS_WITH_AS(Network({}).send(endpoint.url("/"), post(), ""), doctest::Contains("is longer than"),
                       TransportError);
  std::size_t taken = 0;
  const auto take = [&](const Response& head, std::string_view piece) {
    CHECK(head.status == 200);
    taken += piece.size();
    return taken < 100'000;
  };
  const Response answer = Network({}).receive(endpoint.url("/"), post(), "", take);
  CHECK(answer.status == 200);
  CHECK(std::get<std::string>(answer.body) == "");
  CHECK(taken >= 100'000);
  CHECK(taken < large.size());
  struct Full {};
  CHECK_THROWS_AS(Network({}).receive(endpoint.url("/"), post(), "",
                                      [](const Response&, std::string_view) -> bool { throw Full(); }),
                  Full);
}

TEST_CASE("Network: no header may begin a new line") {
  Request request = post();
  request.headers.add("x-a", "1\r\nx-b: 2");
  CHECK_THROWS_AS(Network({}).send(url("http://127.0.0.1:1/"), request, ""), TransportError);
}

namespace {

struct Outside : Transport {
  Response receive(const Url& to, Request, std::string body, const TakePiece&) override {
    sent += to.text() + ' ' + body;
    return {};
  }
  std::string sent;
};

}  // namespace

TEST_CASE("Loopback: our own endpoints are served in this thread, all others outside") {
  Outside outside;
  Loopback loopback(outside);
  loopback.add_endpoint(
      [](const Url& to) { return to.port == 10001; },
      [](const Url&, const Request& request, Body& body) { return show(request, body, Peer{}); });
  const Response answer = loopback.send(url("http://127.0.0.1:10001/q?a=%20"), post(), "text");
  CHECK(answer.status == 201);
  CHECK(body_of(answer) == "POST /q?a=%20\nHost: 127.0.0.1:10001\nContent-Length: 4\n\ntext");
  CHECK(outside.sent == "");
  loopback.send(url("http://127.0.0.1:10002/q"), post(), "other");
  CHECK(outside.sent == "http://127.0.0.1:10002/q other");
}

TEST_CASE("Loopback: streams are read whole; a cut connection is a TransportError") {
  Outside outside;
  Loopback loopback(outside);
  loopback.add_endpoint([](const Url& to) { return to.path == "/stream"; },
                        [](const Url&, const Request&, Body&) {
                          Response response;
                          response.body = Stream{4, [](const auto& sink) {
                                                   sink("ab");
                                                   sink("cd");
                                                 }};
                          return response;
                        });
  loopback.add_endpoint([](const Url&) { return true; },
                        [](const Url&, const Request&, Body&) -> Response { throw ClientGone(); });
  CHECK(body_of(loopback.send(url("http://h/stream"), post(), "")) == "abcd");
  CHECK_THROWS_AS(loopback.send(url("http://h/cut"), post(), ""), TransportError);
}

TEST_CASE("Transport: never inside a transaction") {
  Outside outside;
  const BlockingGuard guard;
  CHECK_THROWS_AS(Network({}).send(url("http://127.0.0.1:1/"), post(), ""), std::logic_error);
  CHECK_THROWS_AS(Loopback(outside).send(url("http://127.0.0.1:1/"), post(), ""), std::logic_error);
}

TEST_CASE("Transport: a target that would end its line early is not sent") {
  const Endpoint endpoint;
  Network network({});
  for (const std::string bad : {"/a b", "/a\r\nx: y", "/a\n"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(network.send(endpoint.url("/").at(bad), Request{}, ""), TransportError);
  }
  CHECK_THROWS_AS(network.send(endpoint.url("/").at(std::string_view("/a\0b", 4)), Request{}, ""),
                  TransportError);
}

}  // namespace cvemu::http_transport_test
