#include "storage/shared_key.h"

#include "storage/testing.h"

namespace cvemu::storage_shared_key_test {

using namespace cvemu::testing;

// The vectors of the research notes: every one was sent to another implementation (Azurite 3.37.0) and
// accepted.
namespace {

const Account& account() {
  return development_account();
}

constexpr std::string_view kDate = "x-ms-date: Mon, 15 Jun 2026 12:00:00 GMT";
constexpr std::string_view kVersion = "x-ms-version: 2025-11-05";
// These two as they stand in a text to sign.
#define DATE "x-ms-date:Mon, 15 Jun 2026 12:00:00 GMT\n"
#define VERSION "x-ms-version:2025-11-05\n"
#define TWICE "/devstoreaccount1/devstoreaccount1"

// String-to-sign, signature and verification.
void check_shared_key(const Request& request, const std::string& text, std::string_view signature,
                      shared_key::Scheme scheme = shared_key::Scheme::Full) {
  const Query query = Query::parse(request.raw_query());
  CHECK(shared_key::string_to_sign(request, query, account().name, scheme) == text);
  CHECK(signature_of(text) == signature);
  const shared_key::Authorization given{scheme, kDevelopmentAccount, signature};
  CHECK_FALSE(shared_key::mismatch(request, query, given, account()));
}

bool accepts(const Request& request, const std::string& signed_text) {
  const std::string signature = signature_of(signed_text);
  return !shared_key::mismatch(request, Query::parse(request.raw_query()),
                               {shared_key::Scheme::Full, kDevelopmentAccount, signature}, account());
}

Request put_blob() {
  return request_of(
      "PUT /devstoreaccount1/vectors/dir/a%20b%2Bc%C3%A9.txt?timeout=30",
      {"Content-Type: text/plain; charset=UTF-8", "Content-Length: 12", "x-ms-blob-type: BlockBlob", kDate,
       "x-ms-meta-Zed:   two words ", "x-ms-meta-a_b: 1", kVersion});
}

}  // namespace

TEST_CASE("SharedKey vector 1: Put Blob signs the encoded path, trimmed metadata, lower-case names") {
  check_shared_key(put_blob(),
                   "PUT\n\n\n12\n\ntext/plain; charset=UTF-8\n\n\n\n\n\n\nx-ms-blob-type:BlockBlob\n" DATE
                   "x-ms-meta-a_b:1\nx-ms-meta-zed:two words\n" VERSION TWICE
                   "/vectors/dir/a%20b%2Bc%C3%A9.txt\ntimeout:30",
                   "XkemOSHhgiDRIjuWYbqnGJY0tUuBl1B0V4pWXZ5727k=");
}

TEST_CASE("SharedKey vector 2: List Blobs signs empty and decoded values, sorted") {
  check_shared_key(
      request_of(
          "GET /devstoreaccount1/vectors?restype=container&comp=list&prefix=&delimiter=%2F&include=metadata,"
          "tags&maxresults=10&marker=a%2Bb%20c",
          {kDate, kVersion}),
      "GET\n\n\n\n\n\n\n\n\n\n\n\n" DATE VERSION TWICE
      "/vectors\ncomp:list\ndelimiter:/\ninclude:metadata,tags\nmarker:a+b c\nmaxresults:10\nprefix:\n"
      "restype:container",
      "o3Cf188JFRSPrzOT5oei6v3sfPEa3fWMTOSEgpuU4QI=");
}

TEST_CASE("SharedKey vector 3: Get Blob with Range and conditions") {
  check_shared_key(request_of("GET /devstoreaccount1/vectors/dir/a%20b%2Bc%C3%A9.txt",
                              {"If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT", "If-Match: *",
                               "Range: bytes=0-4", kDate, kVersion}),
                   "GET\n\n\n\n\n\n\nMon, 01 Jan 2024 00:00:00 GMT\n*\n\n\nbytes=0-4\n" DATE VERSION TWICE
                   "/vectors/dir/a%20b%2Bc%C3%A9.txt",
                   "nw2/oO5Xj5i4635P3Yr+fU3Yj4mP6y336tHS+Sxdcfs=");
}

TEST_CASE("SharedKey vector 4: an empty header value is signed") {
  check_shared_key(request_of("PUT /devstoreaccount1/vectors/empty?comp=blocklist",
                              {"Content-Type: application/xml", "Content-Length: 23",
                               "X-Ms-Blob-Cache-Control: ", "X-Ms-Blob-Content-Type: a/b",
                               "X-Ms-Date: Mon, 15 Jun 2026 12:00:00 GMT", "X-Ms-Version: 2025-11-05"}),
                   "PUT\n\n\n23\n\napplication/xml\n\n\n\n\n\n\nx-ms-blob-cache-control:\n"
                   "x-ms-blob-content-type:a/b\n" DATE VERSION TWICE "/vectors/empty\ncomp:blocklist",
                   "F4RU+LdO8anr8prs8jyqLV83BIJb9gLdbmbTjN0R1J0=");
}

TEST_CASE("SharedKey vector 5: Put Message") {
  check_shared_key(
      request_of("POST /devstoreaccount1/vectors/messages?visibilitytimeout=5&messagettl=-1",
                 {"Content-Type: application/xml", "Content-Length: 60",
                  "x-ms-client-request-id: 11111111-2222-3333-4444-555555555555", kDate, kVersion}),
      "POST\n\n\n60\n\napplication/xml\n\n\n\n\n\n\n"
      "x-ms-client-request-id:11111111-2222-3333-4444-555555555555\n" DATE VERSION TWICE
      "/vectors/messages\nmessagettl:-1\nvisibilitytimeout:5",
      "hTyeLWQWhnx5ePZIhcM7DJbQLYusw0EKiBUeo0W/2TI=");
}

TEST_CASE("SharedKeyLite vector 6: Set Queue Metadata signs comp alone") {
  check_shared_key(request_of("PUT /devstoreaccount1/vectors?comp=metadata&timeout=30",
                              {kDate, "x-ms-meta-color: red", kVersion, "Content-Length: 0"}),
                   "PUT\n\n\n\n" DATE "x-ms-meta-color:red\n" VERSION TWICE "/vectors?comp=metadata",
                   "A3JmRdToyiEdMHvbwiLBx68rN94FjprKZlYp2keLR3E=", shared_key::Scheme::Lite);
}

TEST_CASE("SharedKey vector 7: an underscore sorts before a digit, byte order is taken as well") {
  const auto request =
      request_of("PUT /devstoreaccount1/vectors?comp=metadata",
                 {kDate, "x-ms-meta-a1: 1", "x-ms-meta-a_b: 2", kVersion, "Content-Length: 0"});
  check_shared_key(request,
                   "PUT\n\n\n\n\n\n\n\n\n\n\n\n" DATE "x-ms-meta-a_b:2\nx-ms-meta-a1:1\n" VERSION TWICE
                   "/vectors\ncomp:metadata",
                   "aDIfguyMR8jVxp2NQuGbJx2m5b2+4HtS+T84HpC83Mg=");
  CHECK(accepts(request, "PUT\n\n\n\n\n\n\n\n\n\n\n\n" DATE "x-ms-meta-a1:1\nx-ms-meta-a_b:2\n" VERSION TWICE
                         "/vectors\ncomp:metadata"));
}

TEST_CASE("SharedKey negative vectors: what other servers refuse is refused") {
  const auto put = put_blob();
  const std::string head =
      "PUT\n\n\n12\n\ntext/plain; charset=UTF-8\n\n\n\n\n\n\nx-ms-blob-type:BlockBlob\n" DATE
      "x-ms-meta-a_b:1\nx-ms-meta-zed:two words\n" VERSION;
  REQUIRE(accepts(put, head + TWICE "/vectors/dir/a%20b%2Bc%C3%A9.txt\ntimeout:30"));
  SUBCASE("the path decoded") {
    CHECK_FALSE(accepts(put, head + TWICE "/vectors/dir/a b+c\u00e9.txt\ntimeout:30"));
  }
  SUBCASE("the account once") {
    CHECK_FALSE(accepts(put, head + "/devstoreaccount1/vectors/dir/a%20b%2Bc%C3%A9.txt\ntimeout:30"));
  }
  SUBCASE("another key") {
    const HmacSha256 other("not the key");
    const auto signature = other.sign_base64(head + TWICE "/vectors/dir/a%20b%2Bc%C3%A9.txt\ntimeout:30");
    CHECK(shared_key::mismatch(put, Query::parse(put.raw_query()),
                               {shared_key::Scheme::Full, kDevelopmentAccount, signature}, account()));
  }
  const auto list = [](std::string_view query) {
    return request_of("GET /devstoreaccount1/vectors?" + std::string(query), {kDate, kVersion});
  };
  const std::string get = "GET\n\n\n\n\n\n\n\n\n\n\n\n" DATE VERSION TWICE "/vectors";
  SUBCASE("an empty parameter left out") {
    CHECK(accepts(list("comp=list&prefix="), get + "\ncomp:list\nprefix:"));
    CHECK_FALSE(accepts(list("comp=list&prefix="), get + "\ncomp:list"));
  }
  SUBCASE("a plus in the query kept") {
    CHECK(accepts(list("comp=list&prefix=a+b"), get + "\ncomp:list\nprefix:a b"));
    CHECK_FALSE(accepts(list("comp=list&prefix=a+b"), get + "\ncomp:list\nprefix:a+b"));
  }
  SUBCASE("Content-Length: 0 is signed as nothing, from 2015-02-21 on") {
    const auto empty_put = [](std::string_view version) {
      return request_of("PUT /devstoreaccount1/q", {"Content-Length: 0", version});
    };
    const auto text = [](std::string_view zero, std::string_view version) {
      return "PUT\n\n\n" + std::string(zero) + "\n\n\n\n\n\n\n\n\n" + std::string(version) + "\n" TWICE "/q";
    };
    CHECK(accepts(empty_put("x-ms-version:2015-02-21"), text("", "x-ms-version:2015-02-21")));
    CHECK_FALSE(accepts(empty_put("x-ms-version:2015-02-21"), text("0", "x-ms-version:2015-02-21")));
    CHECK(accepts(empty_put("x-ms-version:2014-02-14"), text("0", "x-ms-version:2014-02-14")));
    CHECK(accepts(empty_put("x-ms-version:2014-02-14"), text("", "x-ms-version:2014-02-14")));
  }
}

TEST_CASE("SharedKey: where clients disagree, each form is taken") {
  SUBCASE("Content-Language before Content-Encoding") {
    const auto request =
        request_of("PUT /devstoreaccount1/q", {"Content-Encoding: gzip", "Content-Language: en"});
    CHECK(accepts(request, "PUT\ngzip\nen\n\n\n\n\n\n\n\n\n\n" TWICE "/q"));
    CHECK(accepts(request, "PUT\nen\ngzip\n\n\n\n\n\n\n\n\n\n" TWICE "/q"));
  }
  SUBCASE("Date beside x-ms-date") {
    const auto request =
        request_of("GET /devstoreaccount1/q", {kDate, "Date: Mon, 15 Jun 2026 12:00:01 GMT"});
    CHECK(accepts(request, "GET\n\n\n\n\n\nMon, 15 Jun 2026 12:00:01 GMT\n\n\n\n\n\n" DATE TWICE "/q"));
    CHECK(accepts(request, "GET\n\n\n\n\n\n\n\n\n\n\n\n" DATE TWICE "/q"));
  }
  SUBCASE("-secondary in the path, or left out") {
    const auto request = request_of("GET /devstoreaccount1-secondary/q");
    CHECK(accepts(request, "GET\n\n\n\n\n\n\n\n\n\n\n\n/devstoreaccount1/devstoreaccount1-secondary/q"));
    CHECK(accepts(request, "GET\n\n\n\n\n\n\n\n\n\n\n\n" TWICE "/q"));
  }
  SUBCASE("a parameter twice, a parameter without a value") {
    const auto request = request_of("GET /devstoreaccount1/q?B=2&b=1&bare&c=");
    CHECK(accepts(request, "GET\n\n\n\n\n\n\n\n\n\n\n\n" TWICE "/q\nb:1,2\nc:"));
  }
  SUBCASE("a header twice") {
    const auto request = request_of("GET /devstoreaccount1/q", {"x-ms-meta-a: 1", "X-Ms-Meta-A: 2"});
    CHECK(accepts(request, "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-meta-a:1,2\n" TWICE "/q"));
  }
  SUBCASE("dashes do not count when headers are sorted") {
    const auto request = request_of("GET /devstoreaccount1/q",
                                    {"x-ms-ab: 4", "x-ms-a-c: 5", "x-ms-a-b: 3", "x-ms-a: 2", "x-ms-1: 1"});
    CHECK(shared_key::string_to_sign(request, {}, kDevelopmentAccount) ==
          "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-1:1\nx-ms-a:2\nx-ms-ab:4\nx-ms-a-b:3\nx-ms-a-c:5\n" TWICE "/q");
  }
}

TEST_CASE("SharedKey: either key of the account signs") {
  const Accounts two = Accounts::parse("acct:Zmlyc3Q=:c2Vjb25k");
  const auto request = request_of("GET /acct/q");
  const auto text = shared_key::string_to_sign(request, {}, "acct");
  for (const auto& key : two.find("acct")->keys)
    CHECK_FALSE(shared_key::mismatch(
        request, {}, {shared_key::Scheme::Full, "acct", key.hmac.sign_base64(text)}, *two.find("acct")));
}

TEST_CASE("SharedKey: what the emulator signs is what it accepts") {
  auto request = request_of("PUT /devstoreaccount1/c/a%20b?comp=x&y=%2B", {"Content-Length: 5"});
  shared_key::sign(request, account(), kVectorTime);
  CHECK(request.headers.get("x-ms-date") == "Mon, 15 Jun 2026 12:00:00 GMT");
  const auto given = shared_key::parse_authorization(request.headers.get("Authorization"));
  REQUIRE(given);
  CHECK(given->account == kDevelopmentAccount);
  CHECK_FALSE(shared_key::mismatch(request, Query::parse(request.raw_query()), *given, account()));
}

TEST_CASE("Authorization: SharedKey in a bad form is 400, another scheme is none of it") {
  for (const auto text : {"SharedKey", "SharedKey acct", "SharedKey :x", "SharedKey a:", "SharedKeyLite "})
    CHECK(code_of([&] { shared_key::parse_authorization(text); }) == "400 InvalidAuthenticationInfo");
  for (const auto text : {"", "Bearer x", "SharedKeyFoo a:b"})
    CHECK_FALSE(shared_key::parse_authorization(text));
  CHECK(shared_key::parse_authorization("SharedKeyLite a:b")->scheme == shared_key::Scheme::Lite);
}

}  // namespace cvemu::storage_shared_key_test
