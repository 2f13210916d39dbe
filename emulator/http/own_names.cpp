#include "http/own_names.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cvemu {

namespace {

constexpr std::size_t kMostKnown = 100;

// The bytes of an address, without port and scope; "" for families other than IP.
std::string bytes_of(const sockaddr* address) {
  if (!address) return "";
  const auto text = [](const void* bytes, std::size_t size) {
    return std::string(static_cast<const char*>(bytes), size);
  };
  if (address->sa_family == AF_INET) {
    const in_addr& v4 = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    return text(&v4, sizeof v4);
  }
  if (address->sa_family != AF_INET6) return "";
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  return text(&v6, sizeof v6);
}

std::vector<std::string> own_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = list; one; one = one->ifa_next)
    if (std::string bytes = bytes_of(one->ifa_addr); !bytes.empty()) addresses.push_back(std::move(bytes));
  return addresses;
}

std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &list) != 0) return {};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list; one; one = one->ai_next) addresses.push_back(bytes_of(one->ai_addr));
  return addresses;
}

bool is_own(const std::string& host) {
  const auto named = addresses_of(host), own = own_addresses();
  return !named.empty() && std::all_of(named.begin(), named.end(), [&](const std::string& address) {
    return std::find(own.begin(), own.end(), address) != own.end();
  });
}

}  // namespace

bool OwnNames::contains(const std::string& host) {
  const auto now = Steady::now();
  const auto remembered = known_.with([&](const auto& known) -> std::optional<bool> {
    const auto found = known.find(host);
    if (found == known.end() || now - found->second.asked > kMemory) return std::nullopt;
    return found->second.own;
  });
  if (remembered) return *remembered;
  const bool own = is_own(host);
  known_.with([&](auto& known) {
    if (known.size() >= kMostKnown) known.clear();
    known[host] = {own, now};
  });
  return own;
}

}  // namespace cvemu
