#include "storage/accounts.h"

#include <algorithm>

#include "base/text.h"

namespace cvemu {

namespace {

constexpr std::size_t kMaxName = 24;  // Azure: storage account names

bool is_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return name.size() >= 3 && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), fits);
}

std::string decoded_key(std::string_view account, std::string_view key) {
  auto bytes = base64_decode(key);
  if (!bytes || bytes->empty())
    throw BadAccounts("account " + std::string(account) + ": a key is not base64");
  return std::move(*bytes);
}

}  // namespace

bool Account::signs(std::string_view text, std::string_view signature) const {
  const auto bytes = base64_decode(signature);
  return bytes && std::any_of(keys.begin(), keys.end(), [&](const AccountKey& key) {
           return equal_in_constant_time(key.hmac.sign(text), *bytes);
         });
}

std::string connection_string(const Account& account, std::string_view blob_endpoint,
                              std::string_view queue_endpoint, std::string_view table_endpoint) {
  const std::string table =
      table_endpoint.empty() ? "" : "TableEndpoint=" + std::string(table_endpoint) + ';';
  return "DefaultEndpointsProtocol=" + std::string(blob_endpoint.substr(0, blob_endpoint.find(':'))) +
         ";AccountName=" + account.name + ";AccountKey=" + base64_encode(account.keys[0].bytes) +
         ";BlobEndpoint=" + std::string(blob_endpoint) + ";QueueEndpoint=" + std::string(queue_endpoint) +
         ';' + table;
}

Accounts Accounts::development() {
  Accounts accounts;
  accounts.add(kDevelopmentAccount, {kDevelopmentKey});
  return accounts;
}

Accounts Accounts::parse(std::string_view text) {
  Accounts accounts;
  for (const std::string_view piece : split(text, ';')) {
    if (trim(piece).empty()) continue;
    const auto parts = split(trim(piece), ':');
    accounts.add(parts[0], {parts.begin() + 1, parts.end()});
  }
  return accounts.size() > 0 ? std::move(accounts) : development();
}

void Accounts::add(std::string_view name, const std::vector<std::string_view>& keys) {
  const std::string text(name);
  if (!is_name(name))
    throw BadAccounts("account " + std::to_string(size() + 1) +
                      " does not begin with a name: 3 to 24 of a-z, 0-9");
  if (find(name)) throw BadAccounts("account " + text + " is there twice");
  if (keys.empty() || keys.size() > 2) throw BadAccounts("account " + text + ": one or two keys are needed");
  Account account{text, {}};
  for (const std::string_view key : keys) account.keys.emplace_back(decoded_key(name, key));
  accounts_.push_back(std::move(account));
}

const Account* Accounts::find(std::string_view name) const {
  const auto at = std::find_if(begin(), end(), [&](const Account& account) { return account.name == name; });
  return at == end() ? nullptr : &*at;
}

}  // namespace cvemu
