#include "store/service_properties.h"

namespace cvemu::service_properties {

std::optional<std::string> find(Transaction& tx, std::string_view account, std::string_view service) {
  Statement row = tx.prepare("SELECT properties FROM service_properties WHERE account = ? AND service = ?");
  row.bind(account, service);
  return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

void set(Transaction& tx, std::string_view account, std::string_view service, std::string_view xml) {
  tx.run("INSERT OR REPLACE INTO service_properties VALUES (?, ?, ?)", account, service, xml);
}

}  // namespace cvemu::service_properties
