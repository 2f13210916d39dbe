#include "http/transport.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>

#include "base/blocking.h"
#include "base/text.h"
#include "http/library.h"

namespace cvemu {

namespace {

constexpr std::chrono::seconds kConnectWait{5};
constexpr std::chrono::seconds kAnswerWait{30};  // for each piece that is read or written

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

std::unique_ptr<httplib::ClientImpl> client_for(const Url& url) {
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
  client->set_read_timeout(kAnswerWait);
  client->set_write_timeout(kAnswerWait);
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

Response from_library(httplib::Response& answer) {
  Response response;
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.headers.add(name, value);
  response.body = std::move(answer.body);
  return response;
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

bool Network::is_allowed(const Url& url) const {
  const std::string with_port = url.host + ':' + std::to_string(url.port);
  return is_loopback(url.host) ||
         std::any_of(allowed_hosts_.begin(), allowed_hosts_.end(), [&](const std::string& allowed) {
           return iequals(allowed, url.host) || iequals(allowed, with_port);
         });
}

Response Network::send(const Url& url, Request request, std::string body) {
  forbid_blocking_here("sending a request");
  if (!is_allowed(url)) throw TransportError(why_refused(url));
  [[maybe_unused]] static const auto before = std::signal(SIGPIPE, SIG_IGN);
  complete(request, url, body.size());
  const auto client = client_for(url);
  httplib::Request out = to_library(request, std::move(body));
  httplib::Response answer;
  httplib::Error error = httplib::Error::Unknown;
  if (!client->send(out, answer, error))
    throw TransportError("no answer from " + url.authority() + ": " + httplib::to_string(error));
  return from_library(answer);
}

Response Loopback::send(const Url& url, Request request, std::string body) {
  forbid_blocking_here("sending a request");
  const auto endpoint = std::find_if(endpoints_.begin(), endpoints_.end(),
                                     [&](const Entry& entry) { return entry.is_ours(url); });
  if (endpoint == endpoints_.end()) return outside_.send(url, std::move(request), std::move(body));
  complete(request, url, body.size());
  StringBody bytes(std::move(body));
  try {
    Response response = endpoint->serve(url, request, bytes);
    if (response.wire_fault && response.wire_fault->breaks_off()) throw ClientGone();
    response.body = take_body(response);
    return response;
  } catch (const ClientGone&) {
    throw TransportError("no answer from " + url.authority() + ": the connection was cut");
  }
}

}  // namespace cvemu
