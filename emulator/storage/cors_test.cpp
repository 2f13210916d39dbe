#include "storage/cors.h"

#include "storage/testing.h"

namespace cvemu::storage_cors_test {

using namespace cvemu::testing;

namespace {

const std::vector<CorsRule> kRules = {
    {"http://a.com, http://*.b.com", "GET,PUT", "x-ms-meta-*,content-type", "x-ms-*", 60},
    {"*", "GET", "", "ETag", 5},
};

Response preflight(std::initializer_list<std::string_view> lines) {
  const Sent sent(request_of("OPTIONS /a/q", lines));
  return answer_preflight(sent.exchange, kRules);
}
std::string preflight_code(std::initializer_list<std::string_view> lines) {
  return code_of([&] { preflight(lines); });
}

Headers actual(std::string_view line, std::initializer_list<std::string_view> lines,
               const std::vector<CorsRule>& rules = kRules) {
  const Sent sent(request_of(line, lines));
  Response response;
  for (const auto name : {"x-ms-request-id", "ETag", "Date"}) response.headers.add(name, "v");
  add_cors_headers(response, sent.exchange, rules);
  return response.headers;
}

}  // namespace

TEST_CASE("CORS preflight: a rule that fits answers for itself") {
  const auto answer = preflight({"Origin: http://a.com", "Access-Control-Request-Method: PUT",
                                 "Access-Control-Request-Headers: x-ms-meta-foo, Content-Type"});
  CHECK(answer.status == 200);
  CHECK(answer.headers.get("Access-Control-Allow-Origin") == "http://a.com");
  CHECK(answer.headers.get("Access-Control-Allow-Methods") == "PUT");
  CHECK(answer.headers.get("Access-Control-Allow-Headers") == "x-ms-meta-foo, Content-Type");
  CHECK(answer.headers.get("Access-Control-Max-Age") == "60");
  CHECK(answer.headers.get("Access-Control-Allow-Credentials") == "true");
}

TEST_CASE("CORS preflight: origins, methods and headers must all fit one rule") {
  const std::string_view get = "Access-Control-Request-Method: GET",
                         put = "Access-Control-Request-Method: PUT";
  CHECK(preflight_code({"Origin: http://x.b.com", put}) == "");
  CHECK(preflight_code({"Origin: http://b.com", put}) == "403 CorsPreflightFailure");
  CHECK(preflight_code({"Origin: http://A.com", put}) == "403 CorsPreflightFailure");
  CHECK(preflight_code({"Origin: http://else", get}) == "");
  CHECK(preflight_code({"Origin: http://a.com", "Access-Control-Request-Method: DELETE"}) ==
        "403 CorsPreflightFailure");
  CHECK(preflight_code({"Origin: http://a.com", put, "Access-Control-Request-Headers: x-other"}) ==
        "403 CorsPreflightFailure");
  CHECK(preflight_code({"Origin: http://else", get, "Access-Control-Request-Headers: any"}) ==
        "403 CorsPreflightFailure");
}

TEST_CASE("CORS preflight: both headers are needed") {
  CHECK(preflight_code({"Access-Control-Request-Method: GET"}) == "400 InvalidHeaderValue");
  CHECK(preflight_code({"Origin: http://a.com"}) == "400 InvalidHeaderValue");
}

TEST_CASE("CORS: an answer to a known origin") {
  const Headers headers = actual("GET /a/q", {"Origin: http://a.com"});
  CHECK(headers.get("Access-Control-Allow-Origin") == "http://a.com");
  CHECK(headers.get("Access-Control-Expose-Headers") == "x-ms-request-id");
  CHECK(headers.get("Access-Control-Allow-Credentials") == "true");
  CHECK(headers.get("Vary") == "Origin");
}

TEST_CASE("CORS: an answer to every origin") {
  const Headers headers = actual("GET /a/q", {"Origin: http://else"});
  CHECK(headers.get("Access-Control-Allow-Origin") == "*");
  CHECK(headers.get("Access-Control-Expose-Headers") == "ETag");
  CHECK_FALSE(headers.has("Access-Control-Allow-Credentials"));
}

TEST_CASE("CORS: no rule fits, no rules, no origin") {
  const Headers unfit = actual("DELETE /a/q", {"Origin: http://a.com"});
  CHECK(unfit.get("Vary") == "Origin");
  CHECK_FALSE(unfit.has("Access-Control-Allow-Origin"));
  CHECK_FALSE(actual("GET /a/q", {"Origin: http://a.com"}, {}).has("Vary"));
  CHECK_FALSE(actual("GET /a/q", {}).has("Vary"));
}

}  // namespace cvemu::storage_cors_test
