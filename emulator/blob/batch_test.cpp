#include "blob/testing.h"

namespace cvemu::blob_batch_test {

using namespace cvemu::blob;

namespace {

struct Batch : TestService {
  std::string body;
  int count = 0;
  Batch() {
    create_container("abc");
    for (const char* name : {"/abc/a", "/abc/b"}) put_block_blob(name, "x");
  }
  // A part as the SDKs write it: signed over the target as it stands.
  void add(Method method, std::string target, Fields fields = {}, bool is_signed = true) {
    Request request;
    request.method = method;
    request.target = std::move(target);
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    if (is_signed) shared_key::sign(request, *accounts.find(kDevelopmentAccount), clock.now());
    body +=
        "--batch_x\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: " +
        std::to_string(count++) + "\r\n\r\n" + std::string(method_name(method)) + ' ' + request.target +
        " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) body += name + ": " + value + "\r\n";
    body += "\r\n";
  }
  Response submit(std::string_view target) {
    return send(Method::Post, target, {{"Content-Type", "multipart/mixed; boundary=batch_x"}},
                body + "--batch_x--\r\n");
  }
};

// "202 404": the status lines in order.
std::string statuses(const Response& response) {
  const std::string text = body_of(response);
  std::string all;
  for (std::size_t at = text.find("HTTP/1.1 "); at != std::string::npos; at = text.find("HTTP/1.1 ", at + 1))
    all += (all.empty() ? "" : " ") + text.substr(at + 9, 3);
  return all;
}

}  // namespace

TEST_CASE("SubmitBatch: each part is answered by its Content-ID, failures inside a 202") {
  Batch blob;
  blob.add(Method::Delete, "/devstoreaccount1/abc/a");
  blob.add(Method::Delete, "/devstoreaccount1/abc/none");
  blob.add(Method::Delete, "/devstoreaccount1/abc/b", {}, false);
  const Response got = blob.submit("?comp=batch");
  CHECK(got.status == 202);
  CHECK(got.headers.get("Content-Type").starts_with("multipart/mixed; boundary=batchresponse_"));
  CHECK(statuses(got) == "202 404 401");
  const std::string text = body_of(got);
  CHECK(text.find("Content-ID: 1\r\n\r\nHTTP/1.1 404") != std::string::npos);
  CHECK(text.find("x-ms-error-code: BlobNotFound") != std::string::npos);
  CHECK(text.find("<Code>BlobNotFound</Code>") != std::string::npos);
  CHECK(blob.head("/abc/a").status == 404);
  CHECK(blob.head("/abc/b").status == 200);
}

TEST_CASE("SubmitBatch: the ways of JavaScript and Python") {
  Batch blob;
  blob.add(Method::Put, "/devstoreaccount1/abc/a?comp=tier",
           {{"x-ms-access-tier", "Cool"}, {"Content-Length", "0"}});
  CHECK(statuses(blob.submit("?comp=batch&restype=container")) == "200");
  blob.body.clear();
  blob.add(Method::Delete, "/abc/a?");
  CHECK(statuses(blob.submit("/abc?restype=container&comp=batch")) == "202");
}

TEST_CASE("SubmitBatch: what is no batch") {
  Batch blob;
  CHECK(code_of(blob.submit("?comp=batch")) == "400 InvalidInput");
  blob.add(Method::Get, "/devstoreaccount1/abc/a");
  CHECK(code_of(blob.submit("?comp=batch")) == "400 InvalidInput");
  blob.body.clear();
  blob.add(Method::Delete, "/devstoreaccount1/abc/a");
  CHECK(code_of(blob.submit("/other?restype=container&comp=batch")) == "400 InvalidInput");
  blob.add(Method::Put, "/devstoreaccount1/abc/a?comp=tier", {{"x-ms-access-tier", "Cool"}});
  CHECK(code_of(blob.submit("?comp=batch")) == "400 InvalidInput");
  CHECK(code_of(blob.send(Method::Post, "?comp=batch", {{"Content-Type", "text/plain"}}, "x")) ==
        "400 InvalidInput");
  blob.body.clear();
  for (int i = 0; i < 257; ++i) blob.add(Method::Delete, "/devstoreaccount1/abc/a");
  CHECK(code_of(blob.submit("?comp=batch")) == "400 InvalidInput");
  CHECK(blob.head("/abc/a").status == 200);
}

}  // namespace cvemu::blob_batch_test
