#include "queue/service.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "queue/testing.h"
#include "storage/sas.h"

namespace cvemu::queue_service_test {

using namespace cvemu::queue;
using namespace std::chrono_literals;

namespace {

struct Pair {
  std::string_view name;
  std::string value;
};

// A token's query, signed over `text`.
std::string signed_query(const std::vector<Pair>& pairs, const Account& account, const auto& text_of) {
  std::string query;
  for (const auto& [name, value] : pairs) query += std::string(name) + '=' + percent_encode(value) + '&';
  const Query parsed = Query::parse(query + "sig=x");
  const std::string text = text_of(*sas::parse(parsed));
  return query + "sig=" + percent_encode(account.keys[0].hmac.sign_base64(text));
}

struct SasBench : QueueBench {
  SasBench() {
    put("/jobs");
    post("/jobs/messages", message_body("x"));
  }
  std::string account_sas(std::string sp, std::string srt, std::string ss = "q") {
    return signed_query({{"sv", "2021-12-02"}, {"ss", ss}, {"srt", srt}, {"sp", sp}, {"se", "2099-01-01"}},
                        *accounts.find(kDevelopmentAccount), [](const sas::Token& token) {
                          return sas::account_string_to_sign(token, kDevelopmentAccount);
                        });
  }
  std::string queue_sas(std::vector<Pair> pairs, std::string_view queue = "jobs") {
    pairs.insert(pairs.begin(), {"sv", "2021-12-02"});
    return signed_query(pairs, *accounts.find(kDevelopmentAccount), [&](const sas::Token& token) {
      return sas::service_string_to_sign(StorageKind::Queue, token,
                                         sas::canonical_name(StorageKind::Queue, kDevelopmentAccount, queue));
    });
  }
  std::string outcome(Method method, std::string_view path, const std::string& sas,
                      std::string_view body = "") {
    const std::string separator = path.find('?') == std::string_view::npos ? "?" : "&";
    return raw(method, "/devstoreaccount1" + std::string(path) + separator + sas, body).outcome();
  }
};

}  // namespace

TEST_CASE_FIXTURE(QueueBench, "service: headers on every answer, errors included") {
  for (const char* path : {"/jobs?comp=metadata", "?comp=list"}) {
    const Answer answer = get(path, {{"x-ms-client-request-id", "my id"}, {"x-ms-version", "2021-02-12"}});
    CHECK(Uuid::parse(answer.header("x-ms-request-id")));
    CHECK(answer.header("x-ms-client-request-id") == "my id");
    CHECK(answer.header("x-ms-version") == "2021-02-12");
    CHECK(answer.header("Date") == times::rfc1123(kStart));
    CHECK(answer.header("Server").starts_with("cvemu-Queue"));
  }
}

TEST_CASE_FIXTURE(QueueBench,
                  "service: an error says code, message, request id and time; HEAD only the code") {
  const Answer answer = get("/jobs?comp=metadata");
  CHECK(answer.outcome() == "404 QueueNotFound");
  CHECK(answer.header("Content-Type") == "application/xml");
  CHECK(answer.detail("Code") == "QueueNotFound");
  CHECK(answer.detail("Message").find("RequestId:" + std::string(answer.header("x-ms-request-id"))) !=
        std::string::npos);
  const Answer head = send(Method::Head, "/jobs?comp=metadata");
  CHECK(head.outcome() == "404 QueueNotFound");
  CHECK(head.body.empty());
}

TEST_CASE_FIXTURE(QueueBench, "service: requests that no operation answers") {
  put("/jobs");
  struct Row {
    Method method;
    const char *path, *outcome;
  };
  const Row rows[] = {{Method::Get, "/jobs", "400 InvalidQueryParameterValue"},
                      {Method::Get, "/jobs/", "400 InvalidQueryParameterValue"},
                      {Method::Get, "/jobs?comp=foo", "400 InvalidQueryParameterValue"},
                      {Method::Post, "/jobs", "405 UnsupportedHttpVerb"},
                      {Method::Patch, "/jobs", "405 UnsupportedHttpVerb"},
                      {Method::Other, "/jobs", "405 UnsupportedHttpVerb"},
                      {Method::Delete, "/jobs?comp=metadata", "405 UnsupportedHttpVerb"},
                      {Method::Get, "?comp=foo", "400 InvalidQueryParameterValue"},
                      {Method::Get, "", "400 InvalidQueryParameterValue"},
                      {Method::Get, "/", "400 InvalidQueryParameterValue"},
                      {Method::Post, "?comp=list", "405 UnsupportedHttpVerb"},
                      {Method::Get, "?restype=container&comp=list", "400 InvalidQueryParameterValue"},
                      {Method::Get, "/jobs?restype=container", "400 InvalidQueryParameterValue"},
                      {Method::Head, "/jobs/messages", "405 UnsupportedHttpVerb"},
                      {Method::Head, "?comp=list", "405 UnsupportedHttpVerb"},
                      {Method::Patch, "/jobs/messages", "405 UnsupportedHttpVerb"},
                      {Method::Get, "/jobs/messages/id", "405 UnsupportedHttpVerb"},
                      {Method::Get, "/jobs/other", "404 ResourceNotFound"},
                      {Method::Get, "/jobs/messages/id/more", "404 ResourceNotFound"},
                      {Method::Get, "/jobs/MESSAGES?comp=", "200 "},
                      {Method::Get, "/jobs%2", "400 InvalidUri"}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(method_name(row.method));
    CHECK(send(row.method, row.path).outcome() == row.outcome);
  }
  CHECK(get("/jobs?comp=foo").detail("QueryParameterName") == "comp");
  CHECK(get("/jobs?restype=container").detail("QueryParameterName") == "restype");
}

TEST_CASE_FIXTURE(QueueBench, "service: versions") {
  CHECK(get("?comp=list", {{"x-ms-version", "2099-12-31"}}).outcome() == "200 ");
  CHECK(get("?comp=list", {{"x-ms-version", "latest"}}).outcome() == "400 InvalidHeaderValue");
  StorageOptions strict;
  strict.strict_api_version = true;
  QueueBench endpoint(strict);
  CHECK(endpoint.get("?comp=list", {{"x-ms-version", "2099-12-31"}}).outcome() == "400 InvalidHeaderValue");
  CHECK(endpoint.get("?comp=list", {{"x-ms-version", "2021-02-12"}}).outcome() == "200 ");
}

TEST_CASE_FIXTURE(QueueBench, "service: who does not prove who they are") {
  CHECK(raw(Method::Get, "/devstoreaccount1?comp=list").outcome() == "401 NoAuthenticationInformation");
  CHECK(raw(Method::Get, "/devstoreaccount1?comp=list", "",
            {{"Authorization", "SharedKey devstoreaccount1:AAAA"}})
            .outcome() == "403 AuthenticationFailed");
  CHECK(raw(Method::Get, "/devstoreaccount1?comp=list", "", {{"Authorization", "Basic AAAA"}}).outcome() ==
        "400 InvalidAuthenticationInfo");
  CHECK(raw(Method::Get, "/nobody?comp=list").outcome() == "404 ResourceNotFound");
  CHECK(raw(Method::Put, "/devstoreaccount1/jobs").outcome() == "401 NoAuthenticationInformation");
  CHECK(get("/jobs?comp=metadata").outcome() == "404 QueueNotFound");
}

TEST_CASE_FIXTURE(QueueBench, "service: product style and secondary host names") {
  Request request;
  request.method = Method::Put;
  request.target = "/jobs";
  request.headers.add("Host", "devstoreaccount1.queue.localhost:10001");
  shared_key::sign(request, *accounts.find(kDevelopmentAccount), clock.now());
  CHECK(serve(request, "").outcome() == "201 ");
  CHECK(put("/jobs").outcome() == "204 ");
}

TEST_CASE_FIXTURE(SasBench, "account SAS: each operation with its letter, and without") {
  struct Row {
    Method method;
    const char *path, *types, *letter, *body, *outcome;
  };
  const std::string message = message_body("y");
  const Row rows[] = {
      {Method::Get, "?comp=list", "s", "l", "", "200 "},
      {Method::Get, "?restype=service&comp=properties", "s", "r", "", "200 "},
      {Method::Put, "?restype=service&comp=properties", "s", "w", "<StorageServiceProperties/>", "202 "},
      {Method::Get, "-secondary?restype=service&comp=stats", "s", "r", "", "200 "},
      {Method::Put, "/made", "c", "c", "", "201 "},
      {Method::Put, "/made", "c", "w", "", "204 "},
      {Method::Get, "/jobs?comp=metadata", "c", "r", "", "200 "},
      {Method::Put, "/jobs?comp=metadata", "c", "w", "", "204 "},
      {Method::Post, "/jobs/messages", "o", "a", message.c_str(), "201 "},
      {Method::Get, "/jobs/messages?peekonly=true", "o", "r", "", "200 "},
      {Method::Get, "/jobs/messages", "o", "p", "", "200 "},
      {Method::Put, "/jobs/messages/x?popreceipt=x&visibilitytimeout=0", "o", "u", "",
       "400 InvalidQueryParameterValue"},
      {Method::Put, "/jobs/messages/x?popreceipt=x&visibilitytimeout=0", "c", "u", "",
       "400 InvalidQueryParameterValue"},
      {Method::Delete, "/jobs/messages/x?popreceipt=x", "o", "p", "", "400 InvalidQueryParameterValue"},
      {Method::Delete, "/jobs/messages", "o", "d", "", "204 "},
      {Method::Delete, "/jobs/messages", "c", "d", "", "204 "},
      {Method::Delete, "/made", "c", "d", "", "204 "}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.letter);
    CHECK(outcome(row.method, row.path, account_sas(row.letter, row.types), row.body) == row.outcome);
    CHECK(outcome(row.method, row.path, account_sas("x", row.types), row.body) ==
          "403 AuthorizationPermissionMismatch");
    CHECK(outcome(row.method, row.path, account_sas(row.letter, row.types, "b"), row.body) ==
          "403 AuthorizationServiceMismatch");
    const char* other_types = std::string_view(row.types) == "s" ? "co" : "s";
    CHECK(outcome(row.method, row.path, account_sas(row.letter, other_types), row.body) ==
          "403 AuthorizationResourceTypeMismatch");
  }
}

