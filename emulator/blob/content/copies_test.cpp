#include "base/hashes.h"
#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::content_copies_test {

using namespace cvemu::blob;

namespace {

// Two accounts at one endpoint; the transport leads back to it, and to one foreign host.
struct Copied : testing::ServiceBench {
  struct Endpoint : Transport {
    Copied* home = nullptr;
    Headers asked_far;  // of the last request to the foreign host
    Response receive(const Url& url, Request request, std::string body, const TakePiece& take) override {
      if (url.host == "elsewhere.example") {
        asked_far = request.headers;
        return handed_over(foreign(request), take);
      }
      if (url.port != 10000) throw TransportError("not allowed");
      request.target = url.target();
      request.headers.add("Host", url.authority());
      return handed_over(home->serve(home->service, request, std::move(body)), take);
    }
    static Response handed_over(Response answer, const TakePiece& take) {
      if (answer.status < 300 && take) take(answer, take_body(answer));
      return answer;
    }
    static Response foreign(const Request& request) {
      const std::string bytes = "far away";
      Response answer{200, {}, {}};
      answer.headers.add("Content-Type", "text/far");
      answer.headers.add("Content-Length", std::to_string(bytes.size()));
      answer.headers.add("ETag", "\"far\"");
      if (request.method == Method::Get) answer.body = bytes;
      return answer;
    }
  };

  Endpoint endpoint;
  BlobService service{database, ids, endpoint, accounts, {{}, {}, false, "cvemu-Blob"}, [](Transaction&) {}};

  Copied() : ServiceBench(Instant{std::chrono::seconds{4'000'000'000}}) {
    endpoint.home = this;
    accounts.add("other", {kDevelopmentKey});
    put("/abc?restype=container");
    put("/abc/src",
        {{"x-ms-blob-type", "BlockBlob"},
         {"x-ms-blob-content-type", "text/plain"},
         {"x-ms-meta-a", "1"},
         {"x-ms-tags", "k=v"}},
        "hello");
  }
  using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
  Response send(Method method, std::string_view account, std::string_view target, const Fields& fields,
                std::string body) {
    const std::string path = '/' + std::string(account) + std::string(target);
    return serve(
        service,
        signed_request(testing::make_request(method, path, "127.0.0.1:10000", fields, body.size()), account),
        std::move(body));
  }
  Response put(std::string_view target, const Fields& fields = {}, std::string body = {}) {
    return send(Method::Put, kDevelopmentAccount, target, fields, std::move(body));
  }
  Response head(std::string_view target) { return send(Method::Head, kDevelopmentAccount, target, {}, {}); }
  std::string content(std::string_view target) {
    return body_of(send(Method::Get, kDevelopmentAccount, target, {}, {}));
  }
  Response copy(std::string_view to, std::string_view from, Fields more = {}) {
    more.emplace_back("x-ms-copy-source", from);
    return put(to, more);
  }
};

constexpr std::string_view kSource = "http://127.0.0.1:10000/devstoreaccount1/abc/src";

}  // namespace

TEST_CASE("CopyBlob: 202, done at once, and HEAD tells of it") {
  Copied blob;
  const Response copied = blob.copy("/abc/dst", kSource);
  CHECK(copied.status == 202);
  CHECK(copied.headers.get("x-ms-copy-status") == "success");
  CHECK(copied.headers.has("x-ms-copy-id"));
  CHECK(copied.headers.has("ETag"));
  const Response head = blob.head("/abc/dst");
  CHECK(head.headers.get("x-ms-copy-id") == copied.headers.get("x-ms-copy-id"));
  CHECK(head.headers.get("x-ms-copy-source") == kSource);
  CHECK(head.headers.get("x-ms-copy-progress") == "5/5");
  CHECK(head.headers.has("x-ms-copy-completion-time"));
  CHECK(head.headers.get("Content-Type") == "text/plain");
  CHECK(head.headers.get("x-ms-meta-a") == "1");
  CHECK_FALSE(head.headers.has("x-ms-tag-count"));
  CHECK(blob.content("/abc/dst") == "hello");
}

TEST_CASE("CopyBlob: metadata, tags and tier given replace; the source may be overwritten afterwards") {
  Copied blob;
  blob.copy("/abc/dst", kSource, {{"x-ms-meta-b", "2"}, {"x-ms-tags", "t=1"}, {"x-ms-access-tier", "Cool"}});
  blob.put("/abc/src", {{"x-ms-blob-type", "BlockBlob"}}, "changed");
  const Response head = blob.head("/abc/dst");
  CHECK(head.headers.get("x-ms-meta-b") == "2");
  CHECK_FALSE(head.headers.has("x-ms-meta-a"));
  CHECK(head.headers.get("x-ms-tag-count") == "1");
  CHECK(head.headers.get("x-ms-access-tier") == "Cool");
  CHECK(blob.content("/abc/dst") == "hello");
}

TEST_CASE("CopyBlob: names with blanks, snapshots, and a blob onto itself") {
  Copied blob;
  blob.put("/abc/a%20b%2Bc", {{"x-ms-blob-type", "BlockBlob"}}, "blank");
  CHECK(blob.copy("/abc/dst", "http://127.0.0.1:10000/devstoreaccount1/abc/a%20b%2Bc").status == 202);
  CHECK(blob.content("/abc/dst") == "blank");
  const std::string snapshot(blob.put("/abc/src?comp=snapshot").headers.get("x-ms-snapshot"));
  blob.put("/abc/src", {{"x-ms-blob-type", "BlockBlob"}}, "newer");
  CHECK(blob.copy("/abc/src", std::string(kSource) + "?snapshot=" + snapshot).status == 202);
  CHECK(blob.content("/abc/src") == "hello");
  CHECK(blob.copy("/abc/src", kSource).status == 202);
  CHECK(blob.content("/abc/src") == "hello");
}

TEST_CASE("CopyBlob: what is refused") {
  Copied blob;
  const std::string base = "http://127.0.0.1:10000/devstoreaccount1/";
  CHECK(code_of(blob.copy("/abc/dst", "not a url")) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.copy("/abc/dst", base + "abc/none")) == "404 CannotVerifyCopySource");
  CHECK(code_of(blob.copy("/abc/dst", base + "none/src")) == "404 CannotVerifyCopySource");
  CHECK(code_of(blob.copy("/abc/dst", base + "abc/src?versionid=2026-01-01T00:00:00.0000000Z")) ==
        "404 CannotVerifyCopySource");
  CHECK(code_of(blob.copy("/abc/dst", "http://10.0.0.1/c/b")) == "404 CannotVerifyCopySource");
  CHECK(code_of(blob.copy("/abc/dst", "http://localhost:10009/devstoreaccount1/abc/src")) ==
        "404 CannotVerifyCopySource");
  CHECK(code_of(blob.copy("/none/dst", kSource)) == "404 ContainerNotFound");
  CHECK(code_of(blob.copy("/abc/src", kSource, {{"If-None-Match", "*"}})) == "409 BlobAlreadyExists");
  CHECK(code_of(blob.copy("/abc/dst", kSource, {{"x-ms-source-if-match", "\"other\""}})) ==
        "412 SourceConditionNotMet");
  CHECK(code_of(blob.copy("/abc/dst", kSource, {{"x-ms-source-if-tags", "k = 'w'"}})) ==
        "412 SourceConditionNotMet");
  blob.put("/abc/page", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}});
  CHECK(code_of(blob.copy("/abc/page", kSource)) == "409 InvalidBlobType");
  blob.put("/abc/src?comp=tier", {{"x-ms-access-tier", "Archive"}});
  CHECK(code_of(blob.copy("/abc/dst", kSource)) == "409 BlobArchived");
}

