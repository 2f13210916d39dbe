// How the emulator sends requests: notifications, backups, copies. One seam, so that a queue of our own and a
// foreign one differ nowhere above it.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/url.h"
#include "http/message.h"

namespace cvemu {

// No answer came: refused, unreachable, timed out, or a host the emulator must not call.
struct TransportError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Emulator: of an answer that nobody takes piece by piece no more than this is kept; a longer one is an
// error.
inline constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;

// Takes a piece of an answer's body; `head` has its status and headers. False: it has enough.
using TakePiece = std::function<bool(const Response& head, std::string_view piece)>;

class Transport {
 public:
  virtual ~Transport() = default;
  // request.target is set from the URL; Host and Content-Length are added unless given. Answers of any status
  // are returned, redirects too. Throws TransportError; std::logic_error inside a Transaction. Any thread.
  Response send(const Url& url, Request request, std::string body) {
    return receive(url, std::move(request), std::move(body), {});
  }
  // The same; the body of an answer below 300 is handed to `take` while it comes, and the answer's own body
  // stays empty. What `take` throws ends the transfer and is thrown on.
  virtual Response receive(const Url& url, Request request, std::string body, const TakePiece& take) = 0;
};

// Whether one of them names the URL's host: "host" or "host:port".
bool names_host(const std::vector<std::string>& hosts, const Url& url);

// Over a socket, to loopback addresses and the hosts named; everything else is refused, so that the emulator
// never reaches the internet by itself. Values of the answer's headers arrive percent-decoded (the HTTP
// library does that). SIGPIPE is ignored in the whole process from the first request on.
class Network : public Transport {
 public:
  // Each host "host" or "host:port". `answer_wait`: for each piece that is read or written.
  explicit Network(std::vector<std::string> allowed_hosts,
                   std::chrono::seconds answer_wait = std::chrono::seconds(30));
  ~Network() override;
  Response receive(const Url& url, Request request, std::string body, const TakePiece& take) override;
  // For good: requests that are under way end at once with a TransportError, and no other begins. Any thread.
  void stop();

 private:
  class Calls;
  bool is_allowed(const Url& url) const;
  const std::vector<std::string> allowed_hosts_;
  const std::chrono::seconds answer_wait_;
  const std::unique_ptr<Calls> calls_;  // under way
};

// Requests to the emulator's own endpoints run in the caller's thread, through the same pipeline as those
// from outside; all others go to `outside`.
class Loopback : public Transport {
 public:
  // Says whether a URL is one of our endpoints, and if so serves it.
  using IsOurs = std::function<bool(const Url&)>;
  using Serve = std::function<Response(const Url&, const Request&, Body&)>;
  explicit Loopback(Transport& outside) : outside_(outside) {}
  // All endpoints are added before the first send().
  void add_endpoint(IsOurs is_ours, Serve serve) {
    endpoints_.push_back({std::move(is_ours), std::move(serve)});
  }
  Response receive(const Url& url, Request request, std::string body, const TakePiece& take) override;

 private:
  struct Entry {
    IsOurs is_ours;
    Serve serve;
  };
  Transport& outside_;
  std::vector<Entry> endpoints_;
};

}  // namespace cvemu
