// Every published header of every operation is obeyed or refused by its name.
#include "storage/request_headers.h"

#include <map>
#include <set>

#include "base/embedded.h"
#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::fixtures {
extern const std::vector<EmbeddedFile> kBlobOperations;   // fixtures/operations/blob.json
extern const std::vector<EmbeddedFile> kQueueOperations;  // fixtures/operations/queue.json
}  // namespace cvemu::fixtures

namespace cvemu::blob_request_headers_test {

using namespace cvemu::blob;
using Verdict = HeaderRule::Verdict;

namespace {

// "PutBlob": "if-match x-ms-lease-id ..." on a line of its own.
std::map<std::string, std::vector<std::string>> published_headers() {
  std::map<std::string, std::vector<std::string>> headers;
  for (const auto* file : {&fixtures::kBlobOperations, &fixtures::kQueueOperations}) {
    const std::string_view text = file->at(0).text;
    for (const std::string_view line : split(text.substr(text.find("\"requestHeaders\"")), '\n')) {
      const auto parts = split(line, '"');
      if (parts.size() != 5 || parts[3].empty()) continue;
      auto& names = headers[std::string(parts[1])];
      for (const std::string_view name : split(parts[3], ' ')) names.emplace_back(name);
    }
  }
  return headers;
}

std::string url_of(std::string_view path) {
  return "http://127.0.0.1:10000/devstoreaccount1" + std::string(path);
}

bool is_refusing(Verdict verdict) {
  return verdict != Verdict::Obeyed && verdict != Verdict::Harmless;
}

std::string refusal_of(Verdict verdict, bool encrypted) {
  switch (verdict) {
    case Verdict::Unsupported:
      return "400 UnsupportedHeader";
    case Verdict::NoConditions:
      return "400 ConditionHeadersNotSupported";
    case Verdict::NeedsHttps:
      return encrypted ? "501 APINotImplemented" : "400 HttpsRequired";
    case Verdict::NotYet:
      return "501 APINotImplemented";
    default:
      return "400 InvalidHeaderValue";
  }
}

// Headers that say which operation a request is.
bool tells_operation(std::string_view name) {
  for (const auto* operation : BlobService::operations())
    if (operation->route.when.find(name) != std::string_view::npos) return true;
  return false;
}

struct Sample {
  std::string_view operation;
  Method method;
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::string body;
};

const std::string kSource = url_of("/abc/x"), kPageSource = url_of("/abc/p");
const std::string kPageBody(512, 'p');

// Requests that succeed on the blobs of `prepared`.
std::vector<Sample> samples() {
  const std::pair<std::string_view, std::string_view> type{"x-ms-blob-type", "BlockBlob"};
  const std::pair<std::string_view, std::string_view> range{"x-ms-range", "bytes=0-511"},
      update{"x-ms-page-write", "update"};
  const std::pair<std::string_view, std::string_view> source{"x-ms-copy-source", kSource};
  return {
      {"PutBlob", Method::Put, "/abc/y", {type}, "x"},
      {"PutBlock", Method::Put, "/abc/new?comp=block&blockid=AAAA", {}, "x"},
      {"PutBlockList", Method::Put, "/abc/y?comp=blocklist", {}, "<BlockList/>"},
      {"AppendBlock", Method::Put, "/abc/a?comp=appendblock", {}, "x"},
      {"SealAppendBlob", Method::Put, "/abc/a?comp=seal", {}, ""},
      {"PutPage", Method::Put, "/abc/p?comp=page", {range, update}, kPageBody},
      {"PutBlobFromURL", Method::Put, "/abc/y", {type, source}, ""},
      {"CopyBlobFromURL", Method::Put, "/abc/y", {source, {"x-ms-requires-sync", "true"}}, ""},
      {"CopyBlob", Method::Put, "/abc/y", {source}, ""},
      {"PutBlockFromURL", Method::Put, "/abc/new?comp=block&blockid=AAAA", {source}, ""},
      {"AppendBlockFromURL", Method::Put, "/abc/a?comp=appendblock", {source}, ""},
      {"PutPageFromURL",
       Method::Put,
       "/abc/p?comp=page",
       {range, update, {"x-ms-copy-source", kPageSource}, {"x-ms-source-range", "bytes=512-1023"}},
       ""},
      {"GetBlob", Method::Get, "/abc/x", {}, ""},
      {"GetBlobProperties", Method::Head, "/abc/x", {}, ""},
      {"GetBlobTags", Method::Get, "/abc/x?comp=tags", {}, ""},
      {"SetBlobTags", Method::Put, "/abc/x?comp=tags", {}, "<Tags><TagSet/></Tags>"},
      {"SetBlobTier", Method::Put, "/abc/x?comp=tier", {{"x-ms-access-tier", "Cool"}}, ""},
      {"SetBlobProperties", Method::Put, "/abc/x?comp=properties", {}, ""},
      {"SetBlobMetadata", Method::Put, "/abc/x?comp=metadata", {}, ""},
      {"SetBlobExpiry", Method::Put, "/abc/x?comp=expiry", {{"x-ms-expiry-option", "NeverExpire"}}, ""},
      {"ResizePageBlob", Method::Put, "/abc/p?comp=properties", {{"x-ms-blob-content-length", "1024"}}, ""},
      {"UpdatePageBlobSequenceNumber",
       Method::Put,
       "/abc/p?comp=properties",
       {{"x-ms-sequence-number-action", "increment"}},
       ""},
      {"GetPageRanges", Method::Get, "/abc/p?comp=pagelist", {}, ""},
      {"GetBlockList", Method::Get, "/abc/x?comp=blocklist", {}, ""},
      {"SnapshotBlob", Method::Put, "/abc/x?comp=snapshot", {}, ""},
      {"DeleteBlob", Method::Delete, "/abc/x", {}, ""},
      {"GetContainerProperties", Method::Get, "/abc?restype=container", {}, ""},
      {"SetContainerMetadata", Method::Put, "/abc?restype=container&comp=metadata", {}, ""},
      {"GetContainerACL", Method::Get, "/abc?restype=container&comp=acl", {}, ""},
      {"SetContainerACL", Method::Put, "/abc?restype=container&comp=acl", {}, ""},
      {"DeleteContainer", Method::Delete, "/abc?restype=container", {}, ""},
      {"LeaseBlob",
       Method::Put,
       "/abc/x?comp=lease",
       {{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}},
       ""},
      {"LeaseContainer",
       Method::Put,
       "/abc?restype=container&comp=lease",
       {{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}},
       ""},
  };
}

// Any text is right for these, or what is wrong with them is ignored as the service ignores it.
const std::set<std::string_view> kFreeText{"content-type",
                                           "content-length",
                                           "if-match",
                                           "if-none-match",
                                           "x-ms-blob-cache-control",
                                           "x-ms-blob-content-disposition",
                                           "x-ms-blob-content-encoding",
                                           "x-ms-blob-content-language",
                                           "x-ms-blob-content-type",
                                           "x-ms-blob-if-match",
                                           "x-ms-blob-if-none-match",
                                           "x-ms-client-request-id",
                                           "x-ms-copy-source-authorization",
                                           "x-ms-file-request-intent",
                                           "x-ms-meta-",
                                           "x-ms-source-if-match",
                                           "x-ms-source-if-none-match",
                                           "x-ms-tags"};
// Pairs where a header of the list counts only in another form of the request.
const std::set<std::pair<std::string_view, std::string_view>> kOtherForm{
    {"GetBlob", "x-ms-range"},
    {"GetPageRanges", "x-ms-range"},
    {"PutBlob", "x-ms-blob-content-length"},
    {"PutBlob", "x-ms-blob-sequence-number"},
    {"LeaseBlob", "x-ms-lease-break-period"},
    {"LeaseBlob", "x-ms-lease-id"},
    {"LeaseContainer", "x-ms-lease-break-period"},
    {"LeaseContainer", "x-ms-lease-id"},
    {"SetBlobExpiry", "x-ms-expiry-time"}};

Response send(TestService& blob, const Sample& sample, std::string_view name = {},
              std::string_view value = {}) {
  Request request = TestService::unsigned_request(sample.method, sample.target, {}, sample.body.size());
  for (const auto& [field, text] : sample.fields)
    if (!iequals(field, name)) request.headers.add(field, text);
  if (!name.empty()) request.headers.add(name, value);
  shared_key::sign(request, *blob.accounts.find(kDevelopmentAccount), blob.clock.now());
  return blob.serve(request, sample.body);
}

void make_blobs(TestService& blob) {
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "hello", {{"x-ms-tags", "a=1"}});
  blob.put_block_blob("/abc/y", "other");
  REQUIRE(blob.put("/abc/a", {{"x-ms-blob-type", "AppendBlob"}}).status == 201);
  REQUIRE(blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "1024"}}).status ==
          201);
}

}  // namespace

