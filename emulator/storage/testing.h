// For tests: a request written as on the wire, with everything that makes it an Exchange.
#pragma once
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/times.h"
#include "http/service.h"
#include "storage/accounts.h"

namespace cvemu::testing {

// The date that the vectors were signed at.
inline const Instant kVectorTime = *times::parse_iso("2026-06-15T12:00:00Z");

// "GET /path?query" and lines "Name: value".
inline Request request_of(std::string_view line, std::initializer_list<std::string_view> headers = {}) {
  const auto blank = line.find(' ');
  Request request{parse_method(line.substr(0, blank)), std::string(line.substr(blank + 1)), {}};
  for (const std::string_view header : headers) {
    const auto colon = header.find(':');
    request.headers.add(header.substr(0, colon), trim(header.substr(colon + 1)));
  }
  return request;
}

struct Sent {
  explicit Sent(Request sent) : request(std::move(sent)) {}
  Sent(std::string_view line, std::initializer_list<std::string_view> headers = {})
      : Sent(request_of(line, headers)) {}
  Sent(const Sent&) = delete;
  Sent& operator=(const Sent&) = delete;

  Request request;
  Exchange exchange{request, Query::parse(request.raw_query()), {}, Uuid(1, 2), kVectorTime};
};

inline const Account& development_account() {
  static const Accounts accounts = Accounts::development();
  return *accounts.find(kDevelopmentAccount);
}

// What that account's key makes of a text.
inline std::string signature_of(const std::string& text) {
  return development_account().keys.front().hmac.sign_base64(text);
}

// The code of the ApiError that `act` throws, "" if it throws none.
template <class Act>
std::string code_of(Act&& act) {
  try {
    act();
  } catch (const ApiError& error) {
    return std::to_string(error.status) + ' ' + error.code;
  }
  return "";
}

}  // namespace cvemu::testing
