#include "storage/service_properties.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"
#include "storage/limits.h"
#include "storage/xml.h"

namespace cvemu {

namespace {

constexpr std::array<std::string_view, 9> kCorsMethods = {"DELETE", "GET", "HEAD",    "MERGE",  "POST",
                                                          "PATCH",  "PUT", "OPTIONS", "CONNECT"};

// --- reading ----------------------------------------------------------------------------------------------

bool bool_of(const XmlElement& parent, std::string_view name) {
  const auto text = trim(parent.text_of(name));
  if (iequals(text, "true")) return true;
  if (iequals(text, "false")) return false;
  throw storage_errors::invalid_xml_node(name, text);
}

int int_of(const XmlElement& parent, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto text = trim(parent.text_of(name));
  const auto number = parse_int(text);
  if (!number || *number < least || *number > most) throw storage_errors::invalid_xml_node(name, text);
  return static_cast<int>(*number);
}

const XmlElement& child_of(const XmlElement& parent, std::string_view name) {
  const auto* child = parent.find(name);
  if (!child) throw storage_errors::invalid_xml(parent.name + " needs an element " + std::string(name) + '.');
  return *child;
}

RetentionPolicy retention_of(const XmlElement& element) {
  RetentionPolicy policy;
  policy.enabled = bool_of(element, "Enabled");
  if (policy.enabled || element.find("Days"))
    policy.days = int_of(element, "Days", 0, storage_limits::kRetentionDays);
  if (policy.enabled && policy.days == 0) throw storage_errors::invalid_xml_node("Days", "0");
  return policy;
}

LoggingProperties logging_of(const XmlElement& element) {
  LoggingProperties logging;
  logging.version = element.text_of("Version");
  logging.delete_requests = bool_of(element, "Delete");
  logging.read_requests = bool_of(element, "Read");
  logging.write_requests = bool_of(element, "Write");
  logging.retention = retention_of(child_of(element, "RetentionPolicy"));
  return logging;
}

MetricsProperties metrics_of(const XmlElement& element) {
  MetricsProperties metrics;
  metrics.version = element.text_of("Version");
  metrics.enabled = bool_of(element, "Enabled");
  if (element.find("IncludeAPIs")) metrics.include_apis = bool_of(element, "IncludeAPIs");
  if (const auto* retention = element.find("RetentionPolicy")) metrics.retention = retention_of(*retention);
  return metrics;
}

bool is_method_list(std::string_view text) {
  const auto items = split(text, ',');
  return std::all_of(items.begin(), items.end(), [](std::string_view item) {
    return std::find(kCorsMethods.begin(), kCorsMethods.end(), trim(item)) != kCorsMethods.end();
  });
}

CorsRule cors_rule_of(const XmlElement& element) {
  CorsRule rule;
  rule.allowed_origins = child_of(element, "AllowedOrigins").text;
  rule.allowed_methods = child_of(element, "AllowedMethods").text;
  rule.allowed_headers = element.text_of("AllowedHeaders");
  rule.exposed_headers = element.text_of("ExposedHeaders");
  rule.max_age_seconds = int_of(element, "MaxAgeInSeconds", 0, std::numeric_limits<int>::max());
  if (!is_method_list(rule.allowed_methods))
    throw storage_errors::invalid_xml_node("AllowedMethods", rule.allowed_methods);
  for (const auto& list : {rule.allowed_origins, rule.allowed_headers, rule.exposed_headers})
    if (split(list, ',').size() > storage_limits::kCorsList)
      throw storage_errors::invalid_xml("A list of a CORS rule may have 64 items.");
  if (trim(rule.allowed_origins).empty()) throw storage_errors::invalid_xml_node("AllowedOrigins", "");
  return rule;
}

std::vector<CorsRule> cors_rules_of(const XmlElement& element) {
  std::vector<CorsRule> rules;
  for (const auto& child : element.children) rules.push_back(cors_rule_of(child));
  if (rules.size() > storage_limits::kCorsRules)
    throw storage_errors::invalid_xml("There may be no more than five CORS rules.");
  return rules;
}

StaticWebsite static_website_of(const XmlElement& element) {
  StaticWebsite website;
  website.enabled = bool_of(element, "Enabled");
  website.index_document = element.text_of("IndexDocument");
  website.error_document = element.text_of("ErrorDocument404Path");
  website.default_index_path = element.text_of("DefaultIndexDocumentPath");
  return website;
}

void update_blob_part(ServiceProperties& properties, const XmlElement& root) {
  if (const auto* part = root.find("DefaultServiceVersion")) {
    if (part->text.size() != 10 || !times::parse_iso(part->text))
      throw storage_errors::invalid_xml_node(part->name, part->text);
    properties.default_service_version = part->text;
  }
  if (const auto* part = root.find("DeleteRetentionPolicy"))
    properties.delete_retention = retention_of(*part);
  if (const auto* part = root.find("StaticWebsite")) properties.static_website = static_website_of(*part);
}

// --- writing ----------------------------------------------------------------------------------------------

void write_retention(XmlWriter& xml, std::string_view name, const RetentionPolicy& policy) {
  xml.open(name).boolean("Enabled", policy.enabled);
  if (policy.enabled) xml.number("Days", policy.days);
  xml.close(name);
}

void write_logging(XmlWriter& xml, const LoggingProperties& logging) {
  xml.open("Logging")
      .element("Version", logging.version)
      .boolean("Delete", logging.delete_requests)
      .boolean("Read", logging.read_requests)
      .boolean("Write", logging.write_requests);
  write_retention(xml, "RetentionPolicy", logging.retention);
  xml.close("Logging");
}

void write_metrics(XmlWriter& xml, std::string_view name, const MetricsProperties& metrics) {
  xml.open(name).element("Version", metrics.version).boolean("Enabled", metrics.enabled);
  if (metrics.include_apis) xml.boolean("IncludeAPIs", *metrics.include_apis);
  write_retention(xml, "RetentionPolicy", metrics.retention);
  xml.close(name);
}

void write_cors(XmlWriter& xml, const std::vector<CorsRule>& rules) {
  if (rules.empty()) {
    xml.empty("Cors");
    return;
  }
  xml.open("Cors");
  for (const CorsRule& rule : rules)
    xml.open("CorsRule")
        .element("AllowedOrigins", rule.allowed_origins)
        .element("AllowedMethods", rule.allowed_methods)
        .element("AllowedHeaders", rule.allowed_headers)
        .element("ExposedHeaders", rule.exposed_headers)
        .number("MaxAgeInSeconds", rule.max_age_seconds)
        .close("CorsRule");
  xml.close("Cors");
}

void write_blob_part(XmlWriter& xml, const ServiceProperties& properties) {
  xml.element_if_set("DefaultServiceVersion", properties.default_service_version);
  write_retention(xml, "DeleteRetentionPolicy", properties.delete_retention);
  const StaticWebsite& website = properties.static_website;
  xml.open("StaticWebsite").boolean("Enabled", website.enabled);
  xml.element_if_set("IndexDocument", website.index_document);
  xml.element_if_set("ErrorDocument404Path", website.error_document);
  xml.element_if_set("DefaultIndexDocumentPath", website.default_index_path);
  xml.close("StaticWebsite");
}

}  // namespace

ServiceProperties update_service_properties(ServiceProperties current, std::string_view document,
                                            StorageKind service) {
  const XmlElement root = parse_xml(document, "StorageServiceProperties");
  if (const auto* part = root.find("Logging")) current.logging = logging_of(*part);
  if (const auto* part = root.find("HourMetrics")) current.hour_metrics = metrics_of(*part);
  if (const auto* part = root.find("MinuteMetrics")) current.minute_metrics = metrics_of(*part);
  if (const auto* part = root.find("Cors")) current.cors = cors_rules_of(*part);
  if (service == StorageKind::Blob) update_blob_part(current, root);
  return current;
}

std::string write_service_properties(const ServiceProperties& properties, StorageKind service) {
  XmlWriter xml(1024);
  xml.open("StorageServiceProperties");
  write_logging(xml, properties.logging);
  write_metrics(xml, "HourMetrics", properties.hour_metrics);
  write_metrics(xml, "MinuteMetrics", properties.minute_metrics);
  write_cors(xml, properties.cors);
  if (service == StorageKind::Blob) write_blob_part(xml, properties);
  return xml.close("StorageServiceProperties").take();
}

std::string service_stats_xml(Instant last_sync) {
  XmlWriter xml;
  xml.open("StorageServiceStats")
      .open("GeoReplication")
      .element("Status", "live")
      .element("LastSyncTime", times::rfc1123(last_sync))
      .close("GeoReplication")
      .close("StorageServiceStats");
  return xml.take();
}

}  // namespace cvemu
