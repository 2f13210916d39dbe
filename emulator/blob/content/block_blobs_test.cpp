#include "base/text.h"
#include "blob/testing.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"

namespace cvemu::content_block_blobs_test {

using namespace cvemu::blob;

namespace {

struct Blocks : TestService {
  Blocks() { create_container("abc"); }
  Response block(std::string_view id, std::string body, Fields fields = {}) {
    return put("/abc/x?comp=block&blockid=" + percent_encode(base64_encode(id)), fields, std::move(body));
  }
  // "L:a C:b U:c" becomes a block list.
  Response commit(std::string_view list, Fields fields = {}) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
    for (const std::string_view item : split(list, ' ')) {
      if (item.empty()) continue;
      const std::string name = item[0] == 'L' ? "Latest" : item[0] == 'C' ? "Committed" : "Uncommitted";
      xml += '<' + name + '>' + base64_encode(item.substr(2)) + "</" + name + '>';
    }
    return put("/abc/x?comp=blocklist", fields, xml + "</BlockList>");
  }
  std::string content() { return body_of(get("/abc/x")); }
  std::string lists(std::string_view type) {
    return body_of(get("/abc/x?comp=blocklist&blocklisttype=" + std::string(type)));
  }
};

}  // namespace

TEST_CASE("PutBlock: 201 with a digest, and the blob is not there before the list") {
  Blocks blob;
  const Response put = blob.block("a", "hello");
  CHECK(put.status == 201);
  CHECK(put.headers.get("x-ms-content-crc64") == "V0JSBnCFdzM=");
  CHECK(put.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK_FALSE(put.headers.has("ETag"));
  CHECK(blob.block("b", "hello", {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}}).headers.get("Content-MD5") ==
        "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
  CHECK(code_of(blob.head("/abc/x")) == "404 BlobNotFound");
  const std::string plain = body_of(blob.get("/abc?restype=container&comp=list"));
  CHECK(names_of(plain) == "");
  const std::string all = body_of(blob.get("/abc?restype=container&comp=list&include=uncommittedblobs"));
  CHECK(names_of(all) == "x");
  CHECK(element_of(all, "Content-Length") == "0");
}

TEST_CASE("PutBlock: ids, sizes and digests are checked") {
  Blocks blob;
  CHECK(code_of(blob.put("/abc/x?comp=block", {}, "x")) == "400 MissingRequiredQueryParameter");
  CHECK(code_of(blob.put("/abc/x?comp=block&blockid=!!", {}, "x")) == "400 InvalidQueryParameterValue");
  CHECK(code_of(blob.block(std::string(65, 'a'), "x")) == "400 OutOfRangeInput");
  CHECK(blob.block(std::string(64, 'a'), "x").status == 201);
  CHECK(code_of(blob.block("short", "x")) == "400 InvalidBlobOrBlock");
  CHECK(code_of(blob.block(std::string(64, 'b'), "")) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.block(std::string(64, 'b'), "x", {{"x-ms-content-crc64", "AAAAAAAAAAA="}})) ==
        "400 Crc64Mismatch");
  CHECK(code_of(blob.put("/none/x?comp=block&blockid=YQ%3D%3D", {}, "x")) == "404 ContainerNotFound");
  blob.put("/abc/append", {{"x-ms-blob-type", "AppendBlob"}});
  CHECK(code_of(blob.put("/abc/append?comp=block&blockid=YQ%3D%3D", {}, "x")) == "409 InvalidBlobType");
}

