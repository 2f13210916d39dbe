#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::content_put_blob_test {

using namespace cvemu::blob;

TEST_CASE("PutBlob: 201 with everything clients read") {
  TestService blob;
  blob.create_container("abc");
  const Response put = blob.put_block_blob("/abc/hello.txt", "hello", {{"x-ms-meta-A", "1"}});
  CHECK(put.status == 201);
  CHECK(put.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(put.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK(put.headers.has("ETag"));
  CHECK(put.headers.has("Last-Modified"));
}

TEST_CASE("PutBlob: into no container, of no type, with wrong headers") {
  TestService blob;
  CHECK(code_of(blob.put_block_blob("/abc/x", "")) == "404 ContainerNotFound");
  blob.create_container("abc");
  CHECK(code_of(blob.put("/abc/x")) == "400 MissingRequiredHeader");
  CHECK(code_of(blob.put("/abc/x", {{"x-ms-blob-type", "Cloud"}})) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-access-tier", "hot"}})) ==
        "400 InvalidHeaderValue");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-meta-a-b", "1"}})) == "400 InvalidMetadata");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-tags", "a=1&a=2"}})) == "400 DuplicateTagNames");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-lease-id", "nonsense"}})) ==
        "400 InvalidHeaderValue");
  CHECK(code_of(blob.put_block_blob("/abc/" + std::string(1025, 'n'), "")) == "400 OutOfRangeInput");
}

TEST_CASE("PutBlob: digests are checked and nothing stays of a body that fails") {
  TestService blob;
  blob.create_container("abc");
  CHECK(code_of(blob.put_block_blob("/abc/x", "hello", {{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}})) ==
        "400 Md5Mismatch");
  CHECK(code_of(blob.put_block_blob("/abc/x", "hello", {{"Content-MD5", "short"}})) == "400 InvalidMd5");
  CHECK(code_of(blob.put_block_blob("/abc/x", "hello", {{"x-ms-content-crc64", "AAAAAAAAAAA="}})) ==
        "400 Crc64Mismatch");
  CHECK(code_of(blob.put_block_blob("/abc/x", "hello", {{"x-ms-content-crc64", "AAA="}})) ==
        "400 InvalidHeaderValue");
  CHECK(code_of(blob.put_block_blob(
            "/abc/x", "hello",
            {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}, {"x-ms-content-crc64", "V0JSBnCFdzM="}})) ==
        "400 BothCrc64AndMd5HeaderPresent");
  CHECK(code_of(blob.put_block_blob("/abc/x", std::string(1 << 20, 'x'),
                                    {{"x-ms-blob-content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="}})) ==
        "400 Md5Mismatch");
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
  blob.collect_garbage();
  Transaction tx(blob.database);
  Statement left = tx.prepare("SELECT count(*) FROM contents");
  left.step();
  CHECK(left.integer(0) == 0);
}

TEST_CASE("PutBlob: replaces content, headers, metadata, tags and time of creation") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "one",
                      {{"x-ms-meta-a", "1"},
                       {"x-ms-tags", "k=v"},
                       {"x-ms-blob-content-type", "text/plain"},
                       {"x-ms-blob-content-language", "fr"},
                       {"x-ms-access-tier", "Cool"}});
  const Response before = blob.head("/abc/x");
  CHECK(before.headers.get("x-ms-access-tier") == "Cool");
  CHECK_FALSE(before.headers.has("x-ms-access-tier-inferred"));
  CHECK(before.headers.get("x-ms-tag-count") == "1");
  blob.clock.advance(std::chrono::seconds(5));
  blob.put_block_blob("/abc/x", "two");
  const Response after = blob.head("/abc/x");
  CHECK_FALSE(after.headers.has("x-ms-meta-a"));
  CHECK_FALSE(after.headers.has("x-ms-tag-count"));
  CHECK_FALSE(after.headers.has("Content-Language"));
  CHECK(after.headers.get("Content-Type") == "application/octet-stream");
  CHECK(after.headers.get("x-ms-access-tier") == "Hot");
  CHECK(after.headers.get("x-ms-access-tier-inferred") == "true");
  CHECK(after.headers.get("x-ms-creation-time") != before.headers.get("x-ms-creation-time"));
  CHECK(after.headers.get("ETag") != before.headers.get("ETag"));
}

