// Who calls a storage service: shared keys, SAS, bearer tokens. The input is the head of a request. What the
// emulator signs it accepts, whatever stands in the request.
#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "http/request_head.h"
#include "storage/access.h"
#include "storage/bearer.h"
#include "storage/names.h"
#include "storage/shared_key.h"
#include "target.h"

namespace {

using namespace cvemu;

const Accounts& accounts() {
  static const Accounts known = Accounts::development();
  return known;
}

const Account& account() {
  return *accounts().find(kDevelopmentAccount);
}

const Instant kNow = *times::parse_iso("2026-06-15T12:00:00Z");

AccessContext access_context(bool oauth) {
  AccessOptions options;
  options.oauth = oauth;
  return {accounts(), options, [](auto, auto, auto) { return std::nullopt; }, {}};
}

// The refusal, "" if the caller may read a blob.
std::string ask(const Request& request, std::string_view container, std::string_view blob) {
  Peer peer;
  peer.encrypted = true;
  const Exchange exchange{request, Query::parse(request.raw_query()), peer, Uuid(1, 2), kNow};
  const Access access{.resource = "o", .account = "r", .service = "r"};
  return fuzz::refusal_of([&] {
    authenticate(exchange, resolve_address(exchange, accounts()), {StorageKind::Blob, container, blob},
                 access, access_context(true));
  });
}

std::size_t count_of(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& field) { return iequals(field.name, name); }));
}

void check_shared_key(Request request) {
  if (count_of(request.headers, "Authorization") > 1 || count_of(request.headers, "x-ms-date") > 1) return;
  shared_key::sign(request, account(), kNow);
  const auto given = shared_key::parse_authorization(request.headers.get("Authorization"));
  fuzz::expect(given.has_value(), "what we sign has an Authorization");
  const Query query = Query::parse(request.raw_query());
  fuzz::expect(!shared_key::mismatch(request, query, *given, account()),
               "what we sign has the right signature");
  shared_key::string_to_sign(request, query, account().name, shared_key::Scheme::Lite);
}

// A link to a blob of any name lets its reader in.
void check_link(std::string_view name) {
  std::string blob;
  if (!fuzz::refusal_of([&] { blob = checked_blob_name(name); }).empty() || blob.empty()) return;
  const std::string query = sas::make_blob_query(account(), "con", blob, "r", kNow + std::chrono::hours(1));
  Request request;
  request.target = "/devstoreaccount1/con/" + percent_encode(blob, true) + '?' + query;
  request.headers.add("Host", "127.0.0.1:10000");
  fuzz::expect(ask(request, "con", blob).empty(), "a link of ours lets its reader in");
}

void check_request(const Request& request) {
  const Query query = Query::parse(request.raw_query());
  const std::string_view path = request.raw_path();
  ask(request, "con", path);
  fuzz::refusal_of([&] { shared_key::parse_authorization(request.headers.get("Authorization")); });
  fuzz::refusal_of([&] {
    const auto token = sas::parse(query);
    if (!token) return;
    const auto name = sas::canonical_name(StorageKind::Blob, account().name, "con", path);
    sas::account_string_to_sign(*token, account().name);
    sas::service_string_to_sign(StorageKind::Blob, *token, name);
    sas::service_string_to_sign(StorageKind::Queue, *token, name);
    sas::user_delegation_string_to_sign(StorageKind::Blob, *token, name, request, query);
  });
  sas::response_overrides(query);
  const std::string_view token = request.headers.get("Authorization");
  bearer::problem_with(token.substr(std::min<std::size_t>(token.size(), 7)), StorageKind::Blob,
                       account().name, kNow);
  check_shared_key(request);
  check_link(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::size_t end = find_head_end(bytes);
  if (end == 0 || bytes.starts_with('\n') || bytes.starts_with("\r\n")) return 0;
  try {
    check_request(parse_head(bytes.substr(0, end)).request);
  } catch (const WireError&) {
    return 0;
  }
  return 0;
}