TEST_CASE_FIXTURE(SasBench, "ACLs are for the account key alone") {
  CHECK(outcome(Method::Get, "/jobs?comp=acl", account_sas("rwdlacup", "sco")).starts_with("403 "));
  CHECK(outcome(Method::Put, "/jobs?comp=acl", account_sas("rwdlacup", "sco")).starts_with("403 "));
  CHECK(outcome(Method::Get, "/jobs?comp=acl", queue_sas({{"sp", "raup"}, {"se", "2099-01-01"}}))
            .starts_with("403 "));
}

TEST_CASE_FIXTURE(SasBench, "service SAS: letters, dates, and the queue it is for") {
  const std::string all = queue_sas({{"sp", "raup"}, {"se", "2099-01-01"}});
  CHECK(outcome(Method::Get, "/jobs/messages?peekonly=true", all) == "200 ");
  CHECK(outcome(Method::Post, "/jobs/messages", all, message_body("y")) == "201 ");
  CHECK(outcome(Method::Get, "/jobs?comp=metadata", all) == "200 ");
  CHECK(outcome(Method::Delete, "/jobs/messages", all) == "403 AuthorizationPermissionMismatch");
  CHECK(outcome(Method::Delete, "/jobs", all) == "403 AuthorizationPermissionMismatch");
  CHECK(outcome(Method::Get, "?comp=list", all) == "403 AuthenticationFailed");
  CHECK(outcome(Method::Get, "/other/messages", all) == "403 AuthenticationFailed");
  const std::string reader = queue_sas({{"sp", "r"}, {"se", "2099-01-01"}});
  CHECK(outcome(Method::Get, "/jobs/messages?peekonly=true", reader) == "200 ");
  CHECK(outcome(Method::Get, "/jobs/messages", reader) == "403 AuthorizationPermissionMismatch");
  CHECK(outcome(Method::Get, "/jobs/messages", queue_sas({{"sp", "p"}, {"se", "2030-01-01"}})) ==
        "403 AuthenticationFailed");
}