TEST_CASE("PutBlockList: order, repeats, and the latest of each id") {
  Blocks blob;
  blob.block("a", "one ");
  blob.block("b", "two ");
  blob.block("c", "never");
  const Response committed = blob.commit("L:b L:a L:b");
  CHECK(committed.status == 201);
  CHECK(committed.headers.has("ETag"));
  CHECK(committed.headers.has("x-ms-content-crc64"));
  CHECK(committed.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK(blob.content() == "two one two ");
  CHECK(code_of(blob.commit("L:c")) == "400 InvalidBlockList");
  blob.block("a", "ONE ");
  CHECK(blob.commit("C:a L:a U:a C:b").status == 201);
  CHECK(blob.content() == "one ONE ONE two ");
  CHECK(code_of(blob.commit("U:a")) == "400 InvalidBlockList");
  CHECK(blob.commit("L:b").status == 201);
  CHECK(blob.content() == "two ");
}

TEST_CASE("PutBlockList: an empty list makes an empty blob, with no block before") {
  Blocks blob;
  CHECK(blob.commit("").status == 201);
  CHECK(blob.head("/abc/x").headers.get("Content-Length") == "0");
  CHECK(code_of(blob.put("/abc/x?comp=blocklist", {}, "[]")) == "400 InvalidXmlDocument");
  CHECK(code_of(blob.put("/abc/x?comp=blocklist", {}, "")) == "400 InvalidXmlDocument");
}

TEST_CASE("PutBlockList: replaces headers, metadata, tags; the MD5 is the one given") {
  Blocks blob;
  blob.block("a", "hello");
  blob.commit("L:a", {{"x-ms-blob-content-type", "text/plain"},
                      {"x-ms-blob-content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="},
                      {"x-ms-meta-Mtime", "now"},
                      {"x-ms-tags", "k=v"},
                      {"x-ms-access-tier", "Cold"}});
  const Response head = blob.head("/abc/x");
  CHECK(head.headers.get("Content-Type") == "text/plain");
  CHECK(head.headers.get("Content-MD5") == "1B2M2Y8AsgTpgAmY7PhCfg==");
  CHECK(head.headers.get("x-ms-meta-Mtime") == "now");
  CHECK(head.headers.get("x-ms-access-tier") == "Cold");
  CHECK(code_of(blob.commit("L:a", {{"x-ms-blob-content-md5", "YWJj"}})) == "400 InvalidMd5");
  blob.commit("L:a", {{"Content-Type", "application/xml"}});
  const Response again = blob.head("/abc/x");
  CHECK(again.headers.get("Content-Type") == "application/octet-stream");
  CHECK_FALSE(again.headers.has("Content-MD5"));
  CHECK_FALSE(again.headers.has("x-ms-meta-Mtime"));
}

TEST_CASE("PutBlockList: conditions as for Put Blob") {
  Blocks blob;
  CHECK(blob.commit("", {{"If-None-Match", "*"}}).status == 201);
  CHECK(code_of(blob.commit("", {{"If-None-Match", "*"}})) == "409 BlobAlreadyExists");
  blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}});
  CHECK(code_of(blob.put("/abc/p?comp=blocklist", {}, "<BlockList/>")) == "409 InvalidBlobType");
}

TEST_CASE("GetBlockList: committed, uncommitted, all") {
  Blocks blob;
  CHECK(code_of(blob.get("/abc/x?comp=blocklist")) == "404 BlobNotFound");
  blob.block("a", "hello");
  CHECK(names_of(blob.lists("uncommitted")) == base64_encode("a"));
  blob.commit("L:a");
  blob.block("b", "xy");
  const Response committed = blob.get("/abc/x?comp=blocklist");
  CHECK(names_of(body_of(committed)) == base64_encode("a"));
  CHECK(element_of(body_of(committed), "Size") == "5");
  CHECK(committed.headers.get("x-ms-blob-content-length") == "5");
  CHECK(committed.headers.has("ETag"));
  CHECK(names_of(blob.lists("all")) == base64_encode("a") + " " + base64_encode("b"));
  CHECK(code_of(blob.get("/abc/x?comp=blocklist&blocklisttype=some")) == "400 InvalidQueryParameterValue");
  blob.put_block_blob("/abc/x", "whole");
  CHECK(names_of(blob.lists("all")) == "");
}

