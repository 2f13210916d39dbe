// Things that a control request names by id or by name.
#pragma once
#include "control/json.h"
#include "db/database.h"

namespace cvemu::control {

// The project of this id, or else of this name, of equal names the newest. 400 with the nearest name if there
// is none; `at` is the pointer to where it was named. Call outside any Transaction.
Uuid find_project(Database& database, std::string_view id_or_name, std::string_view at);

}  // namespace cvemu::control
