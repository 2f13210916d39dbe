// The counter behind content ids, container ids and etags: a number is never given twice, also not after a
// restart, and does not depend on the clock.
#pragma once
#include <cstdint>

#include "db/database.h"

namespace cvemu {

std::int64_t next_number(Transaction& tx);

// Gives back what was taken in advance: the state is then the same, however it was reached. Before an image
// is made.
void settle_sequence(Transaction& tx);

}  // namespace cvemu
