#include "storage/service_properties.h"

#include "storage/testing.h"
#include "storage/xml.h"

namespace cvemu::storage_service_properties_test {

using namespace cvemu::testing;

namespace {

ServiceProperties update(const std::string& inside, ServiceProperties current = {},
                         StorageKind service = StorageKind::Blob) {
  return update_service_properties(
      std::move(current), "<StorageServiceProperties>" + inside + "</StorageServiceProperties>", service);
}
std::string update_code(const std::string& inside) {
  return code_of([&] { update(inside); });
}
std::string rule(const std::string& methods = "GET,PUT") {
  return "<CorsRule><AllowedOrigins>http://a,http://b</AllowedOrigins><AllowedMethods>" + methods +
         "</AllowedMethods><AllowedHeaders>*</AllowedHeaders><ExposedHeaders>x-ms-*</ExposedHeaders>"
         "<MaxAgeInSeconds>60</MaxAgeInSeconds></CorsRule>";
}

}  // namespace

TEST_CASE("Service properties: defaults") {
  CHECK(write_service_properties({}, StorageKind::Queue) ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><StorageServiceProperties><Logging><Version>1.0</Version>"
        "<Delete>true</Delete><Read>true</Read><Write>true</Write><RetentionPolicy><Enabled>false</Enabled>"
        "</RetentionPolicy></Logging><HourMetrics><Version>1.0</Version><Enabled>false</"
        "Enabled><RetentionPolicy>"
        "<Enabled>false</Enabled></RetentionPolicy></HourMetrics><MinuteMetrics><Version>1.0</Version>"
        "<Enabled>false</Enabled><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>"
        "<Cors /></StorageServiceProperties>");
}

TEST_CASE("Service properties: every part survives being written and read") {
  ServiceProperties all;
  all.logging = {"2.0", false, true, false, {true, 7}};
  all.hour_metrics = {"1.0", true, true, {true, 365}};
  all.minute_metrics = {"1.0", true, false, {}};
  all.cors = {{"*", "GET", "", "", 0}, {"http://a", "GET,PUT", "x-*", "ETag", 60}};
  all.default_service_version = "2020-10-02";
  all.delete_retention = {true, 3};
  all.static_website = {true, "index.html", "404.html", ""};
  CHECK(update_service_properties({}, write_service_properties(all, StorageKind::Blob), StorageKind::Blob) ==
        all);
}

TEST_CASE("Service properties: a part left out stays, an empty Cors clears") {
  const ServiceProperties before = update("<Cors>" + rule() +
                                          "</Cors><DefaultServiceVersion>2020-10-02"
                                          "</DefaultServiceVersion>");
  REQUIRE(before.cors.size() == 1);
  CHECK(before.cors[0] == CorsRule{"http://a,http://b", "GET,PUT", "*", "x-ms-*", 60});
  const ServiceProperties after = update(
      "<Logging><Version>1.0</Version><Delete>false</Delete><Read>true</Read>"
      "<Write>true</Write><RetentionPolicy><Enabled>true</Enabled><Days>5</Days>"
      "</RetentionPolicy></Logging>",
      before);
  CHECK(after.cors == before.cors);
  CHECK(after.default_service_version == "2020-10-02");
  CHECK(after.logging.retention == RetentionPolicy{true, 5});
  CHECK(update("<Cors/>", before).cors.empty());
  CHECK(update("", before) == before);
}

TEST_CASE("Service properties: the queue service knows no blob parts") {
  CHECK(update("<StaticWebsite><Enabled>true</Enabled></StaticWebsite>", {}, StorageKind::Queue) ==
        ServiceProperties{});
}

TEST_CASE("Service properties: what cannot be read is refused") {
  std::string six;
  for (int i = 0; i < 6; ++i) six += rule();
  CHECK(update_code("<Cors>" + six + "</Cors>") == "400 InvalidXmlDocument");
  CHECK(update_code("<Cors>" + rule("GET,FETCH") + "</Cors>") == "400 InvalidXmlNodeValue");
  CHECK(update_code("<Cors><CorsRule/></Cors>") == "400 InvalidXmlDocument");
  CHECK(update_code("<HourMetrics><Enabled>maybe</Enabled></HourMetrics>") == "400 InvalidXmlNodeValue");
  CHECK(
      update_code("<DeleteRetentionPolicy><Enabled>true</Enabled><Days>366</Days></DeleteRetentionPolicy>") ==
      "400 InvalidXmlNodeValue");
  CHECK(update_code("<DeleteRetentionPolicy><Enabled>true</Enabled></DeleteRetentionPolicy>") ==
        "400 InvalidXmlNodeValue");
  CHECK(update_code("<DefaultServiceVersion>new</DefaultServiceVersion>") == "400 InvalidXmlNodeValue");
  CHECK(code_of([] { update_service_properties({}, "no xml", StorageKind::Blob); }) ==
        "400 InvalidXmlDocument");
}

TEST_CASE("Service stats: live, with the time of the last synchronisation") {
  const auto root = parse_xml(service_stats_xml(kVectorTime), "StorageServiceStats");
  CHECK(root.find("GeoReplication")->text_of("Status") == "live");
  CHECK(root.find("GeoReplication")->text_of("LastSyncTime") == "Mon, 15 Jun 2026 12:00:00 GMT");
}

}  // namespace cvemu::storage_service_properties_test
