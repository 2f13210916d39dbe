#include "storage/sas.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"
#include "storage/xml.h"

namespace cvemu::sas {

namespace {

struct Field {
  std::string_view name;
  std::string_view Token::* value;
};

constexpr Field kFields[] = {
    {"sv", &Token::sv},
    {"sig", &Token::sig},
    {"sp", &Token::sp},
    {"st", &Token::st},
    {"se", &Token::se},
    {"sip", &Token::sip},
    {"spr", &Token::spr},
    {"ses", &Token::ses},
    {"ss", &Token::ss},
    {"srt", &Token::srt},
    {"sr", &Token::sr},
    {"si", &Token::si},
    {"snapshot", &Token::snapshot},
    {"versionid", &Token::versionid},
    {"skoid", &Token::skoid},
    {"sktid", &Token::sktid},
    {"skt", &Token::skt},
    {"ske", &Token::ske},
    {"sks", &Token::sks},
    {"skv", &Token::skv},
    {"saoid", &Token::saoid},
    {"suoid", &Token::suoid},
    {"scid", &Token::scid},
    {"skdutid", &Token::skdutid},
    {"sduoid", &Token::sduoid},
    {"srh", &Token::srh},
    {"srq", &Token::srq},
    {"rscc", &Token::rscc},
    {"rscd", &Token::rscd},
    {"rsce", &Token::rsce},
    {"rscl", &Token::rscl},
    {"rsct", &Token::rsct},
};

using Lines = std::vector<std::string_view>;

std::string join(const Lines& lines) {
  std::string out;
  out.reserve(256);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    out += lines[i];
  }
  return out;
}

std::string_view snapshot_time(const Token& t) {
  if (t.sr == "bs") return t.snapshot;
  return t.sr == "bv" ? t.versionid : std::string_view();
}

void add_overrides(Lines& lines, const Token& t) {
  lines.insert(lines.end(), {t.rscc, t.rscd, t.rsce, t.rscl, t.rsct});
}

std::string signed_headers(const Token& t, const Request& request) {
  std::string out;
  for (const std::string_view name : split(t.srh, ','))
    if (!name.empty()) out.append(name).append(":").append(request.headers.get(name)).append("\n");
  return out;
}

std::string signed_parameters(const Token& t, const Query& query) {
  std::string out;
  for (const std::string_view name : split(t.srq, ','))
    if (!name.empty()) out.append("\n").append(name).append(":").append(query.find(name).value_or(""));
  return out;
}

}  // namespace

std::optional<Token> parse(const Query& query) {
  if (!query.has("sig")) return std::nullopt;
  Token token;
  for (const auto& parameter : query.all()) {
    const auto field = std::find_if(std::begin(kFields), std::end(kFields), [&](const Field& candidate) {
      return iequals(candidate.name, parameter.first);
    });
    if (field == std::end(kFields)) continue;
    if (field->value == &Token::sig && !token.sig.empty())
      throw storage_errors::authentication_failed("The signature (sig) is there twice.");
    if ((token.*field->value).empty()) token.*field->value = parameter.second;
  }
  if (!token.ss.empty() || !token.srt.empty()) token.kind = Kind::Account;
  if (!token.skoid.empty()) token.kind = Kind::UserDelegation;
  return token;
}

ResponseOverrides response_overrides(const Query& query) {
  if (!query.has("sig")) return {};
  const auto value = [&](std::string_view name) { return query.find(name).value_or(""); };
  return {value("rscc"), value("rscd"), value("rsce"), value("rscl"), value("rsct")};
}

std::string canonical_name(StorageKind service, std::string_view account, std::string_view container,
                           std::string_view blob) {
  std::string out = service == StorageKind::Blob ? "/blob/" : "/queue/";
  out.append(account).append("/").append(container);
  if (!blob.empty()) out.append("/").append(blob);
  return out;
}

std::string account_string_to_sign(const Token& t, std::string_view account) {
  Lines lines = {account, t.sp, t.ss, t.srt, t.st, t.se, t.sip, t.spr, t.sv};
  if (t.sv >= "2020-12-06") lines.push_back(t.ses);
  lines.push_back({});
  return join(lines);
}

std::string service_string_to_sign(StorageKind service, const Token& t, std::string_view resource) {
  if (t.sv < "2015-02-21") resource.remove_prefix(resource.find('/', 1));  // no service's name in front
  Lines lines = {t.sp, t.st, t.se, resource, t.si};
  if (t.sv >= "2015-04-05") lines.insert(lines.end(), {t.sip, t.spr});
  lines.push_back(t.sv);
  if (service == StorageKind::Queue || t.sv < "2013-08-15") return join(lines);
  if (t.sv >= "2018-11-09") lines.insert(lines.end(), {t.sr, snapshot_time(t)});
  if (t.sv >= "2020-12-06") lines.push_back(t.ses);
  add_overrides(lines, t);
  return join(lines);
}

std::string user_delegation_string_to_sign(StorageKind service, const Token& t, std::string_view resource,
                                           const Request& request, const Query& query) {
  Lines lines = {t.sp, t.st, t.se, resource, t.skoid, t.sktid, t.skt, t.ske, t.sks, t.skv};
  const bool blob = service == StorageKind::Blob;
  if (blob && t.sv >= "2020-02-10") lines.insert(lines.end(), {t.saoid, t.suoid, t.scid});
  if (!blob || t.sv >= "2025-07-05") lines.insert(lines.end(), {t.skdutid, t.sduoid});
  lines.insert(lines.end(), {t.sip, t.spr, t.sv});
  if (!blob) return join(lines);
  lines.insert(lines.end(), {t.sr, snapshot_time(t)});
  if (t.sv >= "2020-12-06") lines.push_back(t.ses);
  const std::string headers = signed_headers(t, request), parameters = signed_parameters(t, query);
  if (t.sv >= "2026-04-06") lines.insert(lines.end(), {headers, parameters});
  add_overrides(lines, t);
  return join(lines);
}

std::string delegation_key(const Account& account, const DelegationKey& key) {
  return account.keys.front().hmac.sign(
      join({"user delegation key", key.oid, key.tid, key.start, key.expiry, key.service, key.version}));
}

std::string delegation_key_xml(const Account& account, const DelegationKey& key) {
  XmlWriter xml;
  xml.open("UserDelegationKey")
      .element("SignedOid", key.oid)
      .element("SignedTid", key.tid)
      .element("SignedStart", key.start)
      .element("SignedExpiry", key.expiry)
      .element("SignedService", key.service)
      .element("SignedVersion", key.version)
      .element("Value", base64_encode(delegation_key(account, key)))
      .close("UserDelegationKey");
  return xml.take();
}

std::string make_blob_query(const Account& account, std::string_view container, std::string_view blob,
                            std::string_view permissions, Instant expiry) {
  const std::string until = times::iso_seconds(expiry);
  Token token;
  token.sv = "2017-04-17";
  token.sr = "b";
  token.se = until;
  token.sp = permissions;
  const std::string text = service_string_to_sign(
      StorageKind::Blob, token, canonical_name(StorageKind::Blob, account.name, container, blob));
  std::string out = "sv=2017-04-17&sr=b&sig=";
  out += percent_encode(account.keys.front().hmac.sign_base64(text));
  out.append("&se=").append(percent_encode(until)).append("&sp=").append(permissions);
  return out;
}

}  // namespace cvemu::sas
