#include "storage/access.h"

#include "base/text.h"
#include "storage/errors.h"
#include "storage/shared_key.h"
#include "storage/testing.h"

namespace cvemu::storage_access_test {

using namespace cvemu::testing;

namespace {

constexpr std::string_view kFuture = "2099-01-01T00:00:00Z", kPast = "2020-01-01T00:00:00Z";

// A endpoint with one account, one stored policy and one public container.
// "o r r blob": letters of the resource, the account SAS and the service SAS, and who else gets in.
Access access_of(std::string_view words) {
  const auto all = split(words, ' ');
  const auto letters = [&](std::size_t i) { return all.at(i) == "-" ? std::string_view() : all.at(i); };
  Access access{letters(0), letters(1), letters(2)};
  using enum Access::Open;
  for (const auto& [name, open] : {std::pair("-", Nobody),
                                   {"blob", Blob},
                                   {"container", Container},
                                   {"anyone", Anyone},
                                   {"bearer", Bearer}})
    if (all.at(3) == name) access.open = open;
  return access;
}

struct Endpoint {
  const Accounts accounts = Accounts::development();
  const Account& account = *accounts.find(kDevelopmentAccount);
  AccessOptions options;
  AccessPolicy policy{std::string(kPast), std::string(kFuture), "rl"};
  PublicAccess level = PublicAccess::None;
  StorageKind service = StorageKind::Blob;
  Peer peer;

  Principal open(const Request& request, std::string_view needs, std::string_view container = "c",
                 std::string_view blob = "b") const {
    const Exchange exchange{request, Query::parse(request.raw_query()), peer, Uuid(), kVectorTime};
    const AccessContext context{accounts, options,
                                [&](std::string_view, std::string_view, std::string_view id) {
                                  return id == "pol" ? std::optional(policy) : std::nullopt;
                                },
                                [&](std::string_view, std::string_view) { return level; }};
    return authenticate(exchange, resolve_address(exchange, accounts), {service, container, blob},
                        access_of(needs), context);
  }

  std::string code(const Request& request, std::string_view needs, std::string_view container = "c",
                   std::string_view blob = "b") const {
    return code_of([&] { open(request, needs, container, blob); });
  }

  std::string sign(const std::string& text) const {
    return percent_encode(account.keys.front().hmac.sign_base64(text));
  }

  // `query` without sig, signed as an account SAS.
  Request account_sas(const std::string& query) const {
    const Query parsed = Query::parse(query + "&sig=x");
    const auto text = sas::account_string_to_sign(*sas::parse(parsed), account.name);
    return request_of("GET /devstoreaccount1/c/b?" + query + "&sig=" + sign(text));
  }

  Request service_sas(const std::string& query, std::string_view container = "c",
                      std::string_view blob = "b") const {
    const Query parsed = Query::parse(query + "&sig=x");
    const auto name = sas::canonical_name(service, account.name, container, blob);
    const auto text = sas::service_string_to_sign(service, *sas::parse(parsed), name);
    return request_of("GET /devstoreaccount1/c/b?" + query + "&sig=" + sign(text));
  }
};

std::string account_query(std::string_view sp, std::string_view srt = "sco", std::string_view ss = "bq") {
  return "sv=2021-12-02&ss=" + std::string(ss) + "&srt=" + std::string(srt) + "&sp=" + std::string(sp) +
         "&se=" + std::string(kFuture);
}

std::string blob_query(std::string_view sp, std::string_view more = "") {
  return "sv=2021-12-02&sr=b&sp=" + std::string(sp) + "&se=" + std::string(kFuture) + std::string(more);
}

std::string detail_of(const Endpoint& endpoint, const Request& request, std::string_view needs) {
  try {
    endpoint.open(request, needs);
  } catch (const ApiError& error) {
    for (const auto& [name, value] : error.details)
      if (name == "AuthenticationErrorDetail") return value;
  }
  return "";
}

std::string jwt(const std::string& claims) {
  const auto part = [](const std::string& json) {
    std::string text = base64_encode(json);
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text.substr(0, text.find('='));
  };
  return part(R"({"alg":"none","typ":"JWT"})") + '.' + part(claims) + ".x";
}

// Valid around kVectorTime (1781524800).
std::string claims(const std::string& issuer, const std::string& audience,
                   const std::string& expiry = "1781528400") {
  return R"({"nbf":1781521200,"iat":1781521200,"exp":)" + expiry + R"(,"iss":")" + issuer + R"(","aud":")" +
         audience + R"(","roles":["a","b"],"oid":"OID","tid":"TID"})";
}

