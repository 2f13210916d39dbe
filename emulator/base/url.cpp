#include "base/url.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace cvemu {

namespace {

std::string decoded(std::string_view text) {
  auto plain = percent_decode(text, true);
  return plain ? *std::move(plain) : std::string(text);
}

}  // namespace

Query Query::parse(std::string_view raw) {
  Query query;
  query.items_.reserve(static_cast<std::size_t>(std::count(raw.begin(), raw.end(), '&')) + 1);
  while (!raw.empty()) {
    const auto end = std::min(raw.find('&'), raw.size());
    const std::string_view piece = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const std::string_view name = piece.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : piece.substr(equals + 1);
    query.items_.emplace_back(decoded(name), decoded(value));
  }
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (iequals(key, name)) return value;
  return std::nullopt;
}

std::optional<std::string_view> Query::find_nonempty(std::string_view name) const {
  const auto value = find(name);
  return value && !value->empty() ? value : std::nullopt;
}

namespace {

int default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool split_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) return false;
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    url.host = to_lower(authority.substr(1, close - 1));
    if (!is_ipv6(url.host)) return false;
    const std::string_view rest = authority.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return false;
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    const auto colon = authority.find(':');
    url.host = to_lower(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
  }
  if (url.host.empty()) return false;
  if (port.empty()) return true;
  const auto number = parse_int(port);
  if (!number || *number < 1 || *number > 65535) return false;
  url.port = static_cast<int>(*number);
  return true;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  Url url;
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  url.scheme = to_lower(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = default_port(url.scheme);
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  for (const char c : rest)
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return std::nullopt;
  const auto path_start = rest.find_first_of("/?");
  if (!split_authority(rest.substr(0, path_start), url)) return std::nullopt;
  rest = path_start == std::string_view::npos ? "" : rest.substr(path_start);
  const auto question = rest.find('?');
  url.path = std::string(rest.substr(0, question));
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = std::string(rest.substr(question + 1));
  return url;
}

Url Url::at(std::string_view target) const {
  Url url = *this;
  const auto question = std::min(target.find('?'), target.size());
  if (url.path.ends_with('/') && target.starts_with('/')) url.path.pop_back();
  url.path += target.substr(0, question);
  url.query = target.substr(std::min(question + 1, target.size()));
  return url;
}

std::string Url::target() const {
  return query.empty() ? path : path + '?' + query;
}

std::string Url::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string out = ipv6 ? '[' + host + ']' : host;
  if (port != default_port(scheme)) out += ':' + std::to_string(port);
  return out;
}

std::string Url::origin() const {
  return scheme + "://" + authority();
}

std::string Url::text() const {
  return origin() + target();
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.") || host.ends_with(".localhost") ||
         host == "host.docker.internal";
}

}  // namespace cvemu