TEST_CASE("CopyBlob: the source is the same blob by each name of this machine") {
  Copied blob;
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.2", "[::1]", "host.docker.internal"}) {
    CAPTURE(host);
    CHECK(blob.copy("/abc/dst", "http://" + std::string(host) + ":10000/devstoreaccount1/abc/src").status ==
          202);
  }
}

TEST_CASE("CopyBlob: an archived blob is brought back by a copy to another tier, in its account") {
  Copied blob;
  blob.put("/abc/src?comp=tier", {{"x-ms-access-tier", "Archive"}});
  for (const char* sync : {"", "true"}) {
    CAPTURE(sync);
    CHECK(
        blob.copy("/abc/dst", kSource, {{"x-ms-access-tier", "Cool"}, {"x-ms-requires-sync", sync}}).status ==
        202);
    CHECK(blob.content("/abc/dst") == "hello");
    CHECK(blob.head("/abc/dst").headers.get("x-ms-access-tier") == "Cool");
  }
  CHECK(code_of(blob.copy("/abc/dst", kSource, {{"x-ms-access-tier", "Archive"}})) == "409 BlobArchived");
  const std::string sas = sas::make_blob_query(*blob.accounts.find(kDevelopmentAccount), "abc", "src", "r",
                                               blob.clock.now() + std::chrono::hours(1));
  blob.send(Method::Put, "other", "/own?restype=container", {}, "");
  CHECK(code_of(blob.send(
            Method::Put, "other", "/own/dst",
            {{"x-ms-copy-source", std::string(kSource) + '?' + sas}, {"x-ms-access-tier", "Cool"}}, "")) ==
        "409 BlobArchived");
}

