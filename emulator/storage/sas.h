// Shared access signatures: what their query says, the text they sign in every version, and making them.
// Whether a token allows something is decided in access.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/service.h"
#include "storage/accounts.h"

namespace cvemu {

enum class StorageKind { Blob, Queue };

namespace sas {

enum class Kind { Account, Service, UserDelegation };

// The parameters as sent, decoded once; empty = absent. Views into the Query they come from.
struct Token {
  Kind kind = Kind::Service;
  std::string_view sv, sig, sp, st, se, sip, spr, ses;
  std::string_view ss, srt;                              // account SAS
  std::string_view sr, si, snapshot, versionid;          // service SAS
  std::string_view skoid, sktid, skt, ske, sks, skv;     // user delegation SAS: the key it was signed with
  std::string_view saoid, suoid, scid, skdutid, sduoid;  // and those it was made for
  std::string_view srh, srq;                             // headers and parameters that must be as signed
  std::string_view rscc, rscd, rsce, rscl, rsct;         // see ResponseOverrides
};

// nullopt if the query has no `sig`. Throws ApiError 403 AuthenticationFailed for two of them.
std::optional<Token> parse(const Query&);

// rscc, rscd, rsce, rscl, rsct: headers that a SAS puts on the answer of Get Blob and its HEAD. Empty = leave
// as stored. All empty without a signature.
struct ResponseOverrides {
  std::string_view cache_control, content_disposition, content_encoding, content_language, content_type;
};
ResponseOverrides response_overrides(const Query&);

// "/blob/account/container/blob" or "/queue/account/queue", nothing encoded; `blob` may be empty.
std::string canonical_name(StorageKind, std::string_view account, std::string_view container,
                           std::string_view blob = {});

// The text under the signature. `resource` is a canonical_name; for `sr=c` without the blob.
std::string account_string_to_sign(const Token&, std::string_view account);
std::string service_string_to_sign(StorageKind, const Token&, std::string_view resource);
std::string user_delegation_string_to_sign(StorageKind, const Token&, std::string_view resource,
                                           const Request&, const Query&);

// 32 bytes, made from the account's first key and these fields alone, so that nothing need be kept.
// Emulator: changing the account key ends all user delegation keys.
struct DelegationKey {
  std::string oid, tid, start, expiry, service, version;
};
std::string delegation_key(const Account&, const DelegationKey&);
// The answer of Get User Delegation Key.
std::string delegation_key_xml(const Account&, const DelegationKey&);

// A link's query, for one blob: "sv=2017-04-17&sr=b&sig=...&se=...&sp=r", the order and version of the links
// in Custom Vision's answers (recorded). `expiry` is cut to seconds.
std::string make_blob_query(const Account&, std::string_view container, std::string_view blob,
                            std::string_view permissions, Instant expiry);

}  // namespace sas
}  // namespace cvemu
