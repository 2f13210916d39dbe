// Accounts on other servers (Azurite, another cvemu) to which the emulator may write with a key: the user's
// queue or container need not be the emulator's own. Filled at the start, only read afterwards.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "storage/accounts.h"

namespace cvemu {

class ForeignAccounts {
 public:
  // Each "NAME=KEY@URL": the key in base64, the URL of the account's queue or blob service, with the account
  // in its path if the server wants it there: http://127.0.0.1:10101/devstoreaccount1. Throws BadAccounts,
  // naming the part.
  static ForeignAccounts parse(const std::vector<std::string>& texts);

  // The account whose service this URL lies in; nullptr if it is none of these.
  const Account* find(const Url& url) const;
  std::vector<std::string> hosts() const;  // each "host:port"

 private:
  struct Entry {
    Url service;
    Accounts account;  // one
  };
  std::deque<Entry> entries_;  // keys do not move
};

}  // namespace cvemu
