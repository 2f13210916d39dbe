#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::content_get_blob_test {

using namespace cvemu::blob;

namespace {

struct Stored : TestService {
  explicit Stored(std::string body) {
    create_container("abc");
    REQUIRE(put_block_blob("/abc/x", std::move(body)).status == 201);
  }
  std::string range(std::string_view text, std::string_view header = "x-ms-range") {
    const Response got = get("/abc/x", {{header, text}});
    return std::to_string(got.status) + ' ' + std::string(got.headers.get("Content-Range")) + ' ' +
           (got.status < 300 ? body_of(got) : std::string(got.headers.get("x-ms-error-code")));
  }
};

}  // namespace

TEST_CASE("GetBlob: the bytes, and every header a client reads") {
  Stored blob("hello");
  const Response got = blob.get("/abc/x");
  CHECK(got.status == 200);
  CHECK(body_of(got) == "hello");
  for (const char* name : {"ETag", "Last-Modified", "Content-Type", "x-ms-creation-time", "x-ms-request-id"})
    CHECK(got.headers.has(name));
  CHECK(got.headers.get("Accept-Ranges") == "bytes");
  CHECK(got.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(got.headers.get("x-ms-server-encrypted") == "true");
  CHECK(got.headers.get("x-ms-blob-type") == "BlockBlob");
  CHECK(got.headers.get("x-ms-lease-status") == "unlocked");
  CHECK(got.headers.get("x-ms-lease-state") == "available");
  CHECK_FALSE(got.headers.has("Content-Range"));
}

TEST_CASE("GetBlob: the table of ranges") {
  Stored blob("0123456789");
  CHECK(blob.range("bytes=0-3") == "206 bytes 0-3/10 0123");
  CHECK(blob.range("bytes=0-3", "Range") == "206 bytes 0-3/10 0123");
  CHECK(blob.range("bytes=8-") == "206 bytes 8-9/10 89");
  CHECK(blob.range("bytes=8-100") == "206 bytes 8-9/10 89");
  CHECK(blob.range("bytes=0-") == "206 bytes 0-9/10 0123456789");
  CHECK(blob.range("bytes=10-") == "416 bytes */10 InvalidRange");
  CHECK(blob.range("bytes=11-12") == "416 bytes */10 InvalidRange");
  for (const char* ignored : {"bytes=5-3", "bytes=-3", "bytes=1-2,4-5", "lines=1-2", "nonsense"}) {
    CAPTURE(ignored);
    CHECK(blob.range(ignored) == "200  0123456789");
  }
  const Response both = blob.get("/abc/x", {{"Range", "bytes=0-0"}, {"x-ms-range", "bytes=1-1"}});
  CHECK(body_of(both) == "1");
}

TEST_CASE("GetBlob: any range of an empty blob is 416") {
  Stored blob("");
  CHECK(blob.range("bytes=0-") == "416 bytes */0 InvalidRange");
  CHECK(blob.range("bytes=0-33554431") == "416 bytes */0 InvalidRange");
  CHECK(blob.range("bytes=0-0") == "416 bytes */0 InvalidRange");
  CHECK(body_of(blob.get("/abc/x")).empty());
}

TEST_CASE("GetBlob: digests of ranges on request") {
  Stored blob("xxhelloxx");
  const Response plain = blob.get("/abc/x", {{"x-ms-range", "bytes=2-6"}});
  CHECK_FALSE(plain.headers.has("Content-MD5"));
  CHECK(plain.headers.has("x-ms-blob-content-md5"));
  const Response with_md5 =
      blob.get("/abc/x", {{"x-ms-range", "bytes=2-6"}, {"x-ms-range-get-content-md5", "true"}});
  CHECK(with_md5.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  const Response with_crc =
      blob.get("/abc/x", {{"x-ms-range", "bytes=2-6"}, {"x-ms-range-get-content-crc64", "true"}});
  CHECK(with_crc.headers.get("x-ms-content-crc64") == "V0JSBnCFdzM=");
  CHECK(code_of(blob.get("/abc/x", {{"x-ms-range-get-content-md5", "true"}})) == "400 InvalidHeaderValue");
}

TEST_CASE("GetBlob: a large blob is streamed, whole and in ranges across chunks") {
  std::string bytes(700'001, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 + i / 1000);
  Stored blob(bytes);
  const Response whole = blob.get("/abc/x");
  CHECK(std::holds_alternative<Stream>(whole.body));
  CHECK(whole.body_length() == bytes.size());
  CHECK(body_of(whole) == bytes);
  CHECK(body_of(blob.get("/abc/x", {{"x-ms-range", "bytes=262140-262150"}})) == bytes.substr(262140, 11));
  CHECK(body_of(blob.get("/abc/x", {{"x-ms-range", "bytes=1-600000"}})) == bytes.substr(1, 600000));
}

TEST_CASE("GetBlob: who is reading keeps the bytes while the blob is replaced and deleted") {
  const std::string bytes(1'000'000, 'a');
  Stored blob(bytes);
  const Response first = blob.get("/abc/x");
  blob.put_block_blob("/abc/x", std::string(1'000'000, 'b'));
  const Response second = blob.get("/abc/x");
  blob.remove("/abc/x");
  blob.collect_garbage();
  CHECK(body_of(first) == bytes);
  CHECK(body_of(second) == std::string(1'000'000, 'b'));
}

TEST_CASE("GetBlobProperties: the size without a body, tier, and ranges ignored") {
  Stored blob("hello");
  const Response got = blob.head("/abc/x", {{"x-ms-range", "bytes=0-1"}});
  CHECK(got.status == 200);
  CHECK(got.headers.get("Content-Length") == "5");
  CHECK(body_of(got).empty());
  CHECK(got.headers.get("x-ms-access-tier") == "Hot");
  CHECK(got.headers.get("x-ms-access-tier-inferred") == "true");
  CHECK(got.headers.get("x-ms-server-encrypted") == "true");
  CHECK(got.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  const Response missing = blob.head("/abc/none");
  CHECK(code_of(missing) == "404 BlobNotFound");
  CHECK(body_of(missing).empty());
}

TEST_CASE("GetBlob: the table of conditions") {
  Stored blob("hello");
  const Response head = blob.head("/abc/x");
  const std::string etag(head.headers.get("ETag"));
  const std::string modified(head.headers.get("Last-Modified"));
  const std::string_view earlier = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto code = [&](TestService::Fields fields) { return code_of(blob.get("/abc/x", fields)); };
  const std::string bare = etag.substr(1, etag.size() - 2);
  CHECK(code({{"If-Match", etag}}) == "200 ");
  CHECK(code({{"If-Match", bare}}) == "200 ");
  CHECK(code({{"If-Match", "\"other\", " + etag}}) == "200 ");
  CHECK(code({{"If-Match", "*"}}) == "200 ");
  CHECK(code({{"If-Match", "\"other\""}}) == "412 ConditionNotMet");
  CHECK(code({{"If-None-Match", etag}}) == "304 ConditionNotMet");
  CHECK(code({{"If-None-Match", "\"other\""}}) == "200 ");
  CHECK(code({{"If-None-Match", "*"}}) == "400 UnsatisfiableCondition");
  CHECK(code({{"If-Modified-Since", modified}}) == "304 ConditionNotMet");
  CHECK(code({{"If-Modified-Since", earlier}}) == "200 ");
  CHECK(code({{"If-Unmodified-Since", earlier}}) == "412 ConditionNotMet");
  CHECK(code({{"If-Unmodified-Since", modified}}) == "200 ");
  CHECK(code({{"If-None-Match", etag}, {"If-Modified-Since", earlier}}) == "200 ");
  CHECK(code({{"If-Match", etag}, {"If-Unmodified-Since", earlier}}) == "412 ConditionNotMet");
  CHECK(code({{"If-Modified-Since", "rubbish"}}) == "400 InvalidHeaderValue");
  CHECK(code({{"x-ms-if-tags", "a = 'b'"}}) == "412 ConditionNotMet");
  CHECK(code_of(blob.get("/abc/none", {{"If-Match", "*"}})) == "412 ConditionNotMet");
  CHECK(code_of(blob.get("/abc/none", {{"If-Modified-Since", earlier}})) == "404 BlobNotFound");
  const Response unchanged = blob.get("/abc/x", {{"If-None-Match", etag}});
  CHECK(unchanged.headers.get("ETag") == etag);
  CHECK(body_of(unchanged).empty());
}

TEST_CASE("DeleteBlob: 202, then 404; conditions are held") {
  Stored blob("hello");
  CHECK(code_of(blob.remove("/abc/x", {{"If-Match", "\"other\""}})) == "412 ConditionNotMet");
  const Response removed = blob.remove("/abc/x");
  CHECK(removed.status == 202);
  CHECK(removed.headers.get("x-ms-delete-type-permanent") == "true");
  CHECK(code_of(blob.remove("/abc/x")) == "404 BlobNotFound");
}

TEST_CASE("GetBlob: an archived blob is 409, its properties are there") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "cold", {{"x-ms-access-tier", "Archive"}});
  CHECK(code_of(blob.get("/abc/x")) == "409 BlobArchived");
  CHECK(blob.head("/abc/x").headers.get("x-ms-access-tier") == "Archive");
}

}  // namespace cvemu::content_get_blob_test
