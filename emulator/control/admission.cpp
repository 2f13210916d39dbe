#include "control/admission.h"

#include "base/hashes.h"
#include "base/text.h"

namespace cvemu::control {

namespace {

ApiError foreign_host(const Headers& headers) {
  const auto authority = Authority::parse(headers.get("Host"));
  const std::string name = authority ? authority->host : "NAME";
  return ApiError(421, "HostNotAllowed",
                  "The Host header has to be one name that this emulator goes by. If " +
                      (authority ? '"' + name + "\" is one" : std::string("another name is one")) +
                      ", start it with --control-host " + name + " (CVEMU_CONTROL_HOST).");
}

ApiError foreign_page() {
  return ApiError(
      403, "CrossSiteRequest",
      "A web page of another origin sent this request, as Sec-Fetch-Site or Origin says. Control routes "
      "answer programs and pages of their own origin.");
}

ApiError token_missing() {
  ApiError error(
      401, "TokenRequired",
      "Control routes of this emulator ask for its token: Authorization: Bearer TOKEN (--control-token, "
      "CVEMU_CONTROL_TOKEN).");
  error.headers.add("WWW-Authenticate", "Bearer");
  return error;
}

// Digests are compared, so that the time does not tell the token's length either.
bool carries_token(const Headers& headers, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view given = headers.get("Authorization");
  if (!istarts_with(given, kScheme)) return false;
  given = trim(given.substr(kScheme.size()));
  return equal_in_constant_time(sha256(given), sha256(token));
}

}  // namespace

void admit(const Exchange& exchange, const HostPolicy& hosts, std::string_view token) {
  if (exchange.peer.internal) return;
  const Headers& headers = exchange.request.headers;
  switch (hosts.judge(headers, exchange.peer.encrypted)) {
    case HostPolicy::Verdict::ForeignHost:
      throw foreign_host(headers);
    case HostPolicy::Verdict::ForeignPage:
      throw foreign_page();
    case HostPolicy::Verdict::Welcome:
      break;
  }
  if (!token.empty() && !carries_token(headers, token)) throw token_missing();
}

}  // namespace cvemu::control
