#include "blob/testing.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"

namespace cvemu::content_append_blobs_test {

using namespace cvemu::blob;

namespace {

struct Appended : TestService {
  Appended() {
    create_container("abc");
    REQUIRE(put("/abc/x", {{"x-ms-blob-type", "AppendBlob"}}).status == 201);
  }
  Response append(std::string body, Fields fields = {}) {
    return put("/abc/x?comp=appendblock", fields, std::move(body));
  }
  std::string content() { return body_of(get("/abc/x")); }
};

}  // namespace

TEST_CASE("AppendBlock: tells where the block begins and how many there are") {
  Appended blob;
  const Response first = blob.append("hello");
  CHECK(first.status == 201);
  CHECK(first.headers.get("x-ms-blob-append-offset") == "0");
  CHECK(first.headers.get("x-ms-blob-committed-block-count") == "1");
  CHECK(first.headers.get("x-ms-content-crc64") == "V0JSBnCFdzM=");
  CHECK(first.headers.get("x-ms-request-server-encrypted") == "true");
  const Response second = blob.append(" world");
  CHECK(second.headers.get("x-ms-blob-append-offset") == "5");
  CHECK(second.headers.get("ETag") != first.headers.get("ETag"));
  CHECK(blob.content() == "hello world");
  CHECK(blob.head("/abc/x").headers.get("x-ms-blob-committed-block-count") == "2");
  CHECK(blob.head("/abc/x").headers.get("Content-Length") == "11");
}

TEST_CASE("AppendBlock: what is refused") {
  Appended blob;
  CHECK(code_of(blob.put("/abc/none?comp=appendblock", {}, "x")) == "404 BlobNotFound");
  CHECK(code_of(blob.append("")) == "400 InvalidHeaderValue");
  blob.append("12345");
  CHECK(code_of(blob.append("x", {{"x-ms-blob-condition-appendpos", "4"}})) ==
        "412 AppendPositionConditionNotMet");
  CHECK(blob.append("6", {{"x-ms-blob-condition-appendpos", "5"}}).status == 201);
  CHECK(code_of(blob.append("78", {{"x-ms-blob-condition-maxsize", "7"}})) ==
        "412 MaxBlobSizeConditionNotMet");
  CHECK(blob.append("7", {{"x-ms-blob-condition-maxsize", "7"}}).status == 201);
  CHECK(code_of(blob.append("x", {{"If-Match", "\"other\""}})) == "412 ConditionNotMet");
  CHECK(blob.content() == "1234567");
  blob.put_block_blob("/abc/block", "");
  CHECK(code_of(blob.put("/abc/block?comp=appendblock", {}, "x")) == "409 InvalidBlobType");
}

TEST_CASE("SealAppendBlob: no more is taken, sealing again is no error") {
  Appended blob;
  blob.append("end");
  CHECK(code_of(blob.put("/abc/x?comp=seal", {{"x-ms-blob-condition-appendpos", "1"}})) ==
        "412 AppendPositionConditionNotMet");
  for (int i = 0; i < 2; ++i) {
    const Response sealed = blob.put("/abc/x?comp=seal");
    CHECK(sealed.status == 200);
    CHECK(sealed.headers.get("x-ms-blob-sealed") == "true");
    CHECK(sealed.headers.has("ETag"));
  }
  CHECK(code_of(blob.append("x")) == "409 BlobIsSealed");
  CHECK(blob.head("/abc/x").headers.get("x-ms-blob-sealed") == "true");
}

TEST_CASE("AppendBlock: snapshots and copies keep their length, and go on by themselves") {
  Appended blob;
  blob.append("one");
  const std::string snapshot(blob.put("/abc/x?comp=snapshot").headers.get("x-ms-snapshot"));
  blob.append(" two");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + snapshot)) == "one");
  const std::string source = "http://127.0.0.1:10000/devstoreaccount1/abc/x?snapshot=" + snapshot;
  REQUIRE(blob.put("/abc/y", {{"x-ms-copy-source", source}}).status == 202);
  REQUIRE(blob.put("/abc/y?comp=appendblock", {}, " 2").status == 201);
  CHECK(body_of(blob.get("/abc/y")) == "one 2");
  CHECK(blob.content() == "one two");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + snapshot)) == "one");
}

TEST_CASE("AppendBlock: 50,000 blocks at most") {
  Appended blob;
  {
    Transaction tx(blob.database);
    const auto container = containers::find(tx, kDevelopmentAccount, "abc");
    auto row = blobs::find_any(tx, container->id, "x", Blob::kBase);
    BlobProperties properties = BlobProperties::unpack(row->properties);
    properties.block_count = 49'999;  // as if that many had been appended
    row->properties = properties.pack();
    blobs::put(tx, *row);
    tx.commit();
  }
  CHECK(blob.append("the last").headers.get("x-ms-blob-committed-block-count") == "50000");
  CHECK(code_of(blob.append("too many")) == "409 BlockCountExceedsLimit");
  CHECK(blob.content() == "the last");
}

}  // namespace cvemu::content_append_blobs_test
