#include "storage/addressing.h"

#include <algorithm>

#include "base/text.h"
#include "storage/errors.h"

namespace cvemu {

namespace {

constexpr std::string_view kSecondary = "-secondary";

std::string_view without_port(std::string_view host) {
  return host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
}

bool may_be_product_style(std::string_view host) {
  if (host.starts_with('[') || host.find('.') == std::string_view::npos) return false;
  if (iequals(host, "host.docker.internal")) return false;
  return host.find_first_not_of("0123456789.") != std::string_view::npos;
}

// Takes an account's name as it stands in a URL.
bool take_account(std::string_view text, const Accounts& accounts, Address& address) {
  address.secondary = text.ends_with(kSecondary);
  if (address.secondary) text.remove_suffix(kSecondary.size());
  const Account* account = accounts.find(text);
  if (account) address.account = account->name;
  return account != nullptr;
}

std::string_view relative_path(std::string_view path) {
  if (path.empty()) return "/";
  const bool one_segment = path.size() > 1 && path.find('/', 1) == path.size() - 1;
  return one_segment ? path.substr(0, path.size() - 1) : path;
}

bool has_good_escapes(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size()) return false;
    if (kHex.find(text[at + 1]) == std::string_view::npos ||
        kHex.find(text[at + 2]) == std::string_view::npos)
      return false;
  }
  return true;
}

// Azure: Python's statistics client with a secondary host name asks for
// /account-secondary/account/?comp=stats.
bool repeats_account(const Exchange& exchange, const Address& address) {
  return address.secondary && !address.product_style && address.path.substr(1) == address.account &&
         iequals(exchange.query.find("comp").value_or(""), "stats");
}

}  // namespace

std::optional<Address> find_address(std::string_view host, std::string_view raw_path,
                                    const Accounts& accounts, const AddressingOptions& options) {
  Address address;
  host = without_port(host);
  if (options.product_style && may_be_product_style(host) &&
      take_account(to_lower(host.substr(0, host.find('.'))), accounts, address)) {
    address.product_style = true;
    address.path = relative_path(raw_path);
    return address;
  }
  if (!raw_path.starts_with('/')) return std::nullopt;
  const auto end = std::min(raw_path.find('/', 1), raw_path.size());
  if (!take_account(raw_path.substr(1, end - 1), accounts, address)) return std::nullopt;
  address.path = relative_path(raw_path.substr(end));
  return address;
}

Address resolve_address(const Exchange& exchange, const Accounts& accounts,
                        const AddressingOptions& options) {
  const std::string_view path = exchange.request.raw_path();
  auto address = find_address(exchange.request.headers.get("Host"), path, accounts, options);
  if (!address) throw storage_errors::resource_not_found();
  if (!has_good_escapes(path)) throw storage_errors::invalid_uri();
  if (repeats_account(exchange, *address)) address->path = "/";
  return *address;
}

std::string endpoint_of(const Exchange& exchange, const Address& address) {
  std::string url = exchange.peer.encrypted ? "https://" : "http://";
  url += exchange.request.headers.find("Host").value_or("localhost");
  if (address.product_style) return url;
  url += '/';
  url += address.account;
  if (address.secondary) url += kSecondary;
  return url;
}

}  // namespace cvemu
