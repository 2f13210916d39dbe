// The storage accounts of this emulator. Filled while the emulator is put together and only read afterwards:
// find() needs no lock, add() must come before the endpoints open.
#pragma once
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/hashes.h"

namespace cvemu {

struct AccountKey {
  explicit AccountKey(std::string_view key_bytes) : bytes(key_bytes), hmac(key_bytes) {}
  std::string bytes;  // decoded from base64
  HmacSha256 hmac;    // ready to sign; may be used by several threads
};

struct Account {
  // True if one of the keys makes this signature (base64) of the text.
  bool signs(std::string_view text, std::string_view signature) const;

  std::string name;
  std::vector<AccountKey> keys;  // one or two; the first signs what the emulator sends
};

// Azure's well-known development account, the same in every emulator.
inline constexpr std::string_view kDevelopmentAccount = "devstoreaccount1";
inline constexpr std::string_view kDevelopmentKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

// A text of accounts that cannot be read; what() names the part that is wrong. It repeats nothing that could
// be a key, wherever that was put by mistake.
struct BadAccounts : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What SDKs take: the account with its key and the endpoints of its services. `table_endpoint`: "" if there
// is none.
std::string connection_string(const Account& account, std::string_view blob_endpoint,
                              std::string_view queue_endpoint, std::string_view table_endpoint);

class Accounts {
 public:
  Accounts() = default;
  static Accounts development();
  // "name:key1[:key2];name2:...", keys in base64: the form of AZURITE_ACCOUNTS. The development account is in
  // it only if it is listed. An empty text gives the development account. Throws BadAccounts.
  static Accounts parse(std::string_view text);

  // `keys` in base64. Throws BadAccounts for a bad key, a bad name (3-24 letters and digits, as Azure has it,
  // or dashes for the emulator's own) or a name that is there already.
  void add(std::string_view name, const std::vector<std::string_view>& keys);

  // nullptr if there is none. The pointer is good as long as this object lives in its place.
  const Account* find(std::string_view name) const;
  auto begin() const { return accounts_.begin(); }
  auto end() const { return accounts_.end(); }
  std::size_t size() const { return accounts_.size(); }

 private:
  std::deque<Account> accounts_;  // a deque keeps its elements in place
};

}  // namespace cvemu
