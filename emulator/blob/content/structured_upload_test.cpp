// Bodies in frames with checksums, through the four operations that take them.
#include "storage/structured_body.h"

#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::content_structured_upload_test {

using namespace cvemu::blob;

namespace {

constexpr std::string_view kRange = "bytes=0-511";

std::string little_endian(std::uint64_t number, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}

std::string crc_of(std::string_view bytes) {
  Crc64 crc;
  crc.update(bytes);
  return crc.bytes();
}

std::string framed(std::string_view payload, std::size_t segment = 4 * 1024 * 1024) {
  std::string rest;
  std::uint64_t count = 0;
  std::string_view left = payload;
  do {
    const std::string_view data = left.substr(0, segment);
    left.remove_prefix(data.size());
    rest += little_endian(++count, 2) + little_endian(data.size(), 8);
    rest.append(data).append(crc_of(data));
  } while (!left.empty());
  rest += crc_of(payload);
  return '\1' + little_endian(13 + rest.size(), 8) + little_endian(1, 2) + little_endian(count, 2) + rest;
}

struct Upload {
  std::string_view name, target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
};

const Upload kUploads[] = {
    {"PutBlob", "/abc/x", {{"x-ms-blob-type", "BlockBlob"}}},
    {"PutBlock", "/abc/b?comp=block&blockid=AAAA", {}},
    {"AppendBlock", "/abc/a?comp=appendblock", {}},
    {"PutPage", "/abc/p?comp=page", {{"x-ms-page-write", "update"}, {"x-ms-range", kRange}}},
};

Response upload(TestService& blob, const Upload& upload, std::string body, std::string_view length,
                TestService::Fields more = {}, std::string_view format = kStructuredBody) {
  Request request = TestService::unsigned_request(Method::Put, upload.target, more, body.size());
  for (const auto& [name, value] : upload.fields) request.headers.add(name, value);
  request.headers.add(kStructuredBodyHeader, format);
  if (!length.empty()) request.headers.add(kStructuredLengthHeader, length);
  shared_key::sign(request, *blob.accounts.find(kDevelopmentAccount), blob.clock.now());
  return blob.serve(request, std::move(body));
}

void prepare(TestService& blob) {
  blob.create_container("abc");
  REQUIRE(blob.put("/abc/a", {{"x-ms-blob-type", "AppendBlob"}}).status == 201);
  REQUIRE(blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}}).status ==
          201);
}

std::string stored(TestService& blob, const Upload& upload) {
  if (upload.name == "PutBlock")
    blob.put("/abc/b?comp=blocklist", {}, "<BlockList><Latest>AAAA</Latest></BlockList>");
  const Response got = blob.get(upload.target.substr(0, upload.target.find('?')));
  return got.status == 200 ? body_of(got) : code_of(got);
}

}  // namespace

TEST_CASE("Structured uploads: all four operations store the payload and repeat the format") {
  const std::string payload(512, 'q');
  for (const std::size_t segment : {1, 100, 512, 4096})
    for (const Upload& form : kUploads) {
      TestService blob;
      prepare(blob);
      CAPTURE(form.name);
      const Response got = upload(blob, form, framed(payload, segment), "512");
      CHECK(got.status == 201);
      CHECK(got.headers.get("x-ms-structured-body") == kStructuredBody);
      CHECK(stored(blob, form) == payload);
      const bool has_md5 = form.name == "PutBlob";
      CHECK(got.headers.get("Content-MD5") == (has_md5 ? base64_encode(md5(payload)) : ""));
      CHECK(got.headers.get("x-ms-content-crc64") == (has_md5 ? "" : base64_encode(crc_of(payload))));
    }
}

