#include "storage/sas.h"

#include "storage/testing.h"

namespace cvemu::storage_sas_test {

using namespace cvemu::testing;

// The vectors of the research notes: every one was sent to another implementation (Azurite 3.37.0) and
// accepted.
namespace {

const Account& account() {
  return development_account();
}
sas::Token token_of(const Query& query) {
  return *sas::parse(query);
}

constexpr std::string_view kBlobName = "a b+c\u00e9.txt";
std::string blob_name() {
  return sas::canonical_name(StorageKind::Blob, kDevelopmentAccount, "vectors",
                             "dir/" + std::string(kBlobName));
}
const std::string kContainer = sas::canonical_name(StorageKind::Blob, kDevelopmentAccount, "vectors");
const std::string kQueue = sas::canonical_name(StorageKind::Queue, kDevelopmentAccount, "vectors");

void check_account_sas(std::string_view query, const std::string& text, std::string_view signature) {
  const Query parsed = Query::parse(std::string(query) + "&sig=x");
  CHECK(token_of(parsed).kind == sas::Kind::Account);
  CHECK(sas::account_string_to_sign(token_of(parsed), kDevelopmentAccount) == text);
  CHECK(signature_of(text) == signature);
}

void check_service_sas(StorageKind service, std::string_view query, const std::string& resource,
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
      StorageKind::Blob, query, blob_name(),
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
      StorageKind::Blob, "sv=2019-12-12&se=2099-01-01T00:00:00Z&sr=b&sp=r", blob_name(),
      "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n\n\n2019-12-12"
      "\nb\n\n\n\n\n\n",
      "VSjNXZmk+pk6DxwW/xsVyZR5DBWrFfJcUGFF0hokLC4=");
}

TEST_CASE("SAS vector 11: blob SAS before 2018-11-09") {
  check_service_sas(
      StorageKind::Blob, "sv=2017-11-09&se=2099-01-01T00:00:00Z&sr=b&sp=r", blob_name(),
      "r\n\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n\n\n2017-11-09"
      "\n\n\n\n\n",
      "OEOof9pn5/PilnZve0/83r3m9PVVLTbC8Isfg9gbAp0=");
}

TEST_CASE("SAS of 2012 and 2013: fewer lines, and no service's name before the account's") {
  const auto text = [](StorageKind service, std::string_view query, const std::string& resource) {
    const Query parsed = Query::parse(std::string(query) + "&sig=x");
    return sas::service_string_to_sign(service, token_of(parsed), resource);
  };
  CHECK(text(StorageKind::Blob, "sv=2012-02-12&st=a&se=b&sr=c&sp=r", kContainer) ==
        "r\na\nb\n/devstoreaccount1/vectors\n\n2012-02-12");
  CHECK(text(StorageKind::Blob, "sv=2013-08-15&se=b&sr=b&sp=r&rscc=no-cache", blob_name()) ==
        "r\n\nb\n/devstoreaccount1/vectors/dir/a b+c\u00e9.txt\n\n2013-08-15\nno-cache\n\n\n\n");
  CHECK(text(StorageKind::Blob, "sv=2015-02-21&se=b&sr=c&sp=r", kContainer) ==
        "r\n\nb\n/blob/devstoreaccount1/vectors\n\n2015-02-21\n\n\n\n\n");
  CHECK(text(StorageKind::Queue, "sv=2014-02-14&si=pol", kQueue) ==
        "\n\n\n/devstoreaccount1/vectors\npol\n2014-02-14");
}

TEST_CASE("SAS vector 12: queue SAS with a stored policy alone") {
  check_service_sas(StorageKind::Queue, "sv=2021-12-02&si=pol%201", kQueue,
                    "\n\n\n/queue/devstoreaccount1/vectors\npol 1\n\n\n2021-12-02",
                    "EIyeChxbyL+dwCC8PYX/cIRWe5dUj3VSenn5UXAr6k8=");
}

TEST_CASE("SAS vector 13: container SAS with a stored policy alone") {
  check_service_sas(StorageKind::Blob, "sv=2021-12-02&si=pol%201&sr=c", kContainer,
                    "\n\n\n/blob/devstoreaccount1/vectors\npol 1\n\n\n2021-12-02\nc\n\n\n\n\n\n\n",
                    "dyWeQqpmVs9DDtSErzUsFs16S+xla1vVHzUQ4Dpdeas=");
}

TEST_CASE("SAS vector 14: queue SAS with start, addresses and protocols") {
  check_service_sas(StorageKind::Queue,
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
      StorageKind::Blob, token_of(query),
      sas::canonical_name(StorageKind::Blob, kDevelopmentAccount, "oauthc", "b x"), request, query);
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
      StorageKind::Blob,
      "sv=2021-12-02&st=2020-01-01T00:00:00Z&se=2099-01-01T00:00:00Z&sr=c&sp=racwdl&spr=https,http&"
      "sip=127.0.0.1",
      kContainer,
      "racwdl\n2020-01-01T00:00:00Z\n2099-01-01T00:00:00Z\n/blob/devstoreaccount1/vectors\n\n127.0.0.1"
      "\nhttps,http\n2021-12-02\nc\n\n\n\n\n\n\n",
      "16OHM/B0BLGwxdZhLkKSBB/BTrkuHJP2APvGUxzsdic=");
}

