#include "blob/testing.h"

namespace cvemu::containers_containers_test {

using namespace cvemu::blob;

TEST_CASE("CreateContainer: 201 with ETag and Last-Modified, a second time 409") {
  TestService blob;
  const Response created = blob.put("/abc?restype=container", {{"x-ms-meta-Owner", "me"}});
  CHECK(created.status == 201);
  CHECK(created.headers.get("ETag").starts_with("\"0x"));
  CHECK(created.headers.has("Last-Modified"));
  CHECK(created.headers.has("x-ms-request-id"));
  CHECK(code_of(blob.put("/abc?restype=container")) == "409 ContainerAlreadyExists");
}

TEST_CASE("CreateContainer: names and headers are checked") {
  TestService blob;
  CHECK(code_of(blob.put("/ab?restype=container")) == "400 OutOfRangeInput");
  CHECK(code_of(blob.put("/Upper?restype=container")) == "400 InvalidResourceName");
  CHECK(code_of(blob.put("/two--dashes?restype=container")) == "400 InvalidResourceName");
  CHECK(blob.put("/$web?restype=container").status == 201);
  CHECK(code_of(blob.put("/abc?restype=container", {{"x-ms-blob-public-access", "all"}})) ==
        "400 InvalidHeaderValue");
  CHECK(code_of(blob.put("/abc?restype=container", {{"x-ms-meta-1x", "v"}})) == "400 InvalidMetadata");
}

TEST_CASE("containers: a name that none can have is refused by every operation") {
  TestService blob;
  CHECK(code_of(blob.get("/Upper?restype=container")) == "400 InvalidResourceName");
  CHECK(code_of(blob.get("/ab?restype=container&comp=list")) == "400 OutOfRangeInput");
  CHECK(code_of(blob.get("/Upper/x")) == "400 InvalidResourceName");
  CHECK(code_of(blob.put_block_blob("/two--dashes/x", "")) == "400 InvalidResourceName");
  CHECK(code_of(blob.put("/ab/x?comp=undelete")) == "400 OutOfRangeInput");
}

TEST_CASE("GetContainerProperties: everything the C++ SDK wants, by GET and HEAD") {
  TestService blob;
  blob.put("/abc?restype=container", {{"x-ms-meta-Owner", "me"}, {"x-ms-blob-public-access", "blob"}});
  for (const Method method : {Method::Get, Method::Head}) {
    const Response got = blob.send(method, "/abc?restype=container");
    CHECK(got.status == 200);
    CHECK(got.headers.get("x-ms-lease-state") == "available");
    CHECK(got.headers.get("x-ms-lease-status") == "unlocked");
    CHECK(got.headers.get("x-ms-has-immutability-policy") == "false");
    CHECK(got.headers.get("x-ms-has-legal-hold") == "false");
    CHECK(got.headers.get("x-ms-meta-Owner") == "me");
    CHECK(got.headers.get("x-ms-blob-public-access") == "blob");
    CHECK(got.headers.has("ETag"));
  }
  CHECK(code_of(blob.get("/none?restype=container")) == "404 ContainerNotFound");
}

TEST_CASE("DeleteContainer: 202, its blobs are gone, the name is free at once") {
  TestService blob;
  blob.create_container("abc");
  blob.put_block_blob("/abc/x", "old");
  CHECK(blob.remove("/abc?restype=container").status == 202);
  CHECK(code_of(blob.remove("/abc?restype=container")) == "404 ContainerNotFound");
  CHECK(code_of(blob.get("/abc/x")) == "404 ContainerNotFound");
  blob.create_container("abc");
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
}

TEST_CASE("DeleteContainer: dates decide, ETags do not") {
  TestService blob;
  blob.create_container("abc");
  CHECK(code_of(blob.remove("/abc?restype=container",
                            {{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}})) ==
        "412 ConditionNotMet");
  CHECK(blob.remove("/abc?restype=container", {{"If-Match", "\"other\""}}).status == 202);
}

TEST_CASE("requests: what no operation answers is told in the service's shape") {
  TestService blob;
  const Response unknown = blob.get("/c?restype=container&comp=nonsense");
  CHECK(code_of(unknown) == "400 InvalidQueryParameterValue");
  CHECK(body_of(unknown).find("<Code>InvalidQueryParameterValue</Code>") != std::string::npos);
  CHECK(code_of(blob.send(Method::Patch, "/c?restype=container")) == "405 UnsupportedHttpVerb");
  CHECK(code_of(blob.get("/c%2")) == "400 InvalidUri");
  const Response bare = blob.get("/c");
  CHECK(code_of(bare) == "400 InvalidQueryParameterValue");
  CHECK(element_of(body_of(bare), "QueryParameterName") == "restype");
}

TEST_CASE("requests: an unknown account is 404, a request without credentials is refused") {
  TestService blob;
  Request request = TestService::unsigned_request(Method::Get, "/abc?restype=container",
                                                  {{"x-ms-version", "2021-12-02"}}, 0);
  CHECK(blob.serve(request, "").status == 401);
  request.target = "/somebodyelse/c?restype=container";
  CHECK(blob.serve(request, "").status == 404);
}

}  // namespace cvemu::containers_containers_test
