#include "storage/access.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/times.h"
#include "storage/bearer.h"
#include "storage/errors.h"
#include "storage/limits.h"
#include "storage/shared_key.h"
#include "storage/xml_bodies.h"

namespace cvemu {

namespace {

using storage_errors::authentication_failed;

// Azure: the first with an sv (Create a service SAS). GDAL 3.6 still signs with it.
constexpr std::string_view kFirstServiceSasVersion = "2012-02-12";
constexpr std::string_view kFirstSasVersion = "2015-04-05";  // of the other kinds
constexpr std::string_view kFirstChallengedVersion = "2019-12-12";

bool is_for_key_alone(const Access& access) {
  return access.resource.empty() && access.service.empty() && access.open == Access::Open::Nobody;
}

bool any_of(std::string_view wanted, std::string_view given) {
  if (wanted == "any") return !given.empty();
  return given.find_first_of(wanted) != std::string_view::npos;
}

// --- checks that every kind of SAS shares -----------------------------------------------------------------

std::string time_frame(const std::optional<Instant>& start, Instant expiry, Instant now) {
  const std::string begin = start ? "Start [" + times::rfc1123(*start) + "] - " : "";
  return "Signature not valid in the specified time frame: " + begin + "Expiry [" + times::rfc1123(expiry) +
         "] - Current [" + times::rfc1123(now) + ']';
}

std::optional<Instant> date_of(std::string_view text, std::string_view field) {
  if (text.empty()) return std::nullopt;
  const auto date = times::parse_iso(text);
  if (!date) throw authentication_failed(std::string(field) + " is not a date: " + std::string(text));
  return date;
}

void check_dates(std::string_view start_text, std::string_view expiry_text, Instant now) {
  const auto start = date_of(start_text, "Signed start"), expiry = date_of(expiry_text, "Signed expiry");
  if (!expiry) throw authentication_failed("Neither the SAS nor its stored access policy has an expiry.");
  if ((start && now < *start) || now > *expiry) throw authentication_failed(time_frame(start, *expiry, now));
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t address = 0;
  for (const std::string_view part : parts) {
    const auto number = parse_int(part);
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(*number);
  }
  return address;
}

// Emulator: a client that comes over ::1 counts as 127.0.0.1.
std::optional<std::uint32_t> ipv4_of(std::string_view address) {
  if (address == "::1") address = "127.0.0.1";
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  return parse_ipv4(address);
}

bool is_inside(std::string_view range, std::string_view peer) {
  const auto dash = range.find('-');
  const auto first = parse_ipv4(range.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_ipv4(range.substr(dash + 1));
  const auto address = ipv4_of(peer);
  return first && last && address && *first <= *address && *address <= *last;
}

void check_version(const sas::Token& token) {
  const auto first = token.kind == sas::Kind::Service ? kFirstServiceSasVersion : kFirstSasVersion;
  const bool is_date = token.sv.size() == first.size() && times::parse_iso(token.sv);
  if (!is_date || token.sv < first)
    throw authentication_failed("sv must be a version from " + std::string(first) + " on.");
}

std::string did_not_match(const std::string& text) {
  return "Signature did not match. String to sign used was " + text;
}

// --- one request ------------------------------------------------------------------------------------------

class Authenticator {
 public:
  Authenticator(const Exchange& exchange, const Address& address, const Resource& resource,
                const Access& access, const AccessContext& context)
      : exchange_(exchange),
        resource_(resource),
        access_(access),
        context_(context),
        account_(find(address)) {}

  Principal pass() const;

 private:
  const Account& find(const Address& address) const;
  Principal by_header(std::string_view header) const;
  Principal by_key(const shared_key::Authorization& given) const;
  Principal by_bearer(std::string_view token) const;
  Principal by_sas(const sas::Token& token) const;
  Principal by_account_sas(const sas::Token& token) const;
  Principal by_service_sas(const sas::Token& token) const;
  Principal by_delegation(const sas::Token& token) const;
  Principal by_public_access() const;

  void check_skew() const;
  void check_peer(const sas::Token& token) const;
  void check_signature(const sas::Token& token, const std::string& text) const;
  void check_resource(const sas::Token& token) const;
  std::string resource_of(const sas::Token& token) const;
  AccessPolicy merged_policy(const sas::Token& token) const;

  const Exchange& exchange_;
  const Resource& resource_;
  const Access& access_;
  const AccessContext& context_;
  const Account& account_;
};

const Account& Authenticator::find(const Address& address) const {
  const Account* account = context_.accounts.find(address.account);
  if (!account) throw storage_errors::resource_not_found();
  return *account;
}

Principal Authenticator::pass() const {
  if (access_.open == Access::Open::Anyone) return {Principal::Kind::Anonymous, "", account_.name};
  const auto header = exchange_.request.headers.find("Authorization");
  const auto token = sas::parse(exchange_.query);
  if (token && (!header || context_.options.loose)) return by_sas(*token);
  return header ? by_header(*header) : by_public_access();
}

Principal Authenticator::by_header(std::string_view header) const {
  if (const auto given = shared_key::parse_authorization(header)) return by_key(*given);
  static constexpr std::string_view kBearer = "Bearer ";
  if (!header.starts_with(kBearer))
    throw storage_errors::invalid_authentication_info(
        "Known schemes are SharedKey, SharedKeyLite and Bearer.");
  return by_bearer(trim(header.substr(kBearer.size())));
}

Principal Authenticator::by_key(const shared_key::Authorization& given) const {
  if (given.account != account_.name)
    throw authentication_failed("The account " + std::string(given.account) +
                                " of the Authorization header is not " + account_.name +
                                ", the account of the URL.");
  if (context_.options.strict) check_skew();
  const auto text = shared_key::mismatch(exchange_.request, exchange_.query, given, account_);
  if (text)
    throw authentication_failed(
        "The MAC signature found in the HTTP request '" + std::string(given.signature) +
        "' is not the same as any computed signature. Server used following string to "
        "sign: '" +
        *text + "'.");
  if (access_.open == Access::Open::Bearer)
    throw authentication_failed("Only authentication scheme Bearer is supported");
  return {Principal::Kind::Key, "", account_.name};
}

void Authenticator::check_skew() const {
  const Headers& headers = exchange_.request.headers;
  const auto text = headers.has("x-ms-date") ? headers.find("x-ms-date") : headers.find("Date");
  const auto date = text ? times::parse_rfc1123(*text) : std::nullopt;
  if (!text || !date) throw authentication_failed("Request date header is missing or is not a date.");
  if (std::chrono::abs(exchange_.at - *date) > storage_limits::kClockSkew)
    throw authentication_failed("Request date header too old: '" + std::string(*text) + "'");
}

// Emulator: only with --oauth basic, and only over TLS, as in Azurite.
Principal Authenticator::by_bearer(std::string_view token) const {
  if (!context_.options.oauth)
    throw authentication_failed(
        "Bearer tokens are not accepted here; start the emulator with --oauth basic.");
  if (!exchange_.peer.encrypted)
    throw authentication_failed("Authentication scheme Bearer is not supported over plain HTTP.");
  const auto problem = bearer::problem_with(token, resource_.service, account_.name, exchange_.at);
  if (!problem.empty()) throw authentication_failed(problem);
  if (is_for_key_alone(access_)) throw storage_errors::authorization_permission_mismatch();
  return {Principal::Kind::Bearer, "", account_.name};
}

Principal Authenticator::by_sas(const sas::Token& token) const {
  if (access_.open == Access::Open::Bearer)
    throw authentication_failed("Only authentication scheme Bearer is supported");
  check_version(token);
  switch (token.kind) {
    case sas::Kind::Account:
      return by_account_sas(token);
    case sas::Kind::UserDelegation:
      return by_delegation(token);
    case sas::Kind::Service:
      break;
  }
  return by_service_sas(token);
}

void Authenticator::check_signature(const sas::Token& token, const std::string& text) const {
  if (!account_.signs(text, token.sig)) throw authentication_failed(did_not_match(text));
}

void Authenticator::check_peer(const sas::Token& token) const {
  if (!token.sip.empty() && !context_.options.loose && !is_inside(token.sip, exchange_.peer.address))
    throw storage_errors::authorization_source_ip_mismatch(exchange_.peer.address);
  if (token.spr.empty() || token.spr == "https,http" || token.spr == "http,https") return;
  if (token.spr != "https") throw authentication_failed("spr must be https or https,http.");
  if (!exchange_.peer.encrypted) throw storage_errors::authorization_protocol_mismatch();
}

Principal Authenticator::by_account_sas(const sas::Token& token) const {
  for (const std::string_view field : {token.ss, token.srt, token.sp, token.se})
    if (field.empty()) throw authentication_failed("An account SAS needs sv, ss, srt, sp, se and sig.");
  check_signature(token, sas::account_string_to_sign(token, account_.name));
  check_dates(token.st, token.se, exchange_.at);
  check_peer(token);
  const char service = resource_.service == StorageKind::Blob ? 'b' : 'q';
  if (token.ss.find(service) == std::string_view::npos)
    throw storage_errors::authorization_service_mismatch();
  if (!access_.resource.empty() && !any_of(access_.resource, token.srt))
    throw storage_errors::authorization_resource_type_mismatch();
  if (!any_of(access_.account, token.sp)) throw storage_errors::authorization_permission_mismatch();
  return {Principal::Kind::AccountSas, std::string(token.sp), account_.name};
}

// A token for a blob cannot be held against a container.
void Authenticator::check_resource(const sas::Token& token) const {
  if (resource_.service == StorageKind::Queue) return;
  static constexpr std::array<std::string_view, 4> kKnown = {"c", "b", "bs", "bv"};
  if (std::find(kKnown.begin(), kKnown.end(), token.sr) == kKnown.end())
    throw authentication_failed("sr must be c, b, bs or bv.");
  if (token.sr != "c" && resource_.blob.empty())
    throw authentication_failed("A SAS for a blob does not speak for its container.");
}

std::string Authenticator::resource_of(const sas::Token& token) const {
  const bool whole_container = resource_.service == StorageKind::Queue || token.sr == "c";
  return sas::canonical_name(resource_.service, account_.name, resource_.container,
                             whole_container ? std::string_view() : resource_.blob);
}

// Azure: each of start, expiry and permission comes from the token or from the policy, never from both.
AccessPolicy Authenticator::merged_policy(const sas::Token& token) const {
  AccessPolicy own{std::string(token.st), std::string(token.se), std::string(token.sp)};
  if (token.si.empty()) return own;
  const auto stored = context_.find_policy
                          ? context_.find_policy(account_.name, resource_.container, token.si)
                          : std::nullopt;
  if (!stored)
    throw authentication_failed("There is no stored access policy \"" + std::string(token.si) + "\".");
  const auto pick = [](std::string& mine, const std::string& theirs, const char* field) {
    if (!mine.empty() && !theirs.empty())
      throw authentication_failed(std::string(field) + " is in the SAS and in the stored access policy.");
    if (mine.empty()) mine = theirs;
  };
  pick(own.start, stored->start, "st");
  pick(own.expiry, stored->expiry, "se");
  pick(own.permission, stored->permission, "sp");
  return own;
}

Principal Authenticator::by_service_sas(const sas::Token& token) const {
  if (token.si.empty() && (token.sp.empty() || token.se.empty()))
    throw authentication_failed("A service SAS needs sv, sig, and si or both sp and se.");
  check_resource(token);
  check_signature(token, sas::service_string_to_sign(resource_.service, token, resource_of(token)));
  const AccessPolicy policy = merged_policy(token);
  if (policy.permission.empty())
    throw authentication_failed("Neither the SAS nor its stored access policy has permissions.");
  check_dates(policy.start, policy.expiry, exchange_.at);
  check_peer(token);
  if (!any_of(access_.service, policy.permission)) throw storage_errors::authorization_permission_mismatch();
  return {Principal::Kind::ServiceSas, policy.permission, account_.name};
}

Principal Authenticator::by_delegation(const sas::Token& token) const {
  for (const std::string_view field :
       {token.sktid, token.skt, token.ske, token.sks, token.skv, token.sp, token.se})
    if (field.empty())
      throw authentication_failed(
          "A user delegation SAS needs sv, sp, se, skoid, sktid, skt, ske, sks, skv and sig.");
  if (!token.si.empty()) throw authentication_failed("A user delegation SAS has no stored access policy.");
  check_resource(token);
  const HmacSha256 key(sas::delegation_key(
      account_, {std::string(token.skoid), std::string(token.sktid), std::string(token.skt),
                 std::string(token.ske), std::string(token.sks), std::string(token.skv)}));
  const std::string text = sas::user_delegation_string_to_sign(resource_.service, token, resource_of(token),
                                                               exchange_.request, exchange_.query);
  if (!equal_in_constant_time(key.sign_base64(text), token.sig))
    throw authentication_failed(did_not_match(text));
  if (token.sks != (resource_.service == StorageKind::Blob ? "b" : "q"))
    throw storage_errors::authorization_service_mismatch();
  check_dates(token.skt, token.ske, exchange_.at);
  check_dates(token.st, token.se, exchange_.at);
  check_peer(token);
  if (!any_of(access_.service, token.sp)) throw storage_errors::authorization_permission_mismatch();
  return {Principal::Kind::UserDelegationSas, std::string(token.sp), account_.name};
}

Principal Authenticator::by_public_access() const {
  const bool could_be_public = access_.open == Access::Open::Blob || access_.open == Access::Open::Container;
  if (could_be_public && context_.public_access && !resource_.container.empty()) {
    const PublicAccess level = context_.public_access(account_.name, resource_.container);
    const PublicAccess least =
        access_.open == Access::Open::Blob ? PublicAccess::Blob : PublicAccess::Container;
    if (level >= least) return {Principal::Kind::Anonymous, "rl", account_.name};
  }
  // Azure: hides from older clients and browsers that there is something.
  const auto version = exchange_.request.headers.find("x-ms-version");
  if (could_be_public && version.value_or("") < kFirstChallengedVersion)
    throw storage_errors::resource_not_found();
  throw storage_errors::no_authentication_information();
}

}  // namespace

std::optional<AccessPolicy> find_policy_in(std::string_view acl, std::string_view letters,
                                           std::string_view policy_id) {
  for (auto& policy : read_signed_identifiers(acl, letters))
    if (policy.id == policy_id)
      return AccessPolicy{std::move(policy.start), std::move(policy.expiry), std::move(policy.permission)};
  return std::nullopt;
}

Principal authenticate(const Exchange& exchange, const Address& address, const Resource& resource,
                       const Access& access, const AccessContext& context) {
  return Authenticator(exchange, address, resource, access, context).pass();
}

BearerClaims bearer_claims(const Exchange& exchange) {
  const std::string_view header = exchange.request.headers.get("Authorization");
  const auto claims = bearer::read_claims(trim(header.substr(std::min(header.find(' '), header.size()))));
  if (!claims) return {};
  return {std::string(bearer::claim(*claims, "oid")), std::string(bearer::claim(*claims, "tid"))};
}

}  // namespace cvemu
