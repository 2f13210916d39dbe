// The service properties of an account, as kept in the database.
#pragma once
#include <optional>
#include <string_view>

#include "db/database.h"
#include "storage/service_properties.h"

namespace cvemu::blob {

ServiceProperties load_settings(Transaction&, std::string_view account);
void save_settings(Transaction&, std::string_view account, const ServiceProperties&);

// Until when something deleted now can be restored; nullopt if soft delete is off.
// Emulator: the policy for blobs holds for containers too. Azure keeps theirs in the resource manager.
std::optional<Instant> retained_until(Transaction&, std::string_view account, Instant now);

}  // namespace cvemu::blob