TEST_CASE_FIXTURE(SasBench, "stored access policies: used at once, changed at once, gone at once") {
  const auto store = [&](std::string_view permission) {
    return put("/jobs?comp=acl",
               "<SignedIdentifiers><SignedIdentifier><Id>pol 1</Id><AccessPolicy><Expiry>2099-01-01</Expiry>"
               "<Permission>" +
                   std::string(permission) +
                   "</Permission></AccessPolicy></SignedIdentifier>"
                   "</SignedIdentifiers>")
        .status;
  };
  const std::string token = queue_sas({{"si", "pol 1"}});
  CHECK(outcome(Method::Get, "/jobs/messages?peekonly=true", token) == "403 AuthenticationFailed");
  REQUIRE(store("r") == 204);
  CHECK(outcome(Method::Get, "/jobs/messages?peekonly=true", token) == "200 ");
  CHECK(outcome(Method::Get, "/jobs/messages", token) == "403 AuthorizationPermissionMismatch");
  REQUIRE(store("p") == 204);
  CHECK(outcome(Method::Get, "/jobs/messages?peekonly=true", token) == "403 AuthorizationPermissionMismatch");
  CHECK(outcome(Method::Get, "/jobs/messages", token) == "200 ");
  CHECK(outcome(Method::Get, "/jobs/messages", queue_sas({{"si", "pol 1"}, {"sp", "p"}})) ==
        "403 AuthenticationFailed");
  REQUIRE(put("/jobs?comp=acl").status == 204);
  CHECK(outcome(Method::Get, "/jobs/messages", token) == "403 AuthenticationFailed");
}

