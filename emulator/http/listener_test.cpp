#include "http/listener.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>

#include <barrier>
#include <future>
#include <thread>
#include <vector>

#include "http/test_client.h"

namespace cvemu::http_listener_test {

namespace {

const std::string kGet = "GET /a%2Fb HTTP/1.1\r\nHost: h\r\n\r\n";

Response text_answer(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response echo(const Request& request, Body& body, const Peer& peer) {
  return text_answer(peer.address + ' ' + request.target + ' ' + body.all(64 << 20));
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.ends_with(end);
}

// A endpoint on a free port, open from the start.
struct Endpoint : Listener {
  explicit Endpoint(Handler handler = echo) : Listener("127.0.0.1", 0, std::move(handler)) { start(); }
};

}  // namespace

TEST_CASE("Listener: announces its port and serves on it; the peer has an address") {
  Endpoint endpoint;
  CHECK(endpoint.port() > 0);
  CHECK(ends_with(TestClient(endpoint.port()).ask(kGet), "\r\n\r\n127.0.0.1 /a%2Fb "));
}

TEST_CASE("Listener: clients that come before start wait for it") {
  Listener endpoint("127.0.0.1", 0, echo);
  TestClient early(endpoint.port());
  REQUIRE(early.send(kGet));
  endpoint.start();
  CHECK(ends_with(early.read_answer(), "/a%2Fb "));
}

TEST_CASE("Listener: two never share a port, and the error names the address") {
  Endpoint endpoint;
  const std::string address = "127.0.0.1:" + std::to_string(endpoint.port());
  CHECK_THROWS_WITH_AS(Listener("127.0.0.1", endpoint.port(), echo),
                       ("cannot listen on " + address + ": the port is in use").c_str(), ListenError);
  CHECK_THROWS_AS(Listener("203.0.113.1", 0, echo), ListenError);
}

TEST_CASE("Listener: a port can be had again at once after stop, though connections were open") {
  auto endpoint = std::make_unique<Endpoint>();
  const int port = endpoint->port();
  TestClient client(port);
  client.ask(kGet);
  endpoint.reset();
  Listener again("127.0.0.1", port, echo);
  again.start();
  CHECK(ends_with(TestClient(port).ask(kGet), "/a%2Fb "));
}

TEST_CASE("Listener: idle connections neither keep a newcomer waiting nor stop") {
  Endpoint endpoint;
  std::vector<TestClient> idle;
  for (int i = 0; i < 64; ++i) {
    idle.emplace_back(endpoint.port());
    if (i % 2 == 0) CHECK(ends_with(idle.back().ask(kGet), "/a%2Fb "));
  }
  CHECK(ends_with(TestClient(endpoint.port()).ask(kGet), "/a%2Fb "));
  endpoint.stop();
  for (auto& client : idle) CHECK(client.read_to_end() == "");
}

TEST_CASE("Listener: each connection has a thread of its own, and threads are used again") {
  constexpr int kClients = 24;
  std::barrier together(kClients);
  Endpoint endpoint([&](const Request&, Body&, const Peer&) {
    together.arrive_and_wait();
    return text_answer("met");
  });
  for (int round = 0; round < 3; ++round) {
    std::vector<TestClient> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back(endpoint.port());
      REQUIRE(clients.back().send(kGet));
    }
    for (auto& client : clients) CHECK(ends_with(client.read_answer(), "met"));
  }
}

TEST_CASE("Listener: stop at any moment of its life") {
  {
    Listener never_started("127.0.0.1", 0, echo);
  }
  {
    Listener stopped_only("127.0.0.1", 0, echo);
    stopped_only.stop();
  }
  for (int i = 0; i < 50; ++i) {
    Listener brief("127.0.0.1", 0, echo);
    brief.start();
    brief.stop();
    brief.stop();
    CHECK_FALSE(TestClient().connect(brief.port()));
  }
}

TEST_CASE("Listener: stop lets a running request answer, and ends its connection") {
  std::promise<void> entered, released;
  Endpoint endpoint([&](const Request&, Body&, const Peer&) {
    entered.set_value();
    released.get_future().wait();
    return text_answer("done");
  });
  TestClient client(endpoint.port());
  REQUIRE(client.send(kGet));
  entered.get_future().wait();
  std::thread stopper([&] { endpoint.stop(); });
  while (TestClient().connect(endpoint.port())) std::this_thread::yield();
  released.set_value();
  stopper.join();
  const std::string answer = client.read_to_end();
  CHECK(ends_with(answer, "\r\n\r\ndone"));
  CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("Listener: a client that vanishes in mid-body harms nobody") {
  std::promise<bool> gone;
  Endpoint endpoint([&](const Request& request, Body& body, const Peer& peer) {
    try {
      return echo(request, body, peer);
    } catch (const ClientGone&) {
      gone.set_value(true);
      throw;
    }
  });
  TestClient client(endpoint.port());
  REQUIRE(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"));
  client.hang_up();
  CHECK(gone.get_future().get());
  CHECK(ends_with(TestClient(endpoint.port()).ask(kGet), "/a%2Fb "));
}

TEST_CASE("Listener: a client that vanishes in mid-answer is ClientGone for the one who makes it") {
  std::promise<bool> gone;
  Endpoint endpoint([&](const Request&, Body&, const Peer&) {
    Response response;
    response.body = Stream{std::uint64_t{1} << 40, [&](const auto& sink) {
                             const std::string piece(1 << 20, 'x');
                             try {
                               for (;;) sink(piece);
                             } catch (const ClientGone&) {
                               gone.set_value(true);
                               throw;
                             }
                           }};
    return response;
  });
  TestClient client(endpoint.port());
  REQUIRE(client.send(kGet));
  client.hang_up();
  CHECK(gone.get_future().get());
}

TEST_CASE("Listener: large bodies go both ways unchanged") {
  std::string body(8 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 2654435761u >> 13);
  Endpoint endpoint([&](const Request&, Body& incoming, const Peer&) {
    const auto bytes = std::make_shared<std::string>(incoming.all(body.size()));
    Response response;
    response.body = Stream{bytes->size(), [bytes](const auto& sink) {
                             const std::string_view all = *bytes;
                             for (std::size_t at = 0; at < all.size(); at += 100000)
                               sink(all.substr(at, 100000));
                           }};
    return response;
  });
  TestClient client(endpoint.port());
  for (int round = 0; round < 2; ++round) {
    REQUIRE(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + body));
    CHECK(client.read_answer().ends_with("\r\n\r\n" + body));
  }
}

TEST_CASE("Listener: a refused upload is answered though the client sends on") {
  Endpoint endpoint([](const Request&, Body&, const Peer&) {
    Response response = text_answer("refused");
    response.status = 403;
    return response;
  });
  const std::string body(8 << 20, 'x');
  TestClient client(endpoint.port());
  CHECK(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body));
  CHECK(ends_with(client.read_to_end(), "\r\n\r\nrefused"));
}

namespace {

// Takes every descriptor that this process may still have.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{std::min<rlim_t>(before_.rlim_cur, 512), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (int taken; (taken = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(taken);
  }
  ~NoDescriptors() {
    for (const int descriptor : taken_) ::close(descriptor);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

}  // namespace

TEST_CASE("Listener: survives a lack of descriptors") {
  Endpoint endpoint;
  TestClient waiting;
  {
    NoDescriptors none;
    REQUIRE(waiting.connect(endpoint.port()));
    REQUIRE(waiting.send(kGet));
  }
  CHECK(ends_with(waiting.read_answer(), "/a%2Fb "));
}

TEST_CASE("Listener: stops while there are no descriptors") {
  Endpoint endpoint;
  TestClient unserved;
  NoDescriptors none;
  REQUIRE(unserved.connect(endpoint.port()));
  endpoint.stop();
  CHECK_FALSE(TestClient(std::move(unserved)).connect(endpoint.port()));
}

}  // namespace cvemu::http_listener_test
