#include "storage/foreign_accounts.h"

#include "base/text.h"

namespace cvemu {

namespace {

bool is_within(const Url& url, const Url& service) {
  return url.scheme == service.scheme && iequals(url.host, service.host) && url.port == service.port &&
         (url.path == service.path || url.path.starts_with(service.path + '/'));
}

}  // namespace

ForeignAccounts ForeignAccounts::parse(const std::vector<std::string>& texts) {
  ForeignAccounts accounts;
  for (const std::string& text : texts) {
    const auto equals = text.find('='), at = text.find('@');
    if (equals == std::string::npos || at == std::string::npos || at < equals)
      throw BadAccounts("value " + std::to_string(accounts.entries_.size() + 1) +
                        " is not of the form NAME=KEY@URL");
    const std::string name = text.substr(0, equals);
    Accounts one;  // checks name and key
    one.add(name, {std::string_view(text).substr(equals + 1, at - equals - 1)});
    auto service = Url::parse(text.substr(at + 1));
    if (!service) throw BadAccounts("account " + name + ": what stands after the @ is no http or https URL");
    while (service->path.ends_with('/')) service->path.pop_back();
    accounts.entries_.push_back({*std::move(service), std::move(one)});
  }
  return accounts;
}

const Account* ForeignAccounts::find(const Url& url) const {
  for (const Entry& entry : entries_)
    if (is_within(url, entry.service)) return &*entry.account.begin();
  return nullptr;
}

std::vector<std::string> ForeignAccounts::hosts() const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_)
    all.push_back(entry.service.host + ':' + std::to_string(entry.service.port));
  return all;
}

}  // namespace cvemu