namespace {

// A token of the kind that Azure's login service issues; nobody looks at its signature.
std::string bearer_token(Instant now) {
  const auto part = [](const std::string& json) {
    std::string text = base64_encode(json);
    while (text.ends_with('=')) text.pop_back();
    return text;
  };
  const auto seconds = [&](Duration from_now) {
    return std::to_string(to_micros(now + from_now) / 1'000'000);
  };
  return "Bearer " + part(R"({"alg":"none"})") + '.' +
         part(
             R"({"aud":"https://storage.azure.com","iss":"https://sts.windows.net/t/","oid":"me","tid":"t","nbf":)" +
             seconds(-1h) + R"(,"iat":)" + seconds(-1h) + R"(,"exp":)" + seconds(1h) + '}') +
         ".x";
}

struct OauthBench : QueueBench {
  OauthBench() : QueueBench(with_oauth()) {
    put("/jobs");
    peer.encrypted = true;
  }
  static StorageOptions with_oauth() {
    StorageOptions options;
    options.access.oauth = true;
    return options;
  }
  Answer bear(Method method, std::string_view path, std::string_view body = "") {
    return raw(method, "/devstoreaccount1" + std::string(path), body,
               {{"Authorization", bearer_token(kStart)}});
  }
};

constexpr std::string_view kKeyPath = "?restype=service&comp=userdelegationkey";
constexpr std::string_view kKeyInfo =
    "<KeyInfo><Start>2020-01-01T00:00:00Z</Start><Expiry>2099-01-01T00:00:00Z</Expiry></KeyInfo>";

}  // namespace

TEST_CASE_FIXTURE(OauthBench, "bearer tokens: everything but ACLs") {
  CHECK(bear(Method::Get, "?comp=list").outcome() == "200 ");
  CHECK(bear(Method::Post, "/jobs/messages", message_body("x")).outcome() == "201 ");
  CHECK(bear(Method::Get, "/jobs?comp=acl").status == 403);
  peer.encrypted = false;
  CHECK(bear(Method::Get, "?comp=list").outcome() == "403 AuthenticationFailed");
}

TEST_CASE_FIXTURE(OauthBench, "GetUserDelegationKey: a SAS signed with the key opens the queue") {
  const Answer answer = bear(Method::Post, kKeyPath, kKeyInfo);
  REQUIRE(answer.outcome() == "200 ");
  const XmlElement key = answer.xml("UserDelegationKey");
  CHECK(key.text_of("SignedOid") == "me");
  CHECK(key.text_of("SignedTid") == "t");
  CHECK(key.text_of("SignedService") == "q");
  CHECK(key.text_of("SignedExpiry") == "2099-01-01T00:00:00Z");
  Account signer{std::string(kDevelopmentAccount), {}};
  signer.keys.emplace_back(*base64_decode(key.text_of("Value")));
  const std::string token = signed_query(
      {{"sv", "2025-07-05"},
       {"sp", "r"},
       {"se", "2099-01-01T00:00:00Z"},
       {"skoid", "me"},
       {"sktid", "t"},
       {"skt", std::string(key.text_of("SignedStart"))},
       {"ske", std::string(key.text_of("SignedExpiry"))},
       {"sks", "q"},
       {"skv", std::string(key.text_of("SignedVersion"))}},
      signer, [&](const sas::Token& given) {
        return sas::user_delegation_string_to_sign(
            StorageKind::Queue, given, sas::canonical_name(StorageKind::Queue, kDevelopmentAccount, "jobs"),
            Request(), Query());
      });
  const std::string target = "/devstoreaccount1/jobs/messages?" + token;
  CHECK(raw(Method::Get, target + "&peekonly=true").outcome() == "200 ");
  CHECK(raw(Method::Get, target).outcome() == "403 AuthorizationPermissionMismatch");
}

TEST_CASE_FIXTURE(OauthBench, "GetUserDelegationKey: for bearers only, with dates that can be read") {
  CHECK(post(kKeyPath, kKeyInfo).outcome() == "403 AuthenticationFailed");
  CHECK(bear(Method::Post, kKeyPath, "").outcome() == "400 InvalidXmlDocument");
  CHECK(bear(Method::Post, kKeyPath, "<KeyInfo><Expiry>soon</Expiry></KeyInfo>").outcome() ==
        "400 InvalidXmlNodeValue");
}

}  // namespace cvemu::queue_service_test
