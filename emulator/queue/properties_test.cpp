#include <doctest/doctest.h>

#include "queue/testing.h"

namespace cvemu::queue_properties_test {

using namespace cvemu::queue;

namespace {

constexpr std::string_view kProperties = "?restype=service&comp=properties";

std::string with_rules(std::string_view rules) {
  return "<StorageServiceProperties><Cors>" + std::string(rules) + "</Cors></StorageServiceProperties>";
}

std::string rule(std::string_view origins, std::string_view methods, std::string_view headers) {
  return "<CorsRule><AllowedOrigins>" + std::string(origins) + "</AllowedOrigins><AllowedMethods>" +
         std::string(methods) + "</AllowedMethods><AllowedHeaders>" + std::string(headers) +
         "</AllowedHeaders><ExposedHeaders>x-ms-*</ExposedHeaders><MaxAgeInSeconds>77</MaxAgeInSeconds></"
         "CorsRule>";
}

struct OneRule : QueueBench {
  OneRule() {
    REQUIRE(put(kProperties, with_rules(rule("http://a.test", "GET,PUT", "x-ms-*,content-type"))).status ==
            202);
  }
  Answer preflight(Fields fields) {
    return raw(Method::Options, "/devstoreaccount1/jobs/messages?comp=list", "", fields);
  }
};

}  // namespace

TEST_CASE_FIXTURE(QueueBench, "GetQueueServiceProperties: the defaults") {
  const XmlElement properties = get(kProperties).xml("StorageServiceProperties");
  CHECK(properties.find("Logging")->text_of("Delete") == "true");
  CHECK(properties.find("HourMetrics")->text_of("Enabled") == "false");
  CHECK(properties.find("MinuteMetrics")->text_of("Enabled") == "false");
  CHECK(properties.find("Cors")->children.empty());
  CHECK(properties.find("DefaultServiceVersion") == nullptr);
  CHECK(get("/?restype=service&comp=properties").outcome() == "200 ");
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueServiceProperties: what is left out stays, an empty Cors clears") {
  const char* logging =
      "<StorageServiceProperties><Logging><Version>1.0</Version><Delete>false</Delete><Read>true</Read>"
      "<Write>true</Write><RetentionPolicy><Enabled>true</Enabled><Days>7</Days></RetentionPolicy></Logging>"
      "</StorageServiceProperties>";
  CHECK(put(kProperties, with_rules(rule("*", "GET", "*"))).outcome() == "202 ");
  CHECK(put(kProperties, logging).outcome() == "202 ");
  XmlElement properties = get(kProperties).xml("StorageServiceProperties");
  CHECK(properties.find("Logging")->text_of("Delete") == "false");
  CHECK(properties.find("Logging")->find("RetentionPolicy")->text_of("Days") == "7");
  CHECK(properties.find("Cors")->children.size() == 1);
  CHECK(put(kProperties, "<StorageServiceProperties><Cors/></StorageServiceProperties>").outcome() == "202 ");
  properties = get(kProperties).xml("StorageServiceProperties");
  CHECK(properties.find("Cors")->children.empty());
  CHECK(properties.find("Logging")->text_of("Delete") == "false");
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueServiceProperties: refused documents change nothing") {
  std::string six;
  for (int i = 0; i < 6; ++i) six += rule("*", "GET", "*");
  CHECK(put(kProperties, with_rules(six)).outcome() == "400 InvalidXmlDocument");
  CHECK(put(kProperties, "").outcome() == "400 InvalidXmlDocument");
  CHECK(put(kProperties, "<Other/>").outcome() == "400 InvalidXmlDocument");
  CHECK(put(kProperties, with_rules(rule("*", "FETCH", "*"))).outcome() == "400 InvalidXmlNodeValue");
  CHECK(get(kProperties).xml("StorageServiceProperties").find("Cors")->children.empty());
}

TEST_CASE_FIXTURE(QueueBench, "GetQueueServiceStats: on the secondary only, also as Python asks for it") {
  CHECK(get("?restype=service&comp=stats").outcome() == "400 InvalidQueryParameterValue");
  for (const char* path : {"-secondary?restype=service&comp=stats", "-secondary/?restype=service&comp=stats",
                           "-secondary/devstoreaccount1/?restype=service&comp=stats"}) {
    CAPTURE(path);
    const Answer answer = get(path);
    REQUIRE(answer.outcome() == "200 ");
    const XmlElement stats = answer.xml("StorageServiceStats");
    REQUIRE(stats.find("GeoReplication"));
    CHECK(stats.find("GeoReplication")->text_of("Status") == "live");
    CHECK(stats.find("GeoReplication")->text_of("LastSyncTime") == times::rfc1123(kStart));
  }
}

TEST_CASE_FIXTURE(QueueBench, "the secondary endpoint: for reading only") {
  put("/jobs");
  post("/jobs/messages", message_body("x"));
  CHECK(get("-secondary/jobs/messages?peekonly=true").outcome() == "200 ");
  CHECK(get("-secondary/jobs?comp=metadata").outcome() == "200 ");
  CHECK(get("-secondary?comp=list").outcome() == "200 ");
  CHECK(get("-secondary/jobs/messages").outcome() == "403 InsufficientAccountPermissions");
  CHECK(post("-secondary/jobs/messages", message_body("x")).outcome() ==
        "403 InsufficientAccountPermissions");
  CHECK(erase("-secondary/jobs").outcome() == "403 InsufficientAccountPermissions");
}

TEST_CASE_FIXTURE(OneRule, "PreflightQueueRequest: allowed, whatever the address") {
  const Answer answer = preflight({{"Origin", "http://a.test"},
                                   {"Access-Control-Request-Method", "PUT"},
                                   {"Access-Control-Request-Headers", "x-ms-date,Content-Type"}});
  CHECK(answer.outcome() == "200 ");
  CHECK(answer.header("Access-Control-Allow-Origin") == "http://a.test");
  CHECK(answer.header("Access-Control-Allow-Methods") == "PUT");
  CHECK(answer.header("Access-Control-Allow-Headers") == "x-ms-date,Content-Type");
  CHECK(answer.header("Access-Control-Max-Age") == "77");
  CHECK(answer.header("Access-Control-Allow-Credentials") == "true");
  CHECK(raw(Method::Options, "/devstoreaccount1", "",
            {{"Origin", "http://a.test"}, {"Access-Control-Request-Method", "GET"}})
            .status == 200);
}

TEST_CASE_FIXTURE(OneRule, "PreflightQueueRequest: refused") {
  CHECK(preflight({{"Origin", "http://b.test"}, {"Access-Control-Request-Method", "PUT"}}).outcome() ==
        "403 CorsPreflightFailure");
  CHECK(preflight({{"Origin", "http://a.test"}, {"Access-Control-Request-Method", "DELETE"}}).outcome() ==
        "403 CorsPreflightFailure");
  CHECK(preflight({{"Origin", "http://a.test"}}).outcome() == "400 InvalidHeaderValue");
  CHECK(preflight({{"Access-Control-Request-Method", "PUT"}}).outcome() == "400 InvalidHeaderValue");
  CHECK(raw(Method::Options, "/unknown/jobs").outcome() == "404 ResourceNotFound");
}

TEST_CASE_FIXTURE(OneRule,
                  "CORS: real requests are answered with the headers of their rule, errors included") {
  Answer answer = get("?comp=list", {{"Origin", "http://a.test"}});
  CHECK(answer.header("Access-Control-Allow-Origin") == "http://a.test");
  CHECK(answer.header("Access-Control-Expose-Headers").find("x-ms-request-id") != std::string_view::npos);
  CHECK(answer.header("Vary") == "Origin");
  answer = get("/none?comp=metadata", {{"Origin", "http://a.test"}});
  CHECK(answer.outcome() == "404 QueueNotFound");
  CHECK(answer.header("Access-Control-Allow-Origin") == "http://a.test");
}

TEST_CASE_FIXTURE(OneRule, "CORS: without a rule the request runs all the same") {
  Answer answer = get("?comp=list", {{"Origin", "http://b.test"}});
  CHECK(answer.outcome() == "200 ");
  CHECK_FALSE(answer.headers.has("Access-Control-Allow-Origin"));
  CHECK(answer.header("Vary") == "Origin");
  CHECK_FALSE(get("?comp=list").headers.has("Vary"));
}

}  // namespace cvemu::queue_properties_test