TEST_CASE(
    "Request headers: every published one has a rule, and none is refused as unknown to its operation") {
  const auto published = published_headers();
  CHECK(published.size() > 60);
  std::size_t pairs = 0;
  for (const auto& row : published)
    for (const std::string& name : row.second) {
      const std::string& operation = row.first;
      CAPTURE(operation);
      CAPTURE(name);
      const HeaderRule* rule = find_header_rule(name, operation);
      REQUIRE(rule);
      CHECK(rule->verdict != Verdict::Unsupported);
      CHECK(rule->verdict != Verdict::NoConditions);
      ++pairs;
    }
  CHECK(pairs > 580);
}

TEST_CASE("Request headers: the rules name operations that exist, and each can be reached") {
  std::set<std::string_view> operations;
  const auto published = published_headers();
  for (const auto& [operation, names] : published) operations.insert(operation);
  for (const auto* operation : BlobService::operations()) operations.insert(operation->route.name);
  std::set<std::string_view> closed;  // names whose "*" has come
  for (const HeaderRule& rule : request_header_rules()) {
    CAPTURE(rule.name);
    CHECK(to_lower(rule.name) == rule.name);
    CHECK_FALSE(closed.contains(rule.name));
    if (rule.operations == "*") closed.insert(rule.name);
    if (rule.operations != "*")
      for (const std::string_view word : split(rule.operations, ' '))
        CHECK_MESSAGE(operations.contains(word), word);
  }
  for (const HeaderRule& rule : request_header_rules()) CHECK_MESSAGE(closed.contains(rule.name), rule.name);
}