constexpr auto kIssuer = "https://sts.windows.net/tenant/", kAudience = "https://storage.azure.com";

Request bearer_request(const std::string& token) {
  return request_of("GET /devstoreaccount1/c/b", {"Authorization: Bearer " + token});
}

}  // namespace

TEST_CASE("SharedKey: may do everything, ACLs too") {
  const Endpoint endpoint;
  auto request = request_of("GET /devstoreaccount1/c?comp=acl&restype=container");
  shared_key::sign(request, endpoint.account, kVectorTime);
  for (const auto needs : {"o r r blob", "- - - -", "s l - -"}) {
    const Principal caller = endpoint.open(request, needs);
    CHECK(caller.kind == Principal::Kind::Key);
    CHECK(caller.name == kDevelopmentAccount);
    CHECK(caller.may('w'));
  }
  CHECK(endpoint.code(request, "- - - bearer") == "403 AuthenticationFailed");
}

TEST_CASE("SharedKey: a wrong signature is told the text that should have been signed") {
  const Endpoint endpoint;
  const auto request =
      request_of("GET /devstoreaccount1/c/b", {"Authorization: SharedKey devstoreaccount1:d3Jvbmc="});
  CHECK(endpoint.code(request, "o r r blob") == "403 AuthenticationFailed");
  CHECK(detail_of(endpoint, request, "o r r blob") ==
        "The MAC signature found in the HTTP request 'd3Jvbmc=' is not the same as any computed signature. "
        "Server "
        "used following string to sign: "
        "'GET\n\n\n\n\n\n\n\n\n\n\n\n/devstoreaccount1/devstoreaccount1/c/b'.");
}

TEST_CASE("SharedKey: the account of the header must be that of the URL, which must be there") {
  const Endpoint endpoint;
  const auto other = request_of("GET /devstoreaccount1/c", {"Authorization: SharedKey other:d3Jvbmc="});
  CHECK(endpoint.code(other, "o r r -") == "403 AuthenticationFailed");
  CHECK(endpoint.code(request_of("GET /nobody/c"), "o r r -") == "404 ResourceNotFound");
}

TEST_CASE("SharedKey: the date counts in strict mode only") {
  Endpoint endpoint;
  const auto signed_at = [&](Instant when) {
    auto request = request_of("GET /devstoreaccount1/c/b");
    shared_key::sign(request, endpoint.account, when);
    return request;
  };
  const std::chrono::minutes skew{16};
  CHECK(endpoint.code(signed_at(kVectorTime - skew), "o r r -") == "");
  endpoint.options.strict = true;
  CHECK(endpoint.code(signed_at(kVectorTime - skew), "o r r -") == "403 AuthenticationFailed");
  CHECK(endpoint.code(signed_at(kVectorTime + skew), "o r r -") == "403 AuthenticationFailed");
  CHECK(endpoint.code(signed_at(kVectorTime - std::chrono::minutes(14)), "o r r -") == "");
}

TEST_CASE("Authorization in no known form is 400") {
  const Endpoint endpoint;
  for (const auto header : {"Authorization: Foo x", "Authorization: Basic YTpi",
                            "Authorization:", "Authorization: bearer x", "Authorization: SharedKey"})
    CHECK(endpoint.code(request_of("GET /devstoreaccount1/c/b", {header}), "o r r blob") ==
          "400 InvalidAuthenticationInfo");
}

