// The clock in the database: a file goes on at the time it was left at, a snapshot at the time it was taken.
#pragma once
#include <optional>

#include "base/clock.h"
#include "db/database.h"

namespace cvemu::clock_state {

void keep(Transaction& tx, const Clock& clock);
std::optional<Clock::State> find(Transaction& tx);  // the last one kept

}  // namespace cvemu::clock_state
