#include "http/host_policy.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"
#include "base/url.h"

namespace cvemu {

namespace {

// Reserved (RFC 2606, RFC 6761, .internal by ICANN) or no top-level domains: nobody can point one to this
// machine.
constexpr std::string_view kReservedSuffixes[] = {".localhost", ".internal", ".svc", ".cluster.local",
                                                  ".test"};
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

bool is_v4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_v6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_name(std::string_view host) {
  return !host.empty() && !host.starts_with('.') && host.find("..") == std::string_view::npos &&
         host.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

std::string_view without_last_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool read_port(std::string_view text, Authority& authority) {
  if (text.empty()) return true;
  if (!text.starts_with(':')) return false;
  text.remove_prefix(1);
  if (text.empty()) return true;  // RFC 3986: a port may have no digits
  const auto port = parse_int(text);
  if (!port || *port < 1 || *port > 65535) return false;
  authority.port = static_cast<int>(*port);
  return true;
}

bool is_below(std::string_view host, std::string_view suffix) {
  return host.size() > suffix.size() && host.ends_with(suffix);
}

// Where Azure's storage and Cognitive Services live: no stranger has names there that lead to this machine.
constexpr std::string_view kAzureSuffixes[] = {".windows.net", ".azure.com", ".microsoft.com"};

bool is_azure(const Authority& authority) {
  const std::string_view host = without_last_dot(authority.host);
  return std::any_of(std::begin(kAzureSuffixes), std::end(kAzureSuffixes),
                     [&](std::string_view suffix) { return is_below(host, suffix); });
}

// Off loopback and on plain http, a browser that reads its own site's pages gives itself away by its name
// alone.
bool is_browser(const Headers& headers) {
  return headers.has("Origin") || headers.has("Sec-Fetch-Site") ||
         headers.get("User-Agent").starts_with("Mozilla/");
}

std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& field : headers)
    if (iequals(field.name, name)) values.push_back(field.value);
  return values;
}

// "http://host:port", as browsers write it; "null" and everything else is nobody's.
bool is_origin_of(std::string_view origin, const Authority& host, bool encrypted) {
  const std::string_view scheme = encrypted ? "https://" : "http://";
  if (!istarts_with(origin, scheme)) return false;
  const auto from = Authority::parse(origin.substr(scheme.size()));
  const int usual = encrypted ? 443 : 80;
  return from && without_last_dot(from->host) == without_last_dot(host.host) &&
         from->port.value_or(usual) == host.port.value_or(usual);
}

}  // namespace

std::optional<Authority> Authority::parse(std::string_view text) {
  Authority authority;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    authority.host = to_lower(text.substr(1, close - 1));
    authority.is_address = true;
    if (!is_v6(authority.host)) return std::nullopt;
    rest = text.substr(close + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    authority.host = to_lower(text.substr(0, colon));
    authority.is_address = is_v4(authority.host);
    if (!is_name(authority.host)) return std::nullopt;
    rest = text.substr(colon);
  }
  if (!read_port(rest, authority)) return std::nullopt;
  return authority;
}

std::string Authority::url_host() const {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

bool HostPolicy::is_valid_name(std::string_view name) {
  const std::string lower = to_lower(name);
  if (lower.starts_with("*.")) return is_name(without_last_dot(lower.substr(2)));
  return is_name(lower) || is_v6(lower);
}

HostPolicy::HostPolicy(const std::vector<std::string>& names)
    : suffixes_(std::begin(kReservedSuffixes), std::end(kReservedSuffixes)) {
  for (const std::string& name : names) {
    if (!is_valid_name(name)) continue;
    const std::string lower(without_last_dot(to_lower(name)));
    if (lower.starts_with("*."))
      suffixes_.push_back(lower.substr(1));
    else
      names_.push_back(lower);
  }
}

bool HostPolicy::is_ours(const Authority& authority) const {
  if (authority.is_address || authority.host.find('.') == std::string::npos) return true;
  const std::string_view host = without_last_dot(authority.host);
  return host == "localhost" || std::find(names_.begin(), names_.end(), host) != names_.end() ||
         std::any_of(suffixes_.begin(), suffixes_.end(),
                     [&](const std::string& suffix) { return is_below(host, suffix); });
}

std::optional<Authority> HostPolicy::our_authority(const Headers& headers) const {
  const auto hosts = values_of(headers, "Host");
  if (hosts.size() != 1) return std::nullopt;
  auto authority = Authority::parse(hosts[0]);
  if (!authority || !is_ours(*authority)) return std::nullopt;
  return authority;
}

bool HostPolicy::is_rebound_page(const Headers& headers) const {
  if (!is_browser(headers) || our_authority(headers)) return false;
  const auto authority = Authority::parse(headers.get("Host"));
  return !authority || !is_azure(*authority);
}

HostPolicy::Verdict HostPolicy::judge(const Headers& headers, bool encrypted) const {
  const auto host = our_authority(headers);
  if (!host) return Verdict::ForeignHost;
  for (const std::string_view site : values_of(headers, "Sec-Fetch-Site"))
    if (site != "same-origin" && site != "none") return Verdict::ForeignPage;
  for (const std::string_view origin : values_of(headers, "Origin"))
    if (!is_origin_of(origin, *host, encrypted)) return Verdict::ForeignPage;
  return Verdict::Welcome;
}

}  // namespace cvemu
