#include "http/transport.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <set>
#include <utility>

#include "base/blocking.h"
#include "base/guarded.h"
#include "base/text.h"
#include "http/library.h"

namespace cvemu {

namespace {

constexpr std::chrono::seconds kConnectWait{5};

bool is_real_azure(const std::string& host) {
  return host.ends_with(".core.windows.net");
}

std::string why_refused(const Url& url) {
  if (is_real_azure(url.host))
    return "refused to call " + url.host +
           ": this is a storage account in Azure and not one of the emulator's; " +
           "use an account of the emulator, or name the host with --allow-host";
  return "refused to call " + url.authority() +
         ": the emulator calls loopback addresses only, and the hosts " + "named with --allow-host";
}

std::unique_ptr<httplib::ClientImpl> client_for(const Url& url, std::chrono::seconds answer_wait) {
  std::unique_ptr<httplib::ClientImpl> client;
  if (url.scheme == "https") {
    auto secure = std::make_unique<httplib::SSLClient>(url.host, url.port);
    // Certificates for loopback are made at home, often by the emulator's user a minute ago.
    secure->enable_server_certificate_verification(!is_loopback(url.host));
    client = std::move(secure);
  } else {
    client = std::make_unique<httplib::ClientImpl>(url.host, url.port);
  }
  client->set_connection_timeout(kConnectWait);
  client->set_read_timeout(answer_wait);
  client->set_write_timeout(answer_wait);
  library::leave_target_alone(*client);  // it may be signed
  client->set_decompress(false);
  client->set_tcp_nodelay(true);
  return client;
}

bool breaks_request_line(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

httplib::Request to_library(const Request& request, std::string body) {
  if (std::any_of(request.target.begin(), request.target.end(), breaks_request_line))
    throw TransportError("the target has a blank or a control character");
  httplib::Request out;
  out.method = method_name(request.method);
  out.path = request.target;
  for (const auto& [name, value] : request.headers) {
    if (name.find_first_of("\r\n") != std::string::npos || value.find_first_of("\r\n") != std::string::npos)
      throw TransportError("the header " + name + " has a line break");
    out.headers.emplace(name, value);
  }
  out.body = std::move(body);
  return out;
}

Response head_of(const httplib::Response& answer) {
  Response head;
  head.status = answer.status;
  for (const auto& [name, value] : answer.headers) head.headers.add(name, value);
  return head;
}

// An answer while it comes.
class Incoming {
 public:
  Incoming(const Url& url, const TakePiece& take) : url_(url), take_(take) {}

  void begin(Response head) {
    answer_ = std::move(head);
    begun_ = true;
  }
  bool begun() const { return begun_; }
  // False: no more of it. An exception must not pass through the library; finish() throws it.
  bool add(std::string_view piece) noexcept {
    try {
      ended_ = !take(piece);
    } catch (...) {
      failure_ = std::current_exception();
      ended_ = true;
    }
    return !ended_;
  }
  bool ended_here() const { return ended_; }
  Response finish() {
    if (failure_) std::rethrow_exception(failure_);
    if (kept_) answer_.body = std::move(bytes_);
    return std::move(answer_);
  }

 private:
  bool take(std::string_view piece) {
    if (take_ && answer_.status < 300) return take_(answer_, piece);
    if (bytes_.size() + piece.size() > kMaxAnswerBytes)
      throw TransportError("the answer of " + url_.authority() + " is longer than " +
                           std::to_string(kMaxAnswerBytes) + " bytes");
    bytes_ += piece;
    kept_ = true;
    return true;
  }

  const Url& url_;
  const TakePiece& take_;
  Response answer_;
  std::string bytes_;
  bool begun_ = false, kept_ = false, ended_ = false;
  std::exception_ptr failure_;
};

// Ends a stream of ours whose reader has enough.
struct Enough {};

// The body of an answer of ours, piece by piece, as if it came over a socket.
void hand_over(Response& response, Incoming& incoming) {
  auto body = std::exchange(response.body, std::string());
  response.wire_fault.reset();
  incoming.begin(std::move(response));
  if (const auto* text = std::get_if<std::string>(&body)) {
    incoming.add(*text);
    return;
  }
  try {
    std::get<Stream>(body).produce([&](std::string_view piece) {
      if (!incoming.add(piece)) throw Enough();
    });
  } catch (const Enough&) {
  }
}

// In words for people; what remains is what only the library can tell apart.
std::string why_unanswered(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "nobody listens there, or it cannot be reached";
    case httplib::Error::ConnectionTimeout:
      return "it took too long to connect";
    case httplib::Error::Read:
      return "the connection ended, or was silent too long, before the answer was whole";
    case httplib::Error::Write:
      return "the connection ended before the request was sent";
    case httplib::Error::SSLConnection:
      return "no TLS connection could be made; does it speak https?";
    case httplib::Error::SSLServerVerification:
      return "its TLS certificate is not trusted";
    default:
      return "the connection failed";
  }
}

// What every road adds.
void complete(Request& request, const Url& url, std::size_t body_size) {
  request.target = url.target();
  if (!request.headers.has("Host")) request.headers.add("Host", url.authority());
  const bool sends_body = request.method == Method::Put || request.method == Method::Post || body_size > 0;
  if (sends_body && !request.headers.has("Content-Length"))
    request.headers.add("Content-Length", std::to_string(body_size));
}

}  // namespace

bool names_host(const std::vector<std::string>& hosts, const Url& url) {
  const std::string with_port = url.host + ':' + std::to_string(url.port);
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
    return iequals(host, url.host) || iequals(host, with_port);
  });
}

