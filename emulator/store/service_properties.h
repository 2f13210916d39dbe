// Settings of a whole account: logging, metrics, CORS rules and what else Set Service Properties carries.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::service_properties {

// The StorageServiceProperties document; nullopt if none was ever set. `service` is "blob" or "queue".
std::optional<std::string> find(Transaction& tx, std::string_view account, std::string_view service);
void set(Transaction& tx, std::string_view account, std::string_view service, std::string_view xml);

}  // namespace cvemu::service_properties