TEST_CASE("Structured uploads: the blob has the length and the MD5 of the payload, however large") {
  TestService blob;
  prepare(blob);
  std::string payload;
  for (int i = 0; i < 300'000; ++i) payload += static_cast<char>(i * 31 >> 3);
  CHECK(upload(blob, kUploads[0], framed(payload, 65'536), "300000").status == 201);
  const Response got = blob.get("/abc/x");
  CHECK(body_of(got) == payload);
  CHECK(got.headers.get("Content-MD5") == base64_encode(md5(payload)));
  CHECK(blob.head("/abc/x").headers.get("Content-Length") == "300000");
  CHECK(upload(blob, kUploads[0], framed(""), "0").status == 201);
  CHECK(body_of(blob.get("/abc/x")) == "");
}

TEST_CASE("Structured uploads: what is wrong is 400 and leaves everything as it was") {
  const std::string payload(512, 'q');
  for (const Upload& form : kUploads) {
    TestService blob;
    prepare(blob);
    CAPTURE(form.name);
    if (form.name == "PutBlob") blob.put_block_blob("/abc/x", "before");
    const std::string before = stored(blob, form);
    std::string wrong = framed(payload);
    wrong[100] = 'r';
    const Response mismatch = upload(blob, form, wrong, "512");
    CHECK(code_of(mismatch) == "400 Crc64Mismatch");
    CHECK(element_of(body_of(mismatch), "ServerCalculatedCrc") != "-");
    CHECK_FALSE(mismatch.headers.has("x-ms-structured-body"));
    CHECK(code_of(upload(blob, form, framed(payload), "511")) == "400 InvalidInput");
    CHECK(code_of(upload(blob, form, framed(payload) + 'x', "512")) == "400 InvalidInput");
    CHECK(code_of(upload(blob, form, payload, "512")) == "400 InvalidInput");
    CHECK(code_of(upload(blob, form, "", "512")) == "400 InvalidInput");
    CHECK(code_of(upload(blob, form, framed(payload), "")) == "400 MissingRequiredHeader");
    CHECK(code_of(upload(blob, form, framed(payload), "many")) == "400 InvalidHeaderValue");
    const Response other = upload(blob, form, framed(payload), "512", {}, "XSM/2.0; properties=crc64");
    CHECK(code_of(other) == "400 InvalidHeaderValue");
    CHECK(element_of(body_of(other), "HeaderName") == "x-ms-structured-body");
    CHECK(code_of(upload(blob, form, framed(payload), "512", {}, "")) == "400 InvalidHeaderValue");
    CHECK(stored(blob, form) == before);
  }
}

TEST_CASE("Structured uploads: limits and lengths are those of the payload") {
  TestService blob;
  prepare(blob);
  constexpr std::size_t kMaxPages = 4 * 1024 * 1024;
  REQUIRE(
      blob.put("/abc/p", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "4194304"}}).status ==
      201);
  const Upload all{
      "PutPage", "/abc/p?comp=page", {{"x-ms-page-write", "update"}, {"x-ms-range", "bytes=0-4194303"}}};
  CHECK(upload(blob, all, framed(std::string(kMaxPages, 'w')), "4194304").status == 201);
  CHECK(code_of(upload(blob, all, framed(std::string(512, 'w')), "512")) == "400 InvalidHeaderValue");
  CHECK(code_of(upload(blob, all, framed(std::string(kMaxPages + 1, 'w')), "4194305")) ==
        "413 RequestBodyTooLarge");
  CHECK(body_of(blob.get("/abc/p")) == std::string(kMaxPages, 'w'));
  CHECK(code_of(upload(blob, kUploads[2], framed(""), "0")) == "400 InvalidHeaderValue");
}

TEST_CASE("Structured uploads: other digests are those of the payload, too") {
  TestService blob;
  prepare(blob);
  const std::string message = framed("hello");
  const auto code = [&](std::string_view name, std::string_view value) {
    return code_of(upload(blob, kUploads[0], message, "5", {{name, value}}));
  };
  CHECK(code("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==") == "201 ");
  CHECK(code("Content-MD5", base64_encode(md5(message))) == "400 Md5Mismatch");
  CHECK(code("x-ms-blob-content-md5", "XUFAKrxLKna5cZ2REBfFkg==") == "201 ");
  CHECK(code("x-ms-content-crc64", "V0JSBnCFdzM=") == "201 ");
  CHECK(code("x-ms-content-crc64", "AAAAAAAAAAA=") == "400 Crc64Mismatch");
}

TEST_CASE("Structured uploads: requests that take none refuse the headers by name, downloads as not built") {
  TestService blob;
  prepare(blob);
  blob.put_block_blob("/abc/x", "hello");
  const TestService::Fields format{{"x-ms-structured-body", kStructuredBody}};
  const Response download = blob.get("/abc/x", format);
  CHECK(code_of(download) == "501 APINotImplemented");
  CHECK(element_of(body_of(download), "HeaderName") == "x-ms-structured-body");
  CHECK(body_of(download).find("emulator") != std::string::npos);
  CHECK(code_of(blob.head("/abc/x", format)) == "400 UnsupportedHeader");
  CHECK(code_of(blob.put("/abc/x?comp=metadata", format)) == "400 UnsupportedHeader");
  CHECK(code_of(blob.put("/abc/y", {{"x-ms-blob-type", "AppendBlob"},
                                    {"x-ms-structured-body", kStructuredBody}})) == "400 UnsupportedHeader");
  CHECK(code_of(blob.put("/abc/p?comp=page", {{"x-ms-page-write", "clear"},
                                              {"x-ms-range", kRange},
                                              {"x-ms-structured-body", kStructuredBody}})) ==
        "400 UnsupportedHeader");
  CHECK(code_of(blob.put_block_blob("/abc/x", "other", {{"x-ms-structured-content-length", "5"}})) ==
        "400 UnsupportedHeader");
  CHECK(body_of(blob.get("/abc/x")) == "hello");
}

}  // namespace cvemu::content_structured_upload_test
