#include "blob/testing.h"

namespace cvemu::containers_listing_test {

using namespace cvemu::blob;

namespace {

struct Listed : TestService {
  explicit Listed(std::initializer_list<std::string_view> names) {
    create_container("abc");
    for (const std::string_view name : names)
      REQUIRE(put_block_blob("/abc/" + std::string(name), "x").status == 201);
  }
  std::string list(std::string_view more) {
    const Response got = get("/abc?restype=container&comp=list" + std::string(more));
    REQUIRE(got.status == 200);
    return body_of(got);
  }
  // The names of all pages, pages divided by " | ".
  std::string pages(std::string_view more) {
    std::string all, marker;
    do {
      const std::string xml = list(std::string(more) + (marker.empty() ? "" : "&marker=" + percent(marker)));
      marker = element_of(xml, "NextMarker");
      if (!all.empty()) all += " | ";
      all += names_of(xml);
    } while (!marker.empty() && marker != "-");
    return all;
  }
  static std::string percent(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '+')
        out += "%2B";
      else if (c == '=')
        out += "%3D";
      else if (c == '/')
        out += "%2F";
      else
        out += c;
    }
    return out;
  }
};

}  // namespace

TEST_CASE("ListBlobs: names by bytes, with the properties in the documented order") {
  Listed blob({"b", "a", "A", "%F0%9F%98%80", "%EF%BC%A1"});
  const std::string xml = blob.list("");
  CHECK(names_of(xml) == "A a b \xEF\xBC\xA1 \xF0\x9F\x98\x80");
  CHECK(element_of(xml, "NextMarker").empty());
  std::size_t at = 0;
  for (const char* element : {"<Name>", "<Properties>", "<Creation-Time>", "<Last-Modified>", "<Etag>0x",
                              "<Content-Length>1", "<Content-Type>", "<Content-MD5>", "<BlobType>BlockBlob",
                              "<LeaseStatus>unlocked", "<LeaseState>available", "<ServerEncrypted>true",
                              "<AccessTier>Hot", "<AccessTierInferred>true", "</Properties>", "</Blob>"}) {
    CAPTURE(element);
    at = xml.find(element, at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("ListBlobs: pages of every size show each name once, flat and by hierarchy") {
  Listed blob({"a", "b/1", "b/2", "b/c/3", "d", "e/4"});
  for (const char* size : {"1", "2", "3", "4", "5000"}) {
    CAPTURE(size);
    const std::string limit = "&maxresults=" + std::string(size);
    std::string flat = blob.pages(limit), deep = blob.pages(limit + "&delimiter=%2F");
    for (std::string* text : {&flat, &deep})
      for (std::size_t bar = text->find("| "); bar != std::string::npos; bar = text->find("| "))
        text->erase(bar, 2);
    CHECK(flat == "a b/1 b/2 b/c/3 d e/4");
    CHECK(deep == "a b/ d e/");
  }
  CHECK(blob.pages("&delimiter=/&prefix=b/") == "b/1 b/2 b/c/");
  CHECK(blob.pages("&prefix=b/&delimiter=") == "b/1 b/2 b/c/3");
  CHECK(blob.pages("&prefix=b") == "b/1 b/2 b/c/3");
  CHECK(blob.pages("&prefix=x") == "");
}

TEST_CASE("ListBlobs: a delimiter may have several characters") {
  Listed blob({"a--b", "a--c", "a-d", "e"});
  CHECK(blob.pages("&delimiter=--") == "a-- a-d e");
}

TEST_CASE("ListBlobs: the marker survives names of every kind") {
  Listed blob({"a%20b", "c+d", "%C3%A9", "x%26y"});
  CHECK(blob.pages("&maxresults=1") == "a b | c+d | x&amp;y | \xC3\xA9");
}

TEST_CASE("ListBlobs: parameters out of their range are refused") {
  Listed blob({});
  const auto code = [&](std::string_view more) {
    return code_of(blob.get("/abc?restype=container&comp=list" + std::string(more)));
  };
  CHECK(code("&maxresults=0") == "400 OutOfRangeQueryParameterValue");
  CHECK(code("&maxresults=-1") == "400 OutOfRangeQueryParameterValue");
  CHECK(code("&include=everything") == "400 InvalidQueryParameterValue");
  CHECK(code("&include=,metadata,,TAGS,versions") == "200 ");
  CHECK(code("&delimiter=/&include=snapshots") == "400 InvalidQueryParameterValue");
  CHECK(code("&marker=nonsense").starts_with("400 "));
  CHECK(code("&maxresults=6000") == "200 ");
  CHECK(code_of(blob.get("/none?restype=container&comp=list")) == "404 ContainerNotFound");
}

TEST_CASE("ListBlobs: metadata and tags only when asked for, in their own spelling") {
  Listed blob({});
  blob.put_block_blob("/abc/x", "", {{"x-ms-meta-MyKey", "v<1>"}, {"x-ms-tags", "k=v"}});
  CHECK(blob.list("").find("MyKey") == std::string::npos);
  CHECK(blob.list("&include=metadata").find("<Metadata><MyKey>v&lt;1&gt;</MyKey></Metadata>") !=
        std::string::npos);
  CHECK(blob.list("&include=tags")
            .find("<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>") !=
        std::string::npos);
}

TEST_CASE("ListContainers: in pages, with prefix, quoted ETags and metadata when asked for") {
  TestService blob;
  for (const char* name : {"/bbb", "/aaa", "/abb", "/ccc"})
    blob.put(std::string(name) + "?restype=container", {{"x-ms-meta-K", "v"}});
  const std::string all = body_of(blob.get("?comp=list"));
  CHECK(names_of(all) == "aaa abb bbb ccc");
  CHECK(all.find("<Etag>&quot;0x") != std::string::npos);
  CHECK(all.find("ServiceEndpoint=\"http://127.0.0.1:10000/devstoreaccount1\"") != std::string::npos);
  CHECK(all.find("<Metadata>") == std::string::npos);
  CHECK(names_of(body_of(blob.get("/?comp=list&prefix=a"))) == "aaa abb");
  const std::string first = body_of(blob.get("?comp=list&maxresults=3&include=metadata"));
  CHECK(names_of(first) == "aaa abb bbb");
  CHECK(first.find("<Metadata><K>v</K></Metadata>") != std::string::npos);
  const std::string marker = Listed::percent(element_of(first, "NextMarker"));
  CHECK(names_of(body_of(blob.get("?comp=list&maxresults=3&marker=" + marker))) == "ccc");
}

TEST_CASE("ListBlobs: a plain blob reads the same as one with tags, but for their count") {
  Listed blob({"x"});
  const std::string plain = element_of(blob.list(""), "Properties");
  blob.put("/abc/x?comp=tags", {}, "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>");
  CHECK(element_of(blob.list(""), "Properties") == plain + "<TagCount>1</TagCount>");
}

}  // namespace cvemu::containers_listing_test