TEST_CASE("PutBlob: the type is x-ms-blob-content-type, else Content-Type, else octet-stream") {
  TestService blob;
  blob.create_container("abc");
  const auto type_after = [&](TestService::Fields fields) {
    blob.put_block_blob("/abc/x", "", fields);
    return std::string(blob.head("/abc/x").headers.get("Content-Type"));
  };
  CHECK(type_after({{"Content-Type", "text/css"}, {"x-ms-blob-content-type", "text/html"}}) == "text/html");
  CHECK(type_after({{"Content-Type", "text/css"}, {"x-ms-blob-content-type", ""}}) == "text/css");
  CHECK(type_after({}) == "application/octet-stream");
}

TEST_CASE("PutBlob: encoding, language and caching are taken from the request's own headers too") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob(
      "/abc/x", "",
      {{"Content-Encoding", "gzip"}, {"Content-Language", "fr"}, {"Cache-Control", "no-store"}});
  const Response plain = blob.head("/abc/x");
  CHECK(plain.headers.get("Content-Encoding") == "gzip");
  CHECK(plain.headers.get("Content-Language") == "fr");
  CHECK(plain.headers.get("Cache-Control") == "no-store");
  blob.put_block_blob("/abc/x", "", {{"Content-Encoding", "gzip"}, {"x-ms-blob-content-encoding", "br"}});
  CHECK(blob.head("/abc/x").headers.get("Content-Encoding") == "br");
}

TEST_CASE("PutBlob: a snapshot cannot be written") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "one");
  const std::string snapshot(blob.put("/abc/x?comp=snapshot").headers.get("x-ms-snapshot"));
  CHECK(code_of(blob.put_block_blob("/abc/x?snapshot=" + snapshot, "two")) ==
        "400 InvalidQueryParameterValue");
  CHECK(body_of(blob.get("/abc/x")) == "one");
}

TEST_CASE("PutBlob: conditions on what stands there") {
  TestService blob;
  blob.create_container("abc");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"If-Match", "*"}})) == "412 ConditionNotMet");
  CHECK(blob.put_block_blob("/abc/x", "", {{"If-None-Match", "*"}}).status == 201);
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"If-None-Match", "*"}})) == "409 BlobAlreadyExists");
  const std::string etag(blob.head("/abc/x").headers.get("ETag"));
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"If-None-Match", etag}})) == "412 ConditionNotMet");
  CHECK(blob.put_block_blob("/abc/x", "", {{"If-Match", etag}}).status == 201);
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"If-Match", etag}})) == "412 ConditionNotMet");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-if-tags", "k = 'v'"}})) == "412 ConditionNotMet");
  CHECK(code_of(blob.put_block_blob("/abc/x", "", {{"x-ms-if-tags", "k = v"}})) == "400 InvalidHeaderValue");
}

TEST_CASE("PutBlob: of the append kind has no body, of the page kind a length in pages") {
  TestService blob;
  blob.create_container("abc");
  CHECK(blob.put("/abc/a", {{"x-ms-blob-type", "AppendBlob"}}).status == 201);
  CHECK(blob.head("/abc/a").headers.get("x-ms-blob-committed-block-count") == "0");
  CHECK(code_of(blob.put("/abc/a", {{"x-ms-blob-type", "AppendBlob"}}, "bytes")) == "400 InvalidOperation");
  CHECK(code_of(blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}})) == "400 MissingRequiredHeader");
  CHECK(code_of(blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "100"}})) ==
        "400 InvalidHeaderValue");
  CHECK(blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"},
                            {"x-ms-blob-content-length", "1024"},
                            {"x-ms-blob-sequence-number", "7"}})
            .status == 201);
  CHECK(blob.head("/abc/p").headers.get("x-ms-blob-sequence-number") == "7");
  CHECK(body_of(blob.get("/abc/p")) == std::string(1024, '\0'));
}

TEST_CASE("PutBlob: names of every kind come back") {
  TestService blob;
  blob.create_container("abc");
  for (const char* name :
       {"a%20b", "%C3%A9", "c+d", "%25", "%23", "%3F", "x%26y%3Dz", "a//b", "dot.", "a%2Fb"}) {
    CAPTURE(name);
    REQUIRE(blob.put_block_blob("/abc/" + std::string(name), name).status == 201);
    CHECK(body_of(blob.get("/abc/" + std::string(name))) == name);
  }
  CHECK(body_of(blob.get("/abc/a/b")) == "a%2Fb");
  CHECK(code_of(blob.put_block_blob("/abc/bad%00name", "")) == "400 InvalidUri");
}

}  // namespace cvemu::content_put_blob_test