TEST_CASE(
    "Request headers: each that is refused is refused by name on every operation, and nothing is written") {
  TestService blob;
  make_blobs(blob);
  const std::string before =
      body_of(blob.get("/abc?restype=container&comp=list&include=metadata,tags,uncommittedblobs"));
  std::size_t refused = 0;
  for (const auto* operation : BlobService::operations()) {
    const Route& route = operation->route;
    if (route.method == Method::Options || route.access.open == Access::Open::Bearer) continue;
    std::string target(route.path);
    for (const auto& [from, to] : {std::pair{"{container}", "abc"}, {"{blob...}", "x"}})
      if (const std::size_t at = target.find(from); at != std::string::npos)
        target.replace(at, std::string_view(from).size(), to);
    Sample sample{route.name, route.method, target, {}, ""};
    for (const std::string_view part : split(route.when, ',')) {
      if (part.empty()) continue;
      const std::size_t colon = std::min(part.find(':'), part.size());
      const std::string_view value = trim(part.substr(std::min(colon + 1, part.size())));
      sample.fields.emplace_back(trim(part.substr(0, colon)), value.empty() ? "x" : value);
    }
    std::string_view last;
    for (const HeaderRule& rule : request_header_rules()) {
      if (rule.name == last || rule.name.starts_with('?') || tells_operation(rule.name)) continue;
      last = rule.name;
      const HeaderRule* holds = find_header_rule(rule.name, route.name);
      if (!is_refusing(holds->verdict) && !holds->takes) continue;
      const std::string_view value = rule.name == "accept" ? "application/vnd.apache.arrow.stream" : "other";
      const Response got = send(blob, sample, rule.name, value);
      CAPTURE(route.name);
      CAPTURE(rule.name);
      CHECK(code_of(got) == refusal_of(holds->verdict, false));
      if (route.method != Method::Head) CHECK(element_of(body_of(got), "HeaderName") == rule.name);
      ++refused;
    }
  }
  CHECK(refused > 1500);
  CHECK(body_of(blob.get("/abc?restype=container&comp=list&include=metadata,tags,uncommittedblobs")) ==
        before);
}

TEST_CASE("Request headers: each that is obeyed is looked at: what it cannot be is refused") {
  const auto published = published_headers();
  std::size_t looked_at = 0;
  for (const Sample& sample : samples()) {
    {
      TestService blob;
      make_blobs(blob);
      const Response plain = send(blob, sample);
      CAPTURE(sample.operation);
      CAPTURE(body_of(plain));
      REQUIRE(plain.status < 300);
    }
    TestService blob;
    make_blobs(blob);
    for (const std::string& name : published.at(std::string(sample.operation))) {
      const HeaderRule* rule = find_header_rule(name, sample.operation);
      if (rule->verdict != Verdict::Obeyed || kFreeText.contains(name)) continue;
      if (kOtherForm.contains({sample.operation, name})) continue;
      const Response got = send(blob, sample, name, "n*nsense");
      CAPTURE(sample.operation);
      CAPTURE(name);
      CHECK(got.status >= 400);
      CHECK(got.status < 500);
      ++looked_at;
    }
  }
  CHECK(looked_at > 150);
}