TEST_CASE("CopyBlob: from another account only with what the URL carries") {
  Copied blob;
  blob.send(Method::Put, "other", "/pub?restype=container", {{"x-ms-blob-public-access", "blob"}}, "");
  blob.send(Method::Put, "other", "/own?restype=container", {}, "");
  for (const char* target : {"/pub/x", "/own/x"})
    blob.send(Method::Put, "other", target, {{"x-ms-blob-type", "BlockBlob"}}, "theirs");
  CHECK(blob.copy("/abc/dst", "http://127.0.0.1:10000/other/pub/x").status == 202);
  CHECK(blob.content("/abc/dst") == "theirs");
  const Response refused = blob.copy("/abc/dst", "http://127.0.0.1:10000/other/own/x");
  CHECK(refused.status >= 401);
  CHECK(refused.headers.get("x-ms-error-code") == "CannotVerifyCopySource");
  const std::string sas = sas::make_blob_query(*blob.accounts.find("other"), "own", "x", "r",
                                               blob.clock.now() + std::chrono::hours(1));
  CHECK(blob.copy("/abc/dst", "http://127.0.0.1:10000/other/own/x?" + sas).status == 202);
}

TEST_CASE("CopyBlob: from a foreign host, as far as the transport goes") {
  Copied blob;
  CHECK(blob.copy("/abc/dst", "http://elsewhere.example/file").status == 202);
  CHECK(blob.content("/abc/dst") == "far away");
  CHECK(blob.head("/abc/dst").headers.get("Content-Type") == "text/far");
  CHECK(code_of(blob.copy("/abc/dst", "http://elsewhere.example/file",
                          {{"x-ms-source-if-match", "\"near\""}})) == "412 SourceConditionNotMet");
}

