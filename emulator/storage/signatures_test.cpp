// The vectors of the research notes: every one was sent to another implementation (Azurite 3.37.0) and
// accepted.
#include "storage/accounts.h"
#include "storage/errors.h"
#include "storage/sas.h"
#include "storage/shared_key.h"
#include "storage/testing.h"

using namespace cvemu;
using namespace cvemu::testing;

namespace {

const Accounts& accounts() {
  static const Accounts instance = Accounts::development();
  return instance;
}
const Account& account() {
  return *accounts().find(kDevelopmentAccount);
}
std::string signature_of(const std::string& text) {
  return account().keys.front().hmac.sign_base64(text);
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

sas::Token token_of(const Query& query) {
  return *sas::parse(query);
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

namespace {

constexpr std::string_view kBlob = "a b+c\u00e9.txt";
std::string blob_name() {
  return sas::canonical_name(StorageService::Blob, kDevelopmentAccount, "vectors",
                             "dir/" + std::string(kBlob));
}
const std::string kContainer = sas::canonical_name(StorageService::Blob, kDevelopmentAccount, "vectors");
const std::string kQueue = sas::canonical_name(StorageService::Queue, kDevelopmentAccount, "vectors");

void check_account_sas(std::string_view query, const std::string& text, std::string_view signature) {
  const Query parsed = Query::parse(std::string(query) + "&sig=x");
  CHECK(token_of(parsed).kind == sas::Kind::Account);
  CHECK(sas::account_string_to_sign(token_of(parsed), kDevelopmentAccount) == text);
  CHECK(signature_of(text) == signature);
}

void check_service_sas(StorageService service, std::string_view query, const std::string& resource,
                       const std::string& text, std::string_view signature) {
  const Query parsed = Query::parse(std::string(query) + "&sig=x");
  CHECK(token_of(parsed).kind == sas::Kind::Service);
  CHECK(sas::service_string_to_sign(service, token_of(parsed), resource) == text);
  CHECK(signature_of(text) == signature);
}

}  // namespace

TEST_CASE("SAS vector 8: account SAS from 2020-12-06 on") {
  check_account_sas(
      "sv=2021-12-02&ss=bq&srt=sco&sp=rwdlacup&st=2020-01-01T00:00:00Z&se=2099-01-01T00%3A00%3A00Z&"
      "spr=https,http&sip=127.0.0.1-127.0.0.9",
      "devstoreaccount1\nrwdlacup\nbq\nsco\n2020-01-01T00:00:00Z\n2099-01-01T00:00:00Z\n"
      "127.0.0.1-127.0.0.9\nhttps,http\n2021-12-02\n\n",
      "OadIR327A88qPN/fjyHRDFBn27a4Wc0cDqfFPnE4As4=");
}

TEST_CASE("SAS vector 9: blob SAS with response overrides") {
  const std::string_view query =
      "sv=2021-12-02&se=2099-01-01T00:00:00Z&sr=b&sp=r&rscc=no-cache&rscd=attachment%3B%20filename%3Dx.txt&"
      "rsct=text%2Fhtml%3B%20charset%3Dutf-8";
  check_service_sas(
      StorageService::Blob, query, blob_name(),
      "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n\n\n2021-12-02"
      "\nb\n\n\nno-cache\nattachment; filename=x.txt\n\n\ntext/html; charset=utf-8",
      "j2bZGAoX8sl2VNWr5QWxmw6iIOpS7y05z9A2+vvdC7I=");
  const Query parsed = Query::parse(std::string(query) + "&sig=x");
  CHECK(sas::response_overrides(parsed).content_disposition == "attachment; filename=x.txt");
  CHECK(sas::response_overrides(parsed).content_language.empty());
  CHECK(sas::response_overrides(Query::parse(query)).cache_control.empty());
}

TEST_CASE("SAS vector 10: blob SAS of 2018-11-09 to 2020-12-05") {
  check_service_sas(
      StorageService::Blob, "sv=2019-12-12&se=2099-01-01T00:00:00Z&sr=b&sp=r", blob_name(),
      "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n\n\n2019-12-12"
      "\nb\n\n\n\n\n\n",
      "VSjNXZmk+pk6DxwW/xsVyZR5DBWrFfJcUGFF0hokLC4=");
}

TEST_CASE("SAS vector 11: blob SAS before 2018-11-09") {
  check_service_sas(
      StorageService::Blob, "sv=2017-11-09&se=2099-01-01T00:00:00Z&sr=b&sp=r", blob_name(),
      "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n\n\n2017-11-09"
      "\n\n\n\n\n",
      "OEOof9pn5/PilnZve0/83r3m9PVVLTbC8Isfg9gbAp0=");
}

TEST_CASE("SAS vector 12: queue SAS with a stored policy alone") {
  check_service_sas(StorageService::Queue, "sv=2021-12-02&si=pol%201", kQueue,
                    "\n\n\n/queue/devstoreaccount1/vectors\npol 1\n\n\n2021-12-02",
                    "EIyeChxbyL+dwCC8PYX/cIRWe5dUj3VSenn5UXAr6k8=");
}

TEST_CASE("SAS vector 13: container SAS with a stored policy alone") {
  check_service_sas(StorageService::Blob, "sv=2021-12-02&si=pol%201&sr=c", kContainer,
                    "\n\n\n/blob/devstoreaccount1/vectors\npol 1\n\n\n2021-12-02\nc\n\n\n\n\n\n\n",
                    "dyWeQqpmVs9DDtSErzUsFs16S+xla1vVHzUQ4Dpdeas=");
}

TEST_CASE("SAS vector 14: queue SAS with start, addresses and protocols") {
  check_service_sas(StorageService::Queue,
                    "sv=2021-12-02&st=2020-01-01T00:00:00Z&se=2099-01-01T00:00:00Z&sp=raup&spr=https,http&"
                    "sip=127.0.0.1-127.0.0.9",
                    kQueue,
                    "raup\n2020-01-01T00:00:00Z\n2099-01-01T00:00:00Z\n/queue/devstoreaccount1/vectors\n\n"
                    "127.0.0.1-127.0.0.9\nhttps,http\n2021-12-02",
                    "ZiNeEfvLJ8Ria5HV4W3ojZx/fNRf9Oy9r7IkJBdyr94=");
}

TEST_CASE("SAS vector 15: account SAS before 2020-12-06") {
  check_account_sas("sv=2019-12-12&ss=bq&srt=sco&sp=rwdlacup&se=2099-01-01T00:00:00Z",
                    "devstoreaccount1\nrwdlacup\nbq\nsco\n\n2099-01-01T00:00:00Z\n\n\n2019-12-12\n",
                    "9y7AZD5PSBvVf4cuUhVNHcYEpbsCnG0ATiyv/PYqDZw=");
}

TEST_CASE("SAS vector 16: user delegation SAS of 2026-04-06") {
  const Request request = request_of(
      "GET /devstoreaccount1/oauthc/b%20x?sv=2026-04-06&se=2099-01-01T00:00:00Z&sr=b&sp=r&"
      "skoid=11059fcc-5514-4800-b5f8-49808b9cfab6&sktid=ab1f708d-50f6-404c-a006-d71b2ac7a606&"
      "skt=2020-01-01T00:00:00Z&ske=2099-01-01T00:00:00Z&sks=b&skv=2026-06-06&sig=x");
  const Query query = Query::parse(request.raw_query());
  CHECK(token_of(query).kind == sas::Kind::UserDelegation);
  const std::string text = sas::user_delegation_string_to_sign(
      StorageService::Blob, token_of(query),
      sas::canonical_name(StorageService::Blob, kDevelopmentAccount, "oauthc", "b x"), request, query);
  CHECK(text ==
        "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/oauthc/b x\n11059fcc-5514-4800-b5f8-49808b9cfab6\n"
        "ab1f708d-50f6-404c-a006-d71b2ac7a606\n2020-01-01T00:00:00Z\n2099-01-01T00:00:00Z\nb\n2026-06-"
        "06\n\n\n\n\n"
        "\n\n\n2026-04-06\nb\n\n\n\n\n\n\n\n\n");
  const HmacSha256 key(*base64_decode("vQbf23+eptycba32CT7mS0LRvB6G/9AAMRyrkgQjrgk="));
  CHECK(key.sign_base64(text) == "ThkhRuRXLk2NusOB8Ek6wBI3VCQzdWXDMbAGAJNR5ZY=");
}

TEST_CASE("SAS vector 17: container SAS with start, address and protocols") {
  check_service_sas(
      StorageService::Blob,
      "sv=2021-12-02&st=2020-01-01T00:00:00Z&se=2099-01-01T00:00:00Z&sr=c&sp=racwdl&spr=https,http&"
      "sip=127.0.0.1",
      kContainer,
      "racwdl\n2020-01-01T00:00:00Z\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors\n\n127.0.0.1"
      "\nhttps,http\n2021-12-02\nc\n\n\n\n\n\n\n",
      "16OHM/B0BLGwxdZhLkKSBB/BTrkuHJP2APvGUxzsdic=");
}

TEST_CASE("User delegation SAS: every version has its own number of lines") {
  const auto lines = [](std::string_view version, StorageService service) {
    const Request request = request_of("GET /devstoreaccount1/c/b?skoid=o&sig=x&sv=" + std::string(version));
    const Query query = Query::parse(request.raw_query());
    const auto text = sas::user_delegation_string_to_sign(service, token_of(query), "/r", request, query);
    return split(text, '\n').size();
  };
  CHECK(lines("2018-11-09", StorageService::Blob) == 20);
  CHECK(lines("2020-02-10", StorageService::Blob) == 23);
  CHECK(lines("2020-12-06", StorageService::Blob) == 24);
  CHECK(lines("2025-07-05", StorageService::Blob) == 26);
  CHECK(lines("2026-04-06", StorageService::Blob) == 28);
  CHECK(lines("2025-07-05", StorageService::Queue) == 15);
}

TEST_CASE("User delegation SAS: signed headers and parameters add their blocks") {
  const Request request =
      request_of("GET /devstoreaccount1/c/b?skoid=o&sv=2026-04-06&sr=b&srh=x-a,x-b&srq=q&q=v&sig=x",
                 {"x-a: 1", "x-b: 2"});
  const Query query = Query::parse(request.raw_query());
  const auto text =
      sas::user_delegation_string_to_sign(StorageService::Blob, token_of(query), "/r", request, query);
  CHECK(text.ends_with("2026-04-06\nb\n\n\nx-a:1\nx-b:2\n\n\nq:v\n\n\n\n\n"));
}

TEST_CASE("SAS: snapshots and versions sign their time") {
  const auto line = [](std::string_view query) {
    const Query parsed = Query::parse(std::string(query) + "&sv=2020-12-06&sig=x");
    const auto text = sas::service_string_to_sign(StorageService::Blob, token_of(parsed), "/r");
    return std::string(split(text, '\n')[9]);
  };
  CHECK(line("sr=bs&snapshot=S&versionid=V") == "S");
  CHECK(line("sr=bv&snapshot=S&versionid=V") == "V");
  CHECK(line("sr=b&snapshot=S") == "");
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

TEST_CASE("SAS: a made link reads and verifies as Custom Vision's links do") {
  const auto link = sas::make_blob_query(account(), "images", "dir/a b.png", "r",
                                         *times::parse_iso("2099-01-01T00:00:00.9Z"));
  CHECK(link.starts_with("sv=2017-04-17&sr=b&sig="));
  CHECK(link.ends_with("&se=2099-01-01T00%3A00%3A00Z&sp=r"));
  CHECK(link.find('+') == std::string::npos);
  const Query query = Query::parse(link);
  const auto name = sas::canonical_name(StorageService::Blob, kDevelopmentAccount, "images", "dir/a b.png");
  CHECK(signature_of(sas::service_string_to_sign(StorageService::Blob, token_of(query), name)) ==
        token_of(query).sig);
}

TEST_CASE("SAS: a second signature is refused, none is no SAS") {
  CHECK(code_of([] { sas::parse(Query::parse("sig=a&sig=b")); }) == "403 AuthenticationFailed");
  CHECK_FALSE(sas::parse(Query::parse("sv=2020-12-06&sp=r")));
}

TEST_CASE("User delegation key: the same fields give the same key, any other field another") {
  const sas::DelegationKey fields{"oid", "tid",       "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z",
                                  "b",   "2026-04-06"};
  const auto key = sas::delegation_key(account(), fields);
  CHECK(key.size() == 32);
  CHECK(sas::delegation_key(account(), fields) == key);
  auto other = fields;
  other.expiry = "2020-01-03T00:00:00Z";
  CHECK(sas::delegation_key(account(), other) != key);
  const auto xml = sas::delegation_key_xml(account(), fields);
  CHECK(xml.find("<SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>") != std::string::npos);
  CHECK(xml.find("<Value>" + base64_encode(key) + "</Value>") != std::string::npos);
}
