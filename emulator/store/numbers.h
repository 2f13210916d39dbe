// The counter behind content ids, container ids and etags: a number is never given twice, also not after a
// restart, and does not depend on the clock.
#pragma once
#include <cstdint>

#include "db/database.h"

namespace cvemu {

std::int64_t next_number(Transaction& tx);

}  // namespace cvemu