TEST_CASE("CopyBlobFromURL: synchronous, with tags copied on request") {
  Copied blob;
  const Response copied = blob.copy(
      "/abc/dst", kSource, {{"x-ms-requires-sync", "true"}, {"x-ms-copy-source-tag-option", "COPY"}});
  CHECK(copied.status == 202);
  CHECK(copied.headers.get("x-ms-copy-status") == "success");
  CHECK(copied.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(blob.head("/abc/dst").headers.get("x-ms-tag-count") == "1");
  CHECK(code_of(blob.copy("/abc/dst", kSource,
                          {{"x-ms-requires-sync", "true"},
                           {"x-ms-copy-source-tag-option", "COPY"},
                           {"x-ms-tags", "a=b"}})) == "400 BothUserTagsAndSourceTagsCopyPresentException");
  CHECK(code_of(blob.copy("/abc/dst", kSource,
                          {{"x-ms-requires-sync", "true"},
                           {"x-ms-source-content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="}})) == "400 Md5Mismatch");
}

TEST_CASE("AbortCopyBlob: there is never one pending") {
  Copied blob;
  const std::string id(blob.copy("/abc/dst", kSource).headers.get("x-ms-copy-id"));
  const Copied::Fields abort = {{"x-ms-copy-action", "abort"}};
  CHECK(code_of(blob.put("/abc/dst?comp=copy&copyid=" + id, abort)) == "409 NoPendingCopyOperation");
  CHECK(code_of(blob.put("/abc/dst?comp=copy&copyid=other", abort)) == "409 CopyIdMismatch");
  CHECK(code_of(blob.put("/abc/src?comp=copy&copyid=" + id, abort)) == "409 NoPendingCopyOperation");
  CHECK(code_of(blob.put("/abc/dst?comp=copy&copyid=" + id)) == "400 MissingRequiredHeader");
}

TEST_CASE("PutBlobFromURL: 201 with the digest, properties from the source unless told") {
  Copied blob;
  const Response put = blob.copy("/abc/dst", kSource, {{"x-ms-blob-type", "BlockBlob"}});
  CHECK(put.status == 201);
  CHECK(put.headers.get("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(put.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK(blob.content("/abc/dst") == "hello");
  CHECK(blob.head("/abc/dst").headers.get("Content-Type") == "text/plain");
  blob.copy("/abc/dst", kSource,
            {{"x-ms-blob-type", "BlockBlob"}, {"x-ms-copy-source-blob-properties", "false"}});
  CHECK(blob.head("/abc/dst").headers.get("Content-Type") == "application/octet-stream");
  for (const char* type : {"AppendBlob", "PageBlob"})
    CHECK(code_of(blob.copy("/abc/new", kSource, {{"x-ms-blob-type", type}})) == "400 InvalidHeaderValue");
  CHECK(blob.head("/abc/new").status == 404);
}

TEST_CASE("PutBlockFromURL, AppendBlockFromURL, PutPageFromURL: pieces of the source") {
  Copied blob;
  const Response block =
      blob.copy("/abc/dst?comp=block&blockid=YQ%3D%3D", kSource, {{"x-ms-source-range", "bytes=1-3"}});
  CHECK(block.status == 201);
  CHECK(block.headers.has("x-ms-content-crc64"));
  CHECK(block.headers.get("x-ms-request-server-encrypted") == "true");
  blob.put("/abc/dst?comp=blocklist", {}, "<BlockList><Latest>YQ==</Latest></BlockList>");
  CHECK(blob.content("/abc/dst") == "ell");
  CHECK(code_of(blob.copy("/abc/dst?comp=block&blockid=YQ%3D%3D", kSource,
                          {{"x-ms-source-range", "bytes=9-"}})) == "416 InvalidRange");
  blob.put("/abc/none", {{"x-ms-blob-type", "BlockBlob"}});
  CHECK(code_of(blob.copy("/abc/dst?comp=block&blockid=YQ%3D%3D",
                          "http://127.0.0.1:10000/devstoreaccount1/abc/none")) == "400 InvalidHeaderValue");

  blob.put("/abc/log", {{"x-ms-blob-type", "AppendBlob"}});
  CHECK(blob.copy("/abc/log?comp=appendblock", kSource).headers.get("x-ms-blob-append-offset") == "0");
  CHECK(blob.copy("/abc/log?comp=appendblock", kSource, {{"x-ms-source-range", "bytes=4-4"}}).status == 201);
  CHECK(blob.content("/abc/log") == "helloo");

  blob.put("/abc/big", {{"x-ms-blob-type", "BlockBlob"}}, std::string(1024, 'p'));
  blob.put("/abc/page", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "1024"}});
  const std::string big = "http://127.0.0.1:10000/devstoreaccount1/abc/big";
  CHECK(blob.copy("/abc/page?comp=page", big,
                  {{"x-ms-page-write", "update"},
                   {"x-ms-range", "bytes=512-1023"},
                   {"x-ms-source-range", "bytes=0-511"}})
            .status == 201);
  CHECK(blob.content("/abc/page") == std::string(512, '\0') + std::string(512, 'p'));
}

TEST_CASE("IncrementalCopyBlob: the snapshot's pages, and a snapshot of the copy") {
  Copied blob;
  blob.put("/abc/page", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}});
  blob.put("/abc/page?comp=page", {{"x-ms-page-write", "update"}, {"x-ms-range", "bytes=0-511"}},
           std::string(512, 'p'));
  const std::string url = "http://127.0.0.1:10000/devstoreaccount1/abc/page";
  CHECK(code_of(blob.copy("/abc/inc?comp=incrementalcopy", url)) == "400 InvalidSourceBlobUrl");
  const std::string snapshot(blob.put("/abc/page?comp=snapshot").headers.get("x-ms-snapshot"));
  const Response copied = blob.copy("/abc/inc?comp=incrementalcopy", url + "?snapshot=" + snapshot);
  CHECK(copied.status == 202);
  CHECK(copied.headers.get("x-ms-copy-status") == "success");
  const Response head = blob.head("/abc/inc");
  CHECK(head.headers.get("x-ms-incremental-copy") == "true");
  const std::string made(head.headers.get("x-ms-copy-destination-snapshot"));
  CHECK(blob.content("/abc/inc?snapshot=" + made) == std::string(512, 'p'));
  CHECK(blob.copy("/abc/inc?comp=incrementalcopy", url + "?snapshot=" + snapshot).status == 202);
  CHECK(code_of(blob.copy("/abc/src?comp=incrementalcopy", url + "?snapshot=" + snapshot)) ==
        "409 InvalidBlobType");
}

TEST_CASE("Copies: what the source is asked with, and digests of the request itself") {
  Copied blob;
  const std::string url = "http://elsewhere.example/x";
  const Copied::Fields put{{"x-ms-blob-type", "BlockBlob"}};
  const auto from = [&](std::string_view name, std::string_view value) {
    return code_of(blob.copy("/abc/far", url, {put[0], {name, value}}));
  };
  CHECK(from("x-ms-copy-source-authorization", "Bearer far") == "201 ");
  CHECK(blob.endpoint.asked_far.get("Authorization") == "Bearer far");
  CHECK(from("x-ms-file-request-intent", "backup") == "201 ");
  CHECK(blob.endpoint.asked_far.get("x-ms-file-request-intent") == "backup");
  const std::string right = base64_encode(md5("far away")), wrong = base64_encode(md5("near"));
  for (const auto name : {"Content-MD5", "x-ms-blob-content-md5", "x-ms-source-content-md5"}) {
    CHECK(from(name, right) == "201 ");
    CHECK(from(name, wrong) == "400 Md5Mismatch");
  }
  CHECK(code_of(blob.copy("/abc/far", url,
                          {put[0], {"x-ms-source-content-md5", right}, {"Content-MD5", wrong}})) ==
        "400 Md5Mismatch");
}

}  // namespace cvemu::content_copies_test
