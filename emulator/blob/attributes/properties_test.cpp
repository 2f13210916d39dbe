#include "blob/testing.h"

namespace cvemu::attributes_properties_test {

using namespace cvemu::blob;

namespace {

struct Described : TestService {
  Described() {
    create_container("abc");
    put_block_blob("/abc/x", "hello", {{"x-ms-blob-content-type", "text/plain"}, {"x-ms-meta-a", "1"}});
  }
};

constexpr std::string_view kTags =
    "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>a "
    "b</Key><Value></Value></Tag></TagSet></Tags>";

}  // namespace

TEST_CASE("SetBlobProperties: all six are replaced, those not given are cleared") {
  Described blob;
  const std::string before(blob.head("/abc/x").headers.get("ETag"));
  const Response set = blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-encoding", "gzip"},
                                                           {"x-ms-blob-content-language", "fr"},
                                                           {"x-ms-blob-content-disposition", "inline"},
                                                           {"x-ms-blob-cache-control", "no-cache"}});
  CHECK(set.status == 200);
  CHECK(set.headers.has("ETag"));
  const Response head = blob.head("/abc/x");
  CHECK(head.headers.get("ETag") != before);
  CHECK(head.headers.get("Content-Encoding") == "gzip");
  CHECK(head.headers.get("Content-Language") == "fr");
  CHECK(head.headers.get("Content-Disposition") == "inline");
  CHECK(head.headers.get("Cache-Control") == "no-cache");
  CHECK(head.headers.get("Content-Type") == "application/octet-stream");
  CHECK_FALSE(head.headers.has("Content-MD5"));
  blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-type", "text/html"}});
  CHECK_FALSE(blob.head("/abc/x").headers.has("Content-Encoding"));
  CHECK(code_of(blob.put("/abc/none?comp=properties")) == "404 BlobNotFound");
  CHECK(code_of(blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-md5", "no digest"}})) ==
        "400 InvalidMd5");
}

TEST_CASE("blob metadata: set replaces all, get has no body") {
  Described blob;
  const Response set = blob.put("/abc/x?comp=metadata", {{"x-ms-meta-MyName", "value"}});
  CHECK(set.status == 200);
  CHECK(set.headers.get("x-ms-request-server-encrypted") == "true");
  const Response got = blob.get("/abc/x?comp=metadata");
  CHECK(got.headers.get("x-ms-meta-MyName") == "value");
  CHECK_FALSE(got.headers.has("x-ms-meta-a"));
  CHECK(got.headers.has("ETag"));
  CHECK(body_of(got).empty());
  CHECK(code_of(blob.put("/abc/x?comp=metadata", {{"x-ms-meta-", "v"}})) == "400 EmptyMetadataKey");
  CHECK(code_of(blob.put("/abc/x?comp=metadata", {{"x-ms-meta-big", std::string(9000, 'x')}})) ==
        "400 MetadataTooLarge");
}

TEST_CASE("blob tags: 204, read back, the ETag stays") {
  Described blob;
  const std::string etag(blob.head("/abc/x").headers.get("ETag"));
  CHECK(blob.put("/abc/x?comp=tags", {}, std::string(kTags)).status == 204);
  CHECK(blob.head("/abc/x").headers.get("ETag") == etag);
  CHECK(blob.head("/abc/x").headers.get("x-ms-tag-count") == "2");
  CHECK(names_of(body_of(blob.get("/abc/x?comp=tags")), "Key") == "k a b");
  CHECK(code_of(blob.put("/abc/x?comp=tags", {{"x-ms-if-tags", "k = 'w'"}}, std::string(kTags))) ==
        "412 ConditionNotMet");
  CHECK(blob.put("/abc/x?comp=tags", {{"x-ms-if-tags", "k = 'v'"}, {"If-Match", "\"other\""}},
                 std::string(kTags))
            .status == 204);
  const auto with = [&](Method method, std::string_view name, std::string_view value) {
    const bool sets = method == Method::Put;
    return blob.send(method, "/abc/x?comp=tags", {{name, value}}, sets ? std::string(kTags) : "").status;
  };
  for (const Method method : {Method::Put, Method::Get}) {
    CHECK(with(method, "x-ms-blob-if-match", etag) < 300);
    CHECK(with(method, "x-ms-blob-if-match", "\"other\"") == 412);
    CHECK(with(method, "x-ms-blob-if-none-match", etag) == (method == Method::Put ? 412 : 304));
    CHECK(with(method, "x-ms-blob-if-unmodified-since", "Mon, 01 Jan 2001 00:00:00 GMT") == 412);
  }
  CHECK(code_of(blob.put("/abc/x?comp=tags", {{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}},
                         std::string(kTags))) == "400 Md5Mismatch");
  CHECK(code_of(blob.put("/abc/x?comp=tags", {}, "<Tags>")) == "400 InvalidXmlDocument");
  CHECK(blob.put("/abc/x?comp=tags", {}, "<Tags><TagSet/></Tags>").status == 204);
  CHECK_FALSE(blob.head("/abc/x").headers.has("x-ms-tag-count"));
}