TEST_CASE("User delegation SAS: every version has its own number of lines") {
  const auto lines = [](std::string_view version, StorageKind service) {
    const Request request = request_of("GET /devstoreaccount1/c/b?skoid=o&sig=x&sv=" + std::string(version));
    const Query query = Query::parse(request.raw_query());
    const auto text = sas::user_delegation_string_to_sign(service, token_of(query), "/r", request, query);
    return split(text, '\n').size();
  };
  CHECK(lines("2018-11-09", StorageKind::Blob) == 20);
  CHECK(lines("2020-02-10", StorageKind::Blob) == 23);
  CHECK(lines("2020-12-06", StorageKind::Blob) == 24);
  CHECK(lines("2025-07-05", StorageKind::Blob) == 26);
  CHECK(lines("2026-04-06", StorageKind::Blob) == 28);
  CHECK(lines("2025-07-05", StorageKind::Queue) == 15);
}

TEST_CASE("User delegation SAS: signed headers and parameters add their blocks") {
  const Request request =
      request_of("GET /devstoreaccount1/c/b?skoid=o&sv=2026-04-06&sr=b&srh=x-a,x-b&srq=q&q=v&sig=x",
                 {"x-a: 1", "x-b: 2"});
  const Query query = Query::parse(request.raw_query());
  const auto text =
      sas::user_delegation_string_to_sign(StorageKind::Blob, token_of(query), "/r", request, query);
  CHECK(text.ends_with("2026-04-06\nb\n\n\nx-a:1\nx-b:2\n\n\nq:v\n\n\n\n\n"));
}

TEST_CASE("SAS: snapshots and versions sign their time") {
  const auto line = [](std::string_view query) {
    const Query parsed = Query::parse(std::string(query) + "&sv=2020-12-06&sig=x");
    const auto text = sas::service_string_to_sign(StorageKind::Blob, token_of(parsed), "/r");
    return std::string(split(text, '\n')[9]);
  };
  CHECK(line("sr=bs&snapshot=S&versionid=V") == "S");
  CHECK(line("sr=bv&snapshot=S&versionid=V") == "V");
  CHECK(line("sr=b&snapshot=S") == "");
}

TEST_CASE("SAS: a made link reads and verifies as Custom Vision's links do") {
  const auto link = sas::make_blob_query(account(), "images", "dir/a b.png", "r",
                                         *times::parse_iso("2099-01-01T00:00:00.9Z"));
  CHECK(link.starts_with("sv=2017-04-17&sr=b&sig="));
  CHECK(link.ends_with("&se=2099-01-01T00%3A00%3A00Z&sp=r"));
  CHECK(link.find('+') == std::string::npos);
  const Query query = Query::parse(link);
  const auto name = sas::canonical_name(StorageKind::Blob, kDevelopmentAccount, "images", "dir/a b.png");
  CHECK(signature_of(sas::service_string_to_sign(StorageKind::Blob, token_of(query), name)) ==
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

}  // namespace cvemu::storage_sas_test