TEST_CASE("Account SAS: letters, types, services each have their own code") {
  const Endpoint endpoint;
  CHECK(endpoint.open(endpoint.account_sas(account_query("r")), "o r r blob").kind ==
        Principal::Kind::AccountSas);
  CHECK(endpoint.code(endpoint.account_sas(account_query("l")), "o r r blob") ==
        "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(endpoint.account_sas(account_query("r", "sc")), "o r r blob") ==
        "403 AuthorizationResourceTypeMismatch");
  CHECK(endpoint.code(endpoint.account_sas(account_query("r", "o", "q")), "o r r blob") ==
        "403 AuthorizationServiceMismatch");
  CHECK(endpoint.code(endpoint.account_sas(account_query("rwdlacup")), "- - - -") ==
        "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(endpoint.account_sas(account_query("p", "o")), "co p p -") == "");
  CHECK(endpoint.code(endpoint.account_sas(account_query("t", "c")), "any any r -") == "");
}

TEST_CASE("Account SAS: may only create is visible to the handler") {
  const Endpoint endpoint;
  const Principal creator = endpoint.open(endpoint.account_sas(account_query("c")), "o cw cw -");
  CHECK(creator.may('c'));
  CHECK_FALSE(creator.may('w'));
}

TEST_CASE("Account SAS: a field less, another account's key, a changed field") {
  const Endpoint endpoint;
  for (const auto field : {"ss", "srt", "sp", "se"}) {
    std::string query = account_query("r");
    const auto at = query.find('&' + std::string(field) + '=');
    query.erase(at, query.find('&', at + 1) - at);
    CHECK(endpoint.code(endpoint.account_sas(query), "o r r -") == "403 AuthenticationFailed");
  }
  auto request = endpoint.account_sas(account_query("r"));
  request.target.replace(request.target.find("sp=r"), 4, "sp=w");
  CHECK(endpoint.code(request, "o w w -") == "403 AuthenticationFailed");
  CHECK(detail_of(endpoint, request, "o w w -")
            .starts_with("Signature did not match. String to sign used was devstoreaccount1\nw\nbq\n"));
}

TEST_CASE("SAS: only between start and expiry, in every form of a date") {
  const Endpoint endpoint;
  const auto with = [&](const std::string& dates) {
    return endpoint.code(endpoint.service_sas("sv=2021-12-02&sr=b&sp=r" + dates), "o r r -");
  };
  CHECK(with("&se=2026-06-15T12:00:00Z") == "");
  CHECK(with("&se=2026-06-15T11:59:59Z") == "403 AuthenticationFailed");
  CHECK(with("&se=2099-01-01&st=2026-06-15") == "");
  CHECK(with("&se=2099-01-01T00:00Z&st=2026-06-15T12:00Z") == "");
  CHECK(with("&se=2099-01-01T00:00:00.0000000Z&st=2026-06-15T12:00:01Z") == "403 AuthenticationFailed");
  CHECK(with("&se=tomorrow") == "403 AuthenticationFailed");
  CHECK(with("&se=2099-01-01&st=yesterday") == "403 AuthenticationFailed");
}

TEST_CASE("SAS: protocols and addresses") {
  Endpoint endpoint;
  const auto with = [&](std::string_view more) {
    return endpoint.code(endpoint.service_sas(blob_query("r", more)), "o r r -");
  };
  CHECK(with("&spr=https") == "403 AuthorizationProtocolMismatch");
  CHECK(with("&spr=https,http") == "");
  CHECK(with("&spr=http,https") == "");
  CHECK(with("&spr=ftp") == "403 AuthenticationFailed");
  CHECK(with("&sip=127.0.0.1") == "");
  CHECK(with("&sip=127.0.0.0-127.0.0.9") == "");
  CHECK(with("&sip=10.0.0.1") == "403 AuthorizationSourceIPMismatch");
  CHECK(with("&sip=127.0.0.2-127.0.0.9") == "403 AuthorizationSourceIPMismatch");
  CHECK(with("&sip=nonsense") == "403 AuthorizationSourceIPMismatch");
  endpoint.peer.encrypted = true;
  CHECK(with("&spr=https") == "");
  endpoint.peer.address = "::1";
  CHECK(with("&sip=127.0.0.1") == "");
  endpoint.peer.address = "::ffff:10.0.0.1";
  CHECK(with("&sip=10.0.0.1") == "");
  endpoint.options.loose = true;
  CHECK(with("&sip=192.168.0.1") == "");
}

TEST_CASE("Service SAS: good for its own blob and letters") {
  const Endpoint endpoint;
  const auto request = endpoint.service_sas(blob_query("r"));
  CHECK(endpoint.open(request, "o r r -").kind == Principal::Kind::ServiceSas);
  CHECK(endpoint.code(request, "o w w -") == "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(request, "c r - -") == "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(request, "o r r -", "c", "other") == "403 AuthenticationFailed");
  CHECK(endpoint.code(request, "c l l -", "c", "") == "403 AuthenticationFailed");
  CHECK(endpoint.open(endpoint.service_sas(blob_query("c")), "o cw cw -").may('w') == false);
}

TEST_CASE("Service SAS: a container's is good for every blob in it") {
  const Endpoint endpoint;
  const auto request = endpoint.service_sas("sv=2021-12-02&sr=c&sp=rl&se=" + std::string(kFuture), "c", "");
  CHECK(endpoint.code(request, "o r r -", "c", "any/blob") == "");
  CHECK(endpoint.code(request, "c l l -", "c", "") == "");
  CHECK(endpoint.code(request, "o r r -", "d", "b") == "403 AuthenticationFailed");
}

TEST_CASE("Service SAS: kinds and versions that are refused") {
  const Endpoint endpoint;
  for (const std::string query : {"sv=2021-12-02&sr=x&sp=r&se=2099-01-01", "sv=2021-12-02&sp=r&se=2099-01-01",
                                  "sv=2011-08-18&sr=b&sp=r&se=2099-01-01", "sr=b&sp=r&se=2099-01-01",
                                  "sv=2021-12-02&sr=b&se=2099-01-01", "sv=2021-12-02&sr=b&sp=r"})
    CHECK(endpoint.code(endpoint.service_sas(query), "o r r -") == "403 AuthenticationFailed");
}

TEST_CASE("Stored access policy: fields come from the token or from the policy") {
  Endpoint endpoint;
  const auto with = [&](const std::string& more) {
    return endpoint.code(endpoint.service_sas("sv=2021-12-02&sr=b" + more), "o r r -");
  };
  CHECK(with("&si=pol") == "");
  CHECK(with("&si=nobody") == "403 AuthenticationFailed");
  CHECK(with("&si=pol&sp=r") == "403 AuthenticationFailed");
  endpoint.policy.permission.clear();
  CHECK(with("&si=pol&sp=r") == "");
  CHECK(with("&si=pol") == "403 AuthenticationFailed");
  endpoint.policy.expiry.clear();
  CHECK(with("&si=pol&sp=r") == "403 AuthenticationFailed");
  CHECK(with("&si=pol&sp=r&se=2099-01-01") == "");
  endpoint.policy = {"", std::string(kPast), "r"};
  CHECK(with("&si=pol") == "403 AuthenticationFailed");
  endpoint.policy = {"", std::string(kFuture), "w"};
  CHECK(with("&si=pol") == "403 AuthorizationPermissionMismatch");
}

TEST_CASE("Queue SAS: no sr, the queue's own name") {
  Endpoint endpoint;
  endpoint.service = StorageKind::Queue;
  const auto request = endpoint.service_sas("sv=2021-12-02&sp=p&se=2099-01-01", "q", "");
  CHECK(endpoint.code(request, "o p p -", "q", "") == "");
  CHECK(endpoint.code(request, "o a a -", "q", "") == "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(request, "o p p -", "r", "") == "403 AuthenticationFailed");
}

TEST_CASE("User delegation SAS: signed with the derived key, inside the key's life, for its service") {
  const Endpoint endpoint;
  const auto made = [&](const std::string& ske, const std::string& sks, const std::string& more = "") {
    const std::string query = blob_query("r", "&skoid=o&sktid=t&skt=2026-06-15T00:00:00Z&ske=" + ske +
                                                  "&sks=" + sks + "&skv=2021-12-02" + more);
    const HmacSha256 key(
        sas::delegation_key(endpoint.account, {"o", "t", "2026-06-15T00:00:00Z", ske, sks, "2021-12-02"}));
    const Query parsed = Query::parse(query + "&sig=x");
    const auto text = sas::user_delegation_string_to_sign(
        StorageKind::Blob, *sas::parse(parsed),
        sas::canonical_name(StorageKind::Blob, kDevelopmentAccount, "c", "b"), {}, parsed);
    return request_of("GET /devstoreaccount1/c/b?" + query + "&sig=" + percent_encode(key.sign_base64(text)));
  };
  CHECK(endpoint.open(made("2026-06-16T00:00:00Z", "b"), "o r r -").kind ==
        Principal::Kind::UserDelegationSas);
  CHECK(endpoint.code(made("2026-06-16T00:00:00Z", "b"), "o w w -") == "403 AuthorizationPermissionMismatch");
  CHECK(endpoint.code(made("2026-06-15T01:00:00Z", "b"), "o r r -") == "403 AuthenticationFailed");
  CHECK(endpoint.code(made("2026-06-16T00:00:00Z", "q"), "o r r -") == "403 AuthorizationServiceMismatch");
  CHECK(endpoint.code(made("2026-06-16T00:00:00Z", "b", "&si=pol"), "o r r -") == "403 AuthenticationFailed");
  auto longer = made("2026-06-15T01:00:00Z", "b");
  longer.target.replace(longer.target.find("ske=2026-06-15"), 14, "ske=2026-06-16");
  CHECK(endpoint.code(longer, "o r r -") == "403 AuthenticationFailed");
}

TEST_CASE("Header and SAS together: the header counts, in loose mode the SAS") {
  Endpoint endpoint;
  auto request = endpoint.service_sas(blob_query("r"));
  request.headers.add("Authorization", "SharedKey devstoreaccount1:d3Jvbmc=");
  CHECK(endpoint.code(request, "o r r -") == "403 AuthenticationFailed");
  endpoint.options.loose = true;
  CHECK(endpoint.code(request, "o r r -") == "");
}

TEST_CASE("Nobody: public access lets in up to its level, the rest is challenged or hidden") {
  Endpoint endpoint;
  const auto request = request_of("GET /devstoreaccount1/c/b", {"x-ms-version: 2021-12-02"});
  const auto browser = request_of("GET /devstoreaccount1/c/b");
  CHECK(endpoint.code(request, "o r r blob") == "401 NoAuthenticationInformation");
  CHECK(endpoint.code(browser, "o r r blob") == "404 ResourceNotFound");
  CHECK(endpoint.code(browser, "o w w -") == "401 NoAuthenticationInformation");
  endpoint.level = PublicAccess::Blob;
  CHECK(endpoint.open(browser, "o r r blob").kind == Principal::Kind::Anonymous);
  CHECK_FALSE(endpoint.open(browser, "o r r blob").may('w'));
  CHECK(endpoint.code(browser, "c l l container", "c", "") == "404 ResourceNotFound");
  endpoint.level = PublicAccess::Container;
  CHECK(endpoint.code(browser, "o r r blob") == "");
  CHECK(endpoint.code(browser, "c l l container", "c", "") == "");
  CHECK(endpoint.code(browser, "- - - -", "c", "") == "401 NoAuthenticationInformation");
  CHECK(endpoint.code(browser, "s l - -", "", "") == "401 NoAuthenticationInformation");
  CHECK(endpoint.open(browser, "- - - anyone").kind == Principal::Kind::Anonymous);
}

TEST_CASE("Nobody: the challenge names where tokens come from") {
  const Endpoint endpoint;
  try {
    endpoint.open(request_of("GET /devstoreaccount1/c/b"), "o w w -");
    FAIL("must be refused");
  } catch (const ApiError& error) {
    CHECK(error.headers.get("WWW-Authenticate").starts_with("Bearer authorization_uri=https://"));
  }
}

TEST_CASE("Bearer: over TLS and switched on, with claims that fit") {
  Endpoint endpoint;
  const auto good = jwt(claims(kIssuer, kAudience));
  CHECK(endpoint.code(bearer_request(good), "o r r -") == "403 AuthenticationFailed");
  endpoint.options.oauth = true;
  CHECK(endpoint.code(bearer_request(good), "o r r -") == "403 AuthenticationFailed");
  endpoint.peer.encrypted = true;
  const Principal caller = endpoint.open(bearer_request(good), "o r r -");
  CHECK(caller.kind == Principal::Kind::Bearer);
  CHECK(caller.may('w'));
  CHECK(endpoint.code(bearer_request(good), "- - - bearer") == "");
  CHECK(endpoint.code(bearer_request(good), "- - - -") == "403 AuthorizationPermissionMismatch");
  for (const auto& audience : {"https://storage.azure.com/", "e406a681-f3d4-42a8-90b6-c2b029497af1",
                               "https://devstoreaccount1.blob.core.windows.net/"})
    CHECK(endpoint.code(bearer_request(jwt(claims(kIssuer, audience))), "o r r -") == "");
  CHECK(endpoint.code(bearer_request(jwt(claims("https://login.microsoftonline.com/t/v2.0", kAudience))),
                      "o r r -") == "");
}

TEST_CASE("Bearer: what does not fit is refused and named") {
  Endpoint endpoint;
  endpoint.options.oauth = true;
  endpoint.peer.encrypted = true;
  const auto refused = [&](const std::string& token) {
    return detail_of(endpoint, bearer_request(token), "o r r -");
  };
  CHECK(refused("nonsense") == "The token is not a JWT.");
  CHECK(refused(jwt("{")) == "The token is not a JWT.");
  CHECK(refused(jwt("{}")) == "The token lacks one of the claims nbf, exp, iat.");
  CHECK(refused(jwt(claims(kIssuer, kAudience, "1781524799"))) == "The token has expired (exp).");
  CHECK(refused(jwt(claims("https://evil/", kAudience))) == "Issuer https://evil/ is not known (iss).");
  CHECK(refused(jwt(claims(kIssuer, "https://devstoreaccount1.queue.core.windows.net"))) ==
        "Audience https://devstoreaccount1.queue.core.windows.net is not this service (aud).");
}

TEST_CASE("Bearer: the claims of an accepted token can be read") {
  const Sent sent(bearer_request(jwt(claims(kIssuer, kAudience))));
  CHECK(bearer_claims(sent.exchange).oid == "OID");
  CHECK(bearer_claims(sent.exchange).tid == "TID");
}

}  // namespace cvemu::storage_access_test