TEST_CASE("SetBlobTier: what is archived can be retiered, tagged and deleted, and not changed otherwise") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "x", {{"x-ms-access-tier", "Archive"}, {"x-ms-meta-a", "1"}});
  for (const char* comp : {"metadata", "properties", "snapshot"}) {
    CAPTURE(comp);
    CHECK(code_of(blob.put("/abc/x?comp=" + std::string(comp))) == "409 BlobArchived");
  }
  CHECK(blob.get("/abc/x?comp=metadata").headers.get("x-ms-meta-a") == "1");
  CHECK(blob.put("/abc/x?comp=tags", {}, "<Tags><TagSet /></Tags>").status == 204);
  CHECK(blob.remove("/abc/x").status == 202);
}

TEST_CASE("SetBlobTier: told by HEAD, the ETag stays; leaving Archive is 202") {
  Described blob;
  const std::string etag(blob.head("/abc/x").headers.get("ETag"));
  CHECK(code_of(blob.put("/abc/x?comp=tier")) == "400 MissingRequiredHeader");
  CHECK(code_of(blob.put("/abc/x?comp=tier", {{"x-ms-access-tier", "P10"}})) ==
        "400 AccessTierNotSupportedForBlobType");
  CHECK(blob.put("/abc/x?comp=tier", {{"x-ms-access-tier", "Archive"}}).status == 200);
  CHECK(code_of(blob.get("/abc/x")) == "409 BlobArchived");
  CHECK(blob.put("/abc/x?comp=tier", {{"x-ms-access-tier", "Cool"}}).status == 202);
  const Response head = blob.head("/abc/x");
  CHECK(head.headers.get("x-ms-access-tier") == "Cool");
  CHECK(head.headers.has("x-ms-access-tier-change-time"));
  CHECK_FALSE(head.headers.has("x-ms-access-tier-inferred"));
  CHECK(head.headers.get("ETag") == etag);
  CHECK(body_of(blob.get("/abc/x")) == "hello");
}

TEST_CASE("SetBlobExpiry: the blob is gone at its time") {
  Described blob;
  const auto expire = [&](std::string_view option, std::string_view time) {
    return code_of(
        blob.put("/abc/x?comp=expiry", {{"x-ms-expiry-option", option}, {"x-ms-expiry-time", time}}));
  };
  CHECK(expire("Sometime", "1") == "400 InvalidHeaderValue");
  CHECK(expire("RelativeToNow", "") == "400 MissingRequiredHeader");
  CHECK(expire("Absolute", "tomorrow") == "400 InvalidHeaderValue");
  CHECK(expire("RelativeToNow", "1000") == "200 ");
  CHECK(blob.head("/abc/x").headers.has("x-ms-expiry-time"));
  CHECK(expire("NeverExpire", "") == "200 ");
  blob.clock.advance(std::chrono::seconds(5));
  CHECK(blob.get("/abc/x").status == 200);
  CHECK(expire("RelativeToCreation", "6000") == "200 ");
  blob.clock.advance(std::chrono::seconds(1));
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
  CHECK(blob.put_block_blob("/abc/x", "again").status == 201);
  CHECK(body_of(blob.get("/abc/x")) == "again");
}

TEST_CASE("FindBlobsByTags: in the account and in a container, in pages") {
  TestService blob;
  for (const char* container : {"aaa", "bbb"}) {
    blob.create_container(container);
    for (const char* name : {"/1", "/2", "/3"})
      blob.put_block_blob('/' + std::string(container) + name, "",
                          {{"x-ms-tags", std::string("n=") + (name + 1) + "&all=yes"}});
  }
  blob.put_block_blob("/aaa/untagged", "");
  const std::string all = body_of(blob.get("?comp=blobs&where=all%3D%27yes%27"));
  CHECK(names_of(all) == "1 2 3 1 2 3");
  CHECK(names_of(all, "ContainerName") == "aaa aaa aaa bbb bbb bbb");
  CHECK(names_of(all, "Key") == "all all all all all all");
  CHECK(names_of(body_of(blob.get("?comp=blobs&where=n%3E%3D%272%27%20AND%20n%3C%273%27"))) == "2 2");
  CHECK(names_of(body_of(blob.get("?comp=blobs&where=@container='bbb'%20AND%20n='3'"))) == "3");
  CHECK(names_of(body_of(blob.get("/aaa?restype=container&comp=blobs&where=all='yes'"))) == "1 2 3");
  const std::string page = body_of(blob.get("?comp=blobs&where=all='yes'&maxresults=4"));
  CHECK(names_of(page) == "1 2 3 1");
  std::string marker = element_of(page, "NextMarker");
  for (std::size_t at = marker.find('='); at != std::string::npos; at = marker.find('='))
    marker.replace(at, 1, "%3D");
  const std::string rest = body_of(blob.get("?comp=blobs&where=all='yes'&maxresults=4&marker=" + marker));
  CHECK(names_of(rest) == "2 3");
  CHECK(element_of(rest, "NextMarker").empty());
  CHECK(code_of(blob.get("?comp=blobs")) == "400 MissingRequiredQueryParameter");
  CHECK(code_of(blob.get("?comp=blobs&where=n")) == "400 InvalidQueryParameterValue");
}

}  // namespace cvemu::attributes_properties_test