bool Network::is_allowed(const Url& url) const {
  return is_loopback(url.host) || names_host(allowed_hosts_, url);
}

// The clients that wait for an answer, so that they can be stopped.
class Network::Calls {
 public:
  class Call {
   public:
    Call(Calls& calls, httplib::ClientImpl& client) : calls_(calls), client_(client) {
      calls_.clients_.with([&](auto& clients) {
        if (calls_.stopped_) throw TransportError("the emulator is ending");
        clients.insert(&client_);
      });
    }
    ~Call() {
      calls_.clients_.with([&](auto& clients) { clients.erase(&client_); });
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Calls& calls_;
    httplib::ClientImpl& client_;
  };

  void stop() {
    clients_.with([&](auto& clients) {
      stopped_ = true;
      for (httplib::ClientImpl* client : clients) client->stop();
    });
  }

 private:
  bool stopped_ = false;  // under the lock of clients_
  Guarded<std::set<httplib::ClientImpl*>> clients_;
};

Network::Network(std::vector<std::string> allowed_hosts, std::chrono::seconds answer_wait)
    : allowed_hosts_(std::move(allowed_hosts)),
      answer_wait_(answer_wait),
      calls_(std::make_unique<Calls>()) {}

Network::~Network() = default;

void Network::stop() {
  calls_->stop();
}

Response Network::receive(const Url& url, Request request, std::string body, const TakePiece& take) {
  forbid_blocking_here("sending a request");
  if (!is_allowed(url)) throw TransportError(why_refused(url));
  [[maybe_unused]] static const auto before = std::signal(SIGPIPE, SIG_IGN);
  complete(request, url, body.size());
  const auto client = client_for(url, answer_wait_);
  const Calls::Call call(*calls_, *client);
  httplib::Request out = to_library(request, std::move(body));
  Incoming incoming(url, take);
  out.response_handler = [&](const httplib::Response& answer) {
    incoming.begin(head_of(answer));
    return true;
  };
  out.content_receiver = [&](const char* bytes, std::size_t length, std::uint64_t, std::uint64_t) {
    return incoming.add({bytes, length});
  };
  httplib::Response answer;
  httplib::Error error = httplib::Error::Unknown;
  if (!client->send(out, answer, error) && !incoming.ended_here())
    throw TransportError("no answer from " + url.authority() + ": " + why_unanswered(error));
  if (!incoming.begun()) incoming.begin(head_of(answer));  // it had no body: HEAD, 204
  return incoming.finish();
}

Response Loopback::receive(const Url& url, Request request, std::string body, const TakePiece& take) {
  forbid_blocking_here("sending a request");
  const auto endpoint = std::find_if(endpoints_.begin(), endpoints_.end(),
                                     [&](const Entry& entry) { return entry.is_ours(url); });
  if (endpoint == endpoints_.end()) return outside_.receive(url, std::move(request), std::move(body), take);
  complete(request, url, body.size());
  StringBody bytes(std::move(body));
  try {
    Response response = endpoint->serve(url, request, bytes);
    if (response.wire_fault && response.wire_fault->breaks_off()) throw ClientGone();
    Incoming incoming(url, take);
    hand_over(response, incoming);
    return incoming.finish();
  } catch (const ClientGone&) {
    throw TransportError("no answer from " + url.authority() + ": the connection was cut");
  }
}

}  // namespace cvemu
