// Who calls, and may they? Every storage request is checked here.
//
// What a row's Access says (http/router.h) is asked of every way to prove who one is.
//
// Refusals (Azure: error codes of the documentation):
//   nothing says who calls             401 NoAuthenticationInformation with a challenge; 404 ResourceNotFound
//                                      for what could be public, if x-ms-version is older than 2019-12-12
//   Authorization in no known form     400 InvalidAuthenticationInfo
//   signature, dates, policy, bearer   403 AuthenticationFailed; AuthenticationErrorDetail names the string
//                                      that was signed, or what else is wrong
//   SAS is right, but not for this     403 AuthorizationPermissionMismatch, ...ResourceTypeMismatch,
//                                      ...ServiceMismatch, ...ProtocolMismatch, ...SourceIPMismatch
// A header and a signature in the query together: the header counts; in loose mode, the signature.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/service.h"
#include "storage/accounts.h"
#include "storage/addressing.h"
#include "storage/sas.h"

namespace cvemu {

// What the request is about. Names are decoded; `container` is the queue for the queue service. Empty = none.
struct Resource {
  StorageKind service = StorageKind::Blob;
  std::string_view container, blob;
};

enum class PublicAccess { None, Blob, Container };

// A stored access policy, texts as the client set them; empty = not set.
struct AccessPolicy {
  std::string start, expiry, permission;
};

struct AccessOptions {
  bool loose = false;   // a SAS counts more than an Authorization header; `sip` is not looked at
  bool strict = false;  // dates of SharedKey requests must be there and within 15 minutes of the clock
  bool oauth = false;   // bearer tokens are accepted (over TLS); their signature is not verified
};

struct AccessContext {
  const Accounts& accounts;
  AccessOptions options;
  // Both are called at most once, on the request's thread, with no Transaction open.
  std::function<std::optional<AccessPolicy>(std::string_view account, std::string_view container,
                                            std::string_view policy_id)>
      find_policy;
  // Empty for a service without public access. None for a container that is not there.
  std::function<PublicAccess(std::string_view account, std::string_view container)> public_access;
};

// The policy of that id in a stored ACL, the XML of write_signed_identifiers(); `letters` are those that its
// permissions may hold.
std::optional<AccessPolicy> find_policy_in(std::string_view acl, std::string_view letters,
                                           std::string_view policy_id);

// Throws ApiError as above. The Principal's permissions are the letters that a SAS gives, so that a handler
// can refuse with `caller.may('w')` what only shows later: a SAS with "c" alone may not replace a blob. The
// request is verified as it was sent: exchange.request.target is what the client signed, even where the
// address was resolved otherwise (sub-requests of a batch).
Principal authenticate(const Exchange&, const Address&, const Resource&, const Access& access,
                       const AccessContext&);

// The claims of the caller's bearer token, for Get User Delegation Key. Only after authenticate() has
// accepted it; empty texts if the token does not say.
struct BearerClaims {
  std::string oid, tid;
};
BearerClaims bearer_claims(const Exchange&);

}  // namespace cvemu
