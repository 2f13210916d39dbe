// Service properties of an account, in both services: a plain value, and its XML both ways.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/sas.h"

namespace cvemu {

struct RetentionPolicy {
  bool enabled = false;
  int days = 0;  // 1-365 if enabled
  bool operator==(const RetentionPolicy&) const = default;
};

struct LoggingProperties {
  std::string version = "1.0";
  bool delete_requests = true, read_requests = true, write_requests = true;
  RetentionPolicy retention;
  bool operator==(const LoggingProperties&) const = default;
};

struct MetricsProperties {
  std::string version = "1.0";
  bool enabled = false;
  std::optional<bool> include_apis;
  RetentionPolicy retention;
  bool operator==(const MetricsProperties&) const = default;
};

// Lists stay as the client wrote them, separated by commas; blanks around an item do not count.
struct CorsRule {
  std::string allowed_origins, allowed_methods, allowed_headers, exposed_headers;
  int max_age_seconds = 0;
  bool operator==(const CorsRule&) const = default;
};

struct StaticWebsite {
  bool enabled = false;
  std::string index_document, error_document, default_index_path;
  bool operator==(const StaticWebsite&) const = default;
};

struct ServiceProperties {
  LoggingProperties logging;
  MetricsProperties hour_metrics, minute_metrics;
  std::vector<CorsRule> cors;
  // Blob service only:
  std::string default_service_version;
  RetentionPolicy delete_retention;
  StaticWebsite static_website;
  bool operator==(const ServiceProperties&) const = default;
};

// What a Set Service Properties body makes of `current`: a part that is left out stays as it is, <Cors/>
// removes the rules. Throws InvalidXmlDocument or InvalidXmlNodeValue. Services keep properties as the text
// of write_service_properties; updating a default value by it restores them.
ServiceProperties update_service_properties(ServiceProperties current, std::string_view document,
                                            StorageKind);
std::string write_service_properties(const ServiceProperties&, StorageKind);

// The answer of Get Service Stats.
std::string service_stats_xml(Instant last_sync);

}  // namespace cvemu
