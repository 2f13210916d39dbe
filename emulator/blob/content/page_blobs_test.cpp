#include "blob/testing.h"

namespace cvemu::content_page_blobs_test {

using namespace cvemu::blob;

namespace {

struct Paged : TestService {
  explicit Paged(std::string_view length = "2048") {
    create_container("abc");
    REQUIRE(put("/abc/x", {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", length}}).status ==
            201);
  }
  Response write(std::string_view range, std::string body, std::string_view action = "update") {
    return put("/abc/x?comp=page", {{"x-ms-page-write", action}, {"x-ms-range", range}}, std::move(body));
  }
  // "0-511 1024-1535 c512-1023"
  std::string ranges(std::string_view more = "") {
    const std::string xml = body_of(get("/abc/x?comp=pagelist" + std::string(more)));
    std::string all;
    for (std::size_t at = xml.find("Range><Start>"); at != std::string::npos;
         at = xml.find("Range><Start>", at + 1)) {
      if (!all.empty()) all += ' ';
      if (xml.substr(at - 5, 5) == "Clear") all += 'c';
      const std::string_view rest = std::string_view(xml).substr(at);
      all += element_of(rest, "Start") + '-' + element_of(rest, "End");
    }
    return all;
  }
  std::string snapshot() { return std::string(put("/abc/x?comp=snapshot").headers.get("x-ms-snapshot")); }
};

std::string page(char c, std::size_t count = 1) {
  return std::string(512 * count, c);
}

}  // namespace

TEST_CASE("PutPage: pages are where they were put, zeros elsewhere") {
  Paged blob;
  const Response put = blob.write("bytes=512-1023", page('a'));
  CHECK(put.status == 201);
  CHECK(put.headers.get("x-ms-blob-sequence-number") == "0");
  CHECK(put.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK(put.headers.has("x-ms-content-crc64"));
  CHECK(body_of(blob.get("/abc/x")) == page('\0') + page('a') + page('\0', 2));
  blob.write("bytes=0-1535", page('b', 3));
  blob.write("bytes=512-1023", page('c'));
  CHECK(body_of(blob.get("/abc/x")) == page('b') + page('c') + page('b') + page('\0'));
  CHECK(blob.write("bytes=512-1535", "", "clear").status == 201);
  CHECK(body_of(blob.get("/abc/x")) == page('b') + page('\0', 3));
}

TEST_CASE("PutPage: what is refused") {
  Paged blob;
  CHECK(code_of(blob.write("bytes=1-512", page('a'))) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.write("bytes=0-511", "short")) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.write("bytes=0-", page('a'))) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.write("bytes=2048-2559", page('a'))) == "416 InvalidPageRange");
  for (const char* range : {"bytes=0-18446744073709551615", "bytes=512-18446744073709551615"})
    for (const char* action : {"update", "clear"})
      CHECK(code_of(blob.write(range, "", action)) == "416 InvalidPageRange");
  CHECK(code_of(blob.write("bytes=0-511", page('a'), "append")) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.put("/abc/x?comp=page", {{"x-ms-page-write", "update"}}, page('a'))) ==
        "400 MissingRequiredHeader");
  CHECK(code_of(blob.put("/abc/x?comp=page", {{"x-ms-range", "bytes=0-511"}}, page('a'))) ==
        "400 MissingRequiredHeader");
  CHECK(code_of(blob.write("bytes=0-4194815", page('a', 8193))) == "413 RequestBodyTooLarge");
  blob.put_block_blob("/abc/block", "");
  CHECK(code_of(blob.put("/abc/block?comp=page", {{"x-ms-page-write", "update"}, {"Range", "bytes=0-511"}},
                         page('a'))) == "409 InvalidBlobType");
}

TEST_CASE("PutPage: sequence numbers decide") {
  Paged blob;
  const auto write_if = [&](std::string_view condition, std::string_view number) {
    return code_of(blob.put("/abc/x?comp=page",
                            {{"x-ms-page-write", "update"}, {"Range", "bytes=0-511"}, {condition, number}},
                            page('a')));
  };
  CHECK(blob.put("/abc/x?comp=properties",
                 {{"x-ms-sequence-number-action", "update"}, {"x-ms-blob-sequence-number", "5"}})
            .headers.get("x-ms-blob-sequence-number") == "5");
  CHECK(write_if("x-ms-if-sequence-number-le", "5") == "201 ");
  CHECK(write_if("x-ms-if-sequence-number-le", "4") == "412 SequenceNumberConditionNotMet");
  CHECK(write_if("x-ms-if-sequence-number-lt", "5") == "412 SequenceNumberConditionNotMet");
  CHECK(write_if("x-ms-if-sequence-number-lt", "6") == "201 ");
  CHECK(write_if("x-ms-if-sequence-number-eq", "5") == "201 ");
  CHECK(write_if("x-ms-if-sequence-number-eq", "6") == "412 SequenceNumberConditionNotMet");
}

