// Named values that must be the same after a restart.
#pragma once
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::key_values {

std::optional<std::string> find(Transaction& tx, std::string_view name);
void set(Transaction& tx, std::string_view name, std::string_view value);

}  // namespace cvemu::key_values
