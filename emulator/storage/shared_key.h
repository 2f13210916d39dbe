// SharedKey and SharedKeyLite: the text that is signed, and both sides of it.
// Azure: "Authorize with Shared Key"; differences between SDKs are in the comments of shared_key.cpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/url.h"
#include "http/message.h"
#include "storage/accounts.h"

namespace cvemu::shared_key {

enum class Scheme { Full, Lite };

// What an SDK signs for this request: x-ms headers in culture order, Content-Encoding before
// Content-Language.
std::string string_to_sign(const Request&, const Query&, std::string_view account, Scheme = Scheme::Full);

// Signs a request of our own: sets x-ms-date, x-ms-version (unless given) and Authorization. Set every other
// header, Content-Length among them, before.
void sign(Request&, const Account&, Instant now);

// The Authorization header taken apart; nullopt if it does not begin with "SharedKey".
struct Authorization {
  Scheme scheme = Scheme::Full;
  std::string_view account, signature;
};
// Throws ApiError 400 InvalidAuthenticationInfo for "SharedKey" in a bad form.
std::optional<Authorization> parse_authorization(std::string_view header);

// nullopt if one of the account's keys made this signature over the request, in any spelling that a known
// client uses. Otherwise the text that should have been signed.
std::optional<std::string> mismatch(const Request&, const Query&, const Authorization&, const Account&);

}  // namespace cvemu::shared_key
