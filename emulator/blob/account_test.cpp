#include "blob/testing.h"

namespace cvemu::blob_account_test {

using namespace cvemu::blob;

namespace {

constexpr std::string_view kCors =
    "<StorageServiceProperties><Cors><CorsRule><AllowedOrigins>http://a.example</AllowedOrigins>"
    "<AllowedMethods>GET,PUT</AllowedMethods><MaxAgeInSeconds>60</MaxAgeInSeconds>"
    "<ExposedHeaders>x-ms-*</ExposedHeaders><AllowedHeaders>*</AllowedHeaders></CorsRule></Cors>"
    "<DefaultServiceVersion>2021-12-02</DefaultServiceVersion></StorageServiceProperties>";

}  // namespace

TEST_CASE("blob service properties: what is set is read back, what is left out stays") {
  TestService blob;
  CHECK(blob.get("?restype=service&comp=properties").status == 200);
  CHECK(blob.put("?restype=service&comp=properties", {}, std::string(kCors)).status == 202);
  const std::string xml = body_of(blob.get("/?comp=properties&restype=service"));
  CHECK(element_of(xml, "AllowedOrigins") == "http://a.example");
  CHECK(element_of(xml, "DefaultServiceVersion") == "2021-12-02");
  blob.put("?restype=service&comp=properties", {},
           "<StorageServiceProperties><Cors/></StorageServiceProperties>");
  const std::string after = body_of(blob.get("?restype=service&comp=properties"));
  CHECK(after.find("AllowedOrigins") == std::string::npos);
  CHECK(element_of(after, "DefaultServiceVersion") == "2021-12-02");
  CHECK(code_of(blob.put("?restype=service&comp=properties", {}, "<x/>")) == "400 InvalidXmlDocument");
}

TEST_CASE("CORS: a preflight needs no signature, answers carry the headers") {
  TestService blob;
  blob.create_container("abc");
  blob.put("?restype=service&comp=properties", {}, std::string(kCors));
  const Response yes =
      blob.anonymous(Method::Options, "/abc/x?comp=block",
                     {{"Origin", "http://a.example"}, {"Access-Control-Request-Method", "PUT"}});
  CHECK(yes.status == 200);
  CHECK(yes.headers.get("Access-Control-Allow-Origin") == "http://a.example");
  CHECK(code_of(blob.anonymous(Method::Options, "/abc/x",
                               {{"Origin", "http://b.example"}, {"Access-Control-Request-Method", "PUT"}})) ==
        "403 CorsPreflightFailure");
  CHECK(blob.get("/abc?restype=container", {{"Origin", "http://a.example"}})
            .headers.get("Access-Control-Allow-Origin") == "http://a.example");
  CHECK(blob.get("/none?restype=container", {{"Origin", "http://a.example"}})
            .headers.has("Access-Control-Allow-Origin"));
}

TEST_CASE("GetBlobServiceStats: on the secondary endpoint, which takes no writes") {
  TestService blob;
  CHECK(code_of(blob.get("?restype=service&comp=stats")) == "400 InvalidQueryParameterValue");
  const auto secondary = [&](Method method, std::string target) {
    Request request = TestService::unsigned_request(method, "", {}, 0);
    request.target = "/devstoreaccount1-secondary" + std::move(target);
    shared_key::sign(request, *blob.accounts.find(kDevelopmentAccount), blob.clock.now());
    return blob.serve(request, "");
  };
  CHECK(element_of(body_of(secondary(Method::Get, "/?restype=service&comp=stats")), "Status") == "live");
  CHECK(secondary(Method::Put, "/abc?restype=container").status >= 400);
}

TEST_CASE("GetAccountInformation: on account, container and blob, by GET and HEAD") {
  TestService blob;
  for (const Method method : {Method::Get, Method::Head})
    for (const char* target : {"/?restype=account&comp=properties", "/abc?restype=account&comp=properties",
                               "/abc/x/y?comp=properties&restype=account"}) {
      const Response got = blob.send(method, target);
      CHECK(got.status == 200);
      CHECK(got.headers.get("x-ms-sku-name") == "Standard_RAGRS");
      CHECK(got.headers.get("x-ms-account-kind") == "StorageV2");
      CHECK(got.headers.get("x-ms-is-hns-enabled") == "false");
    }
}

TEST_CASE("GetUserDelegationKey: only for bearers") {
  TestService blob;
  const Response refused = blob.send(Method::Post, "?restype=service&comp=userdelegationkey", {},
                                     "<KeyInfo><Expiry>2100-01-01</Expiry></KeyInfo>");
  CHECK(refused.status == 403);
}

TEST_CASE("container ACL: policies and public access, a missing header makes it private") {
  TestService blob;
  blob.put("/abc?restype=container", {{"x-ms-blob-public-access", "container"}, {"x-ms-meta-a", "1"}});
  const std::string policies =
      "<SignedIdentifiers><SignedIdentifier><Id>p</Id><AccessPolicy><Start>2020-01-01</Start>"
      "<Expiry>2100-01-01</Expiry><Permission>rl</Permission></AccessPolicy></SignedIdentifier></"
      "SignedIdentifiers>";
  CHECK(blob.put("/abc?restype=container&comp=acl", {{"x-ms-blob-public-access", "blob"}}, policies).status ==
        200);
  const Response got = blob.get("/abc?restype=container&comp=acl");
  CHECK(got.headers.get("x-ms-blob-public-access") == "blob");
  CHECK(element_of(body_of(got), "Id") == "p");
  CHECK(element_of(body_of(got), "Permission") == "rl");
  CHECK(blob.put("/abc?restype=container&comp=acl").status == 200);
  const Response after = blob.get("/abc?restype=container&comp=acl");
  CHECK_FALSE(after.headers.has("x-ms-blob-public-access"));
  CHECK(element_of(body_of(after), "Id") == "-");
  CHECK(code_of(blob.put("/abc?restype=container&comp=acl", {}, "<SignedIdentifiers>")) ==
        "400 InvalidXmlDocument");
}

TEST_CASE("container metadata: set replaces, get tells") {
  TestService blob;
  blob.put("/abc?restype=container", {{"x-ms-meta-a", "1"}});
  const Response set = blob.put("/abc?restype=container&comp=metadata", {{"x-ms-meta-B", "2"}});
  CHECK(set.status == 200);
  CHECK(set.headers.has("ETag"));
  const Response got = blob.get("/abc?restype=container&comp=metadata");
  CHECK(got.headers.get("x-ms-meta-B") == "2");
  CHECK_FALSE(got.headers.has("x-ms-meta-a"));
  CHECK(got.headers.get("ETag") == set.headers.get("ETag"));
}

TEST_CASE("public access: what anybody may read at each level") {
  TestService blob;
  blob.create_container("none");
  blob.put("/blobs?restype=container", {{"x-ms-blob-public-access", "blob"}});
  blob.put("/all?restype=container", {{"x-ms-blob-public-access", "container"}});
  for (const char* container : {"/none", "/blobs", "/all"})
    blob.put_block_blob(std::string(container) + "/x", "hello");
  const auto anonymous = [&](Method method, std::string_view target) {
    return blob.anonymous(method, target, {{"x-ms-version", "2021-12-02"}}).status;
  };
  CHECK(anonymous(Method::Get, "/none/x") == 401);
  CHECK(anonymous(Method::Get, "/blobs/x") == 200);
  CHECK(anonymous(Method::Head, "/blobs/x") == 200);
  CHECK(anonymous(Method::Get, "/blobs?restype=container&comp=list") == 401);
  CHECK(anonymous(Method::Get, "/all?restype=container&comp=list") == 200);
  CHECK(anonymous(Method::Get, "/all?restype=container") == 200);
  CHECK(anonymous(Method::Get, "/all?restype=container&comp=acl") >= 401);
  CHECK(anonymous(Method::Delete, "/all/x") == 401);
}

TEST_CASE("SAS: one that may only create does not overwrite") {
  TestService blob;
  blob.create_container("abc");
  const auto put_with = [&](std::string_view permissions) {
    const std::string query = sas::make_blob_query(*blob.accounts.find(kDevelopmentAccount), "abc", "x",
                                                   permissions, blob.clock.now() + std::chrono::hours(1));
    return code_of(blob.anonymous(Method::Put, "/abc/x?" + query, {{"x-ms-blob-type", "BlockBlob"}}, "x"));
  };
  CHECK(put_with("r") == "403 AuthorizationPermissionMismatch");
  CHECK(put_with("c") == "201 ");
  CHECK(put_with("c") == "403 AuthorizationPermissionMismatch");
  CHECK(put_with("w") == "201 ");
}

}  // namespace cvemu::blob_account_test