TEST_CASE("PutBlock: blocks are forgotten a week after the last one") {
  Blocks blob;
  blob.block("a", "old");
  blob.clock.advance(std::chrono::days(8));
  CHECK(blob.block("longer id", "new").status == 201);
  CHECK(names_of(blob.lists("uncommitted")) == base64_encode("longer id"));
}

TEST_CASE("block blobs: the bytes of discarded and replaced blocks are freed") {
  Blocks blob;
  blob.block("a", std::string(1 << 20, 'a'));
  blob.block("b", std::string(1 << 20, 'b'));
  blob.block("b", std::string(1 << 20, 'c'));
  blob.commit("L:b");
  CHECK(blob.content() == std::string(1 << 20, 'c'));
  blob.collect_garbage();
  {
    Transaction tx(blob.database);
    Statement left = tx.prepare("SELECT count(*) FROM contents WHERE place IS NOT NULL");
    left.step();
    CHECK(left.integer(0) == 1);
  }
  blob.remove("/abc/x");
  Transaction tx(blob.database);
  Statement left = tx.prepare(
      "SELECT (SELECT count(*) FROM contents) + (SELECT count(*) FROM parts) + (SELECT count(*) FROM "
      "blocks)");
  left.step();
  CHECK(left.integer(0) == 0);
}

TEST_CASE("DeleteBlob: what takes long to free is left to a job, and asked for once") {
  Blocks blob;
  blob.block("a", "x");
  std::string list;
  for (int i = 0; i < 200; ++i) list += "L:a ";
  blob.commit(list);
  blob.put_block_blob("/abc/small", "hello");
  CHECK(blob.remove("/abc/small").status == 202);
  CHECK(blob.collections_requested == 0);
  CHECK(blob.remove("/abc/x").status == 202);
  CHECK(blob.collections_requested == 1);
  blob.put_block_blob("/abc/small", "hello");
  CHECK(blob.remove("/abc/small").status == 202);
  CHECK(blob.collections_requested == 1);
  blob.collect_garbage();
  Transaction tx(blob.database);
  Statement left = tx.prepare("SELECT count(*) FROM contents");
  left.step();
  CHECK(left.integer(0) == 0);
}

TEST_CASE("DeleteBlob: is done although the database fails when it tidies up afterwards") {
  Blocks blob;
  blob.block("a", "x");
  blob.commit("L:a L:a");
  {
    Transaction tx(blob.database);
    tx.run("ALTER TABLE parts RENAME TO away");
    tx.commit();
  }
  CHECK(blob.remove("/abc/x").status == 202);
  CHECK(blob.head("/abc/x").status == 404);
}

TEST_CASE("PutBlock: no more than 100,000 blocks wait, but those that wait can be replaced") {
  Blocks blob;
  blob.block("a", "first");
  {
    Transaction tx(blob.database);
    const auto container = containers::find(tx, kDevelopmentAccount, "abc");
    auto row = blobs::find_any(tx, container->id, "x", Blob::kBase);
    BlobProperties properties = BlobProperties::unpack(row->properties);
    properties.pending_blocks = 99'999;  // as if that many had been put
    row->properties = properties.pack();
    blobs::put(tx, *row);
    tx.commit();
  }
  CHECK(blob.block("b", "the last").status == 201);
  CHECK(code_of(blob.block("c", "too many")) == "409 BlockCountExceedsLimit");
  CHECK(blob.block("b", "again").status == 201);
}

TEST_CASE("PutBlockList: 50,000 blocks at most") {
  Blocks blob;
  blob.block("a", "x");
  const auto commit = [&](int count) {
    std::string xml = "<BlockList>";
    for (int i = 0; i < count; ++i) xml += "<Latest>YQ==</Latest>";
    return code_of(blob.put("/abc/x?comp=blocklist", {}, xml + "</BlockList>"));
  };
  CHECK(commit(50'001) == "400 BlockListTooLong");
  CHECK(commit(50'000) == "201 ");
  CHECK(blob.head("/abc/x").headers.get("Content-Length") == "50000");
}

}  // namespace cvemu::content_block_blobs_test
