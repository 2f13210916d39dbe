#include "blob/settings.h"

#include "store/service_properties.h"

namespace cvemu::blob {

namespace {
constexpr std::string_view kService = "blob";
}

ServiceProperties load_settings(Transaction& tx, std::string_view account) {
  const auto stored = service_properties::find(tx, account, kService);
  return stored ? update_service_properties({}, *stored, StorageKind::Blob) : ServiceProperties{};
}

void save_settings(Transaction& tx, std::string_view account, const ServiceProperties& settings) {
  service_properties::set(tx, account, kService, write_service_properties(settings, StorageKind::Blob));
}

std::optional<Instant> retained_until(Transaction& tx, std::string_view account, Instant now) {
  const RetentionPolicy policy = load_settings(tx, account).delete_retention;
  if (!policy.enabled) return std::nullopt;
  return now + std::chrono::days(policy.days);
}

}  // namespace cvemu::blob