TEST_CASE("UpdatePageBlobSequenceNumber: max, update, increment") {
  Paged blob;
  const auto act = [&](std::string_view action, std::string_view number) {
    const Response got = blob.put("/abc/x?comp=properties", {{"x-ms-sequence-number-action", action},
                                                             {"x-ms-blob-sequence-number", number}});
    return std::string(got.headers.get("x-ms-blob-sequence-number")) + code_of(got);
  };
  CHECK(act("update", "7") == "7200 ");
  CHECK(act("max", "3") == "7200 ");
  CHECK(act("max", "9") == "9200 ");
  CHECK(act("increment", "") == "10200 ");
  CHECK(act("increment", "1") == "400 InvalidOperation");
  CHECK(act("update", "") == "400 MissingRequiredHeader");
  CHECK(act("double", "1") == "400 InvalidHeaderValue");
}

TEST_CASE("GetPageRanges: sorted, merged, within the range asked for") {
  Paged blob("4096");
  CHECK(blob.ranges() == "");
  blob.write("bytes=2048-2559", page('a'));
  blob.write("bytes=0-511", page('b'));
  blob.write("bytes=512-1023", page('c'));
  CHECK(blob.ranges() == "0-1023 2048-2559");
  CHECK(blob.ranges("&maxresults=1") == "0-1023");
  CHECK(blob.ranges("&maxresults=1&marker=2048") == "2048-2559");
  const Response part = blob.get("/abc/x?comp=pagelist", {{"x-ms-range", "bytes=512-2047"}});
  CHECK(element_of(body_of(part), "Start") == "512");
  CHECK(element_of(body_of(part), "End") == "1023");
  CHECK(part.headers.get("x-ms-blob-content-length") == "4096");
  CHECK(part.headers.has("ETag"));
  blob.write("bytes=0-511", "", "clear");
  CHECK(blob.ranges() == "512-1023 2048-2559");
}

TEST_CASE("GetPageRanges: the difference to a snapshot") {
  Paged blob("4096");
  blob.write("bytes=0-1023", page('a', 2));
  const std::string first = blob.snapshot();
  CHECK(blob.ranges("&prevsnapshot=" + first) == "");
  blob.write("bytes=512-1535", page('b', 2));
  blob.write("bytes=0-511", "", "clear");
  CHECK(blob.ranges("&prevsnapshot=" + first) == "c0-511 512-1535");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + first)) == page('a', 2) + page('\0', 6));
  const std::string url = "https://account.blob.core.windows.net/abc/x?snapshot=";
  const auto with_url = [&](const std::string& text, std::string_view query = "") {
    return blob.get("/abc/x?comp=pagelist" + std::string(query), {{"x-ms-previous-snapshot-url", text}});
  };
  CHECK(body_of(with_url(url + first)) == body_of(blob.get("/abc/x?comp=pagelist&prevsnapshot=" + first)));
  CHECK(code_of(with_url(url + "2001-01-01T00:00:00.0000000Z")) == "404 BlobNotFound");
  for (const std::string& bad : {std::string("nonsense"), url, url + "nonsense",
                                 "https://account.blob.core.windows.net/abc/y?snapshot=" + first})
    CHECK(code_of(with_url(bad)) == "400 InvalidHeaderValue");
  CHECK(code_of(with_url(url + first, "&prevsnapshot=" + first)) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.get("/abc/x?comp=pagelist&prevsnapshot=nonsense")) == "400 InvalidQueryParameterValue");
  CHECK(code_of(blob.get("/abc/x?comp=pagelist&prevsnapshot=2001-01-01T00:00:00.0000000Z")) ==
        "404 BlobNotFound");
}

TEST_CASE("ResizePageBlob: pages beyond the end are gone for good") {
  Paged blob("2048");
  blob.write("bytes=0-2047", page('a', 4));
  const Response resized = blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-length", "512"}});
  CHECK(resized.status == 200);
  CHECK(resized.headers.get("x-ms-blob-sequence-number") == "0");
  blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-length", "1024"}});
  CHECK(body_of(blob.get("/abc/x")) == page('a') + page('\0'));
  CHECK(blob.ranges() == "0-511");
  CHECK(code_of(blob.put("/abc/x?comp=properties", {{"x-ms-blob-content-length", "100"}})) ==
        "400 InvalidHeaderValue");
}

}  // namespace cvemu::content_page_blobs_test
