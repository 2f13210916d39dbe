#include "table/service.h"

#include <doctest/doctest.h>

#include "storage/test_service.h"

namespace cvemu::table_service_test {

namespace {

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

struct Answer {
  int status;
  Headers headers;
  std::string body;
};

constexpr Instant kNow{std::chrono::seconds(4102444800)};  // 2100-01-01
const std::string kText =
    "The requested operation is not implemented on the specified resource. Tables are not emulated: use "
    "Azurite's table endpoint, or an account of Azure's.";

Answer serve(Method method, std::string_view target, Fields fields) {
  testing::ServiceBench bench(kNow);
  table::TableService service("cvemu-Table/9");
  Request request = testing::make_request(method, target, "127.0.0.1:10002", fields, 0);
  Response response = bench.serve(service, request, "");
  return {response.status, std::move(response.headers), std::get<std::string>(std::move(response.body))};
}

std::string content_type(const Answer& answer) {
  return std::string(answer.headers.get("Content-Type"));
}

}  // namespace

TEST_CASE("TableService: everything is answered 501 in the service's shape") {
  for (const Method method : {Method::Get, Method::Post, Method::Put, Method::Delete, Method::Options})
    for (const std::string_view target : {"/devstoreaccount1/Tables", "/nobody/Tables('a')?comp=acl", "/",
                                          "/%", "/devstoreaccount1/$batch"}) {
      const Answer answer = serve(method, target, {{"x-ms-version", "2019-02-02"}});
      CAPTURE(target);
      CHECK(answer.status == 501);
      CHECK(content_type(answer) == "application/json;odata=minimalmetadata;streaming=true;charset=utf-8");
      const std::string id(answer.headers.get("x-ms-request-id"));
      CHECK(answer.body == R"({"odata.error":{"code":"NotImplemented","message":{"lang":"en-US","value":")" +
                               kText + "\\nRequestId:" + id + "\\nTime:2100-01-01T00:00:00.0000000Z\"}}}");
    }
}

TEST_CASE("TableService: the headers of every answer") {
  const Answer answer = serve(Method::Get, "/devstoreaccount1/Tables",
                              {{"x-ms-version", "2019-02-02"}, {"x-ms-client-request-id", "mine"}});
  CHECK(answer.headers.get("Server") == "cvemu-Table/9");
  CHECK(answer.headers.get("Date") == "Fri, 01 Jan 2100 00:00:00 GMT");
  CHECK(answer.headers.get("x-ms-version") == "2019-02-02");
  CHECK(answer.headers.get("x-ms-client-request-id") == "mine");
  CHECK(answer.headers.get("Cache-Control") == "no-cache");
  CHECK(answer.headers.get("X-Content-Type-Options") == "nosniff");
  CHECK_FALSE(answer.headers.find("x-ms-error-code"));
  CHECK(serve(Method::Head, "/devstoreaccount1", {}).body == "");
}

TEST_CASE("TableService: the format is the one that was asked for") {
  const auto with = [](std::string_view accept, std::string_view query = "") {
    return serve(Method::Get, "/devstoreaccount1/Tables" + std::string(query), {{"Accept", accept}});
  };
  CHECK(content_type(with("application/json;odata=nometadata")) ==
        "application/json;odata=nometadata;streaming=true;charset=utf-8");
  CHECK(content_type(with("application/json;odata=fullmetadata")) ==
        "application/json;odata=fullmetadata;streaming=true;charset=utf-8");
  for (const std::string_view accept : {"*/*", "text/html", "application/atom+xml,application/json"})
    CHECK(content_type(with(accept)).starts_with("application/json;odata=minimalmetadata"));
  for (const std::string_view accept :
       {"application/atom+xml", "application/xml", "Application/Atom+XML,application/xml"})
    CHECK(content_type(with(accept)) == "application/xml");
  CHECK(content_type(with("application/json", "?$format=atom")) == "application/xml");
  CHECK(content_type(with("application/atom+xml", "?$format=json")).starts_with("application/json"));
  const Answer xml = with("application/atom+xml");
  CHECK(xml.body ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><m:error "
        "xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><m:code>NotImplemented</"
        "m:code>"
        "<m:message xml:lang=\"en-US\">" +
            kText + "\nRequestId:" + std::string(xml.headers.get("x-ms-request-id")) +
            "\nTime:2100-01-01T00:00:00.0000000Z</m:message></m:error>");
}

TEST_CASE("TableService: arranged failures have its shape") {
  const table::TableService service("cvemu-Table/9");
  CHECK(service.throttled(7).code == "ServerBusy");
  CHECK(service.throttled(7).headers.get("Retry-After") == "7");
  CHECK(service.error_for(403).status == 403);
  CHECK(service.unexpected().status == 500);
  CHECK(service.unavailable().status == 503);
}

}  // namespace cvemu::table_service_test