TEST_CASE("Request headers: each condition on an ETag is held against it") {
  const auto published = published_headers();
  for (const Sample& sample : samples())
    for (const std::string& name : published.at(std::string(sample.operation))) {
      if (!name.ends_with("if-match")) continue;
      TestService blob;
      make_blobs(blob);
      CAPTURE(sample.operation);
      CAPTURE(name);
      CHECK(send(blob, sample, name, "\"0x0\"").status == 412);
    }
}

TEST_CASE(
    "Request headers: keys of customers are refused over HTTPS, too, until they are built, and never shown") {
  TestService blob;
  make_blobs(blob);
  for (const bool encrypted : {false, true})
    for (const auto name :
         {"x-ms-encryption-key", "X-Ms-Encryption-Key-Sha256", "x-ms-encryption-algorithm"}) {
      Request request =
          TestService::unsigned_request(Method::Put, "/abc/new", {{"x-ms-blob-type", "BlockBlob"}}, 1);
      request.headers.add(name, "c2VjcmV0");
      shared_key::sign(request, *blob.accounts.find(kDevelopmentAccount), blob.clock.now());
      blob.peer.encrypted = encrypted;
      const Response got = blob.serve(request, "x");
      CHECK(code_of(got) == refusal_of(Verdict::NeedsHttps, encrypted));
      CHECK(element_of(body_of(got), "HeaderName") == to_lower(name));
      CHECK(body_of(got).find("c2VjcmV0") == std::string::npos);
    }
  CHECK(code_of(blob.get("/abc/new")) == "404 BlobNotFound");
}

TEST_CASE("Request headers: values that change nothing pass, and so do empty ones") {
  TestService blob;
  CHECK(blob.put("/new?restype=container", {{"x-ms-default-encryption-scope", "$account-encryption-key"},
                                            {"x-ms-deny-encryption-scope-override", "false"}})
            .status == 201);
  CHECK(blob.put_block_blob("/new/x", "x",
                            {{"x-ms-legal-hold", "false"},
                             {"x-ms-encryption-scope", ""},
                             {"x-ms-source-range", ""},
                             {"x-ms-seal-blob", "False"}})
            .status == 201);
  CHECK(blob.get("/new?restype=container&comp=list",
                 {{"Accept", "application/vnd.apache.arrow.stream,application/xml"}})
            .status == 200);
  CHECK(blob.get("/new?restype=container&comp=list", {{"Accept", "*/*"}}).status == 200);
}

TEST_CASE("Request headers: one that is there twice says the same twice") {
  TestService blob;
  make_blobs(blob);
  CHECK(code_of(blob.put_block_blob("/abc/x", "x",
                                    {{"x-ms-access-tier", "Cool"}, {"X-Ms-Access-Tier", "Hot"}})) ==
        "400 UnsupportedHeader");
  CHECK(code_of(blob.get("/abc/x", {{"If-Match", "*"}, {"if-match", "\"0x1\""}})) ==
        "400 MultipleConditionHeadersNotSupported");
  CHECK(blob.put_block_blob("/abc/x", "x", {{"x-ms-access-tier", "Cool"}, {"x-ms-access-tier", "Cool"}})
            .status == 201);
}

TEST_CASE("Request headers: parameters of the query that are not built are refused by name") {
  TestService blob;
  make_blobs(blob);
  const Response got = blob.remove("/abc/x?deletetype=permanent");
  CHECK(code_of(got) == "501 APINotImplemented");
  CHECK(element_of(body_of(got), "QueryParameterName") == "deletetype");
  CHECK(blob.get("/abc/x").status == 200);
}

TEST_CASE("Request headers: the parts of a batch are held against them, too") {
  TestService blob;
  make_blobs(blob);
  Request part = TestService::unsigned_request(
      Method::Delete, "/abc/x", {{"x-ms-access-tier-if-modified-since", "Mon, 01 Jan 2024 00:00:00 GMT"}}, 0);
  shared_key::sign(part, *blob.accounts.find(kDevelopmentAccount), blob.clock.now());
  std::string body = "--b\r\nContent-Type: application/http\r\n\r\nDELETE " + part.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : part.headers) body += name + ": " + value + "\r\n";
  const Response got =
      blob.send(Method::Post, "/?comp=batch", {{"Content-Type", "multipart/mixed; boundary=b"}},
                body + "\r\n\r\n--b--\r\n");
  CHECK(got.status == 202);
  CHECK(body_of(got).find("APINotImplemented") != std::string::npos);
  CHECK(blob.get("/abc/x").status == 200);
}

}  // namespace cvemu::blob_request_headers_test
