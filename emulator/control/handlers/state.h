// The whole state as one document that two runs, or two days, can be compared by.
#pragma once
#include "control/context.h"
#include "control/json.h"

namespace cvemu::control {

// Lists sorted by what names their entries, times in UTC, bytes as their SHA-256. Leaves out what is not
// state: keys, links, etags. Call outside any Transaction.
Json full_state(ControlContext& control);

}  // namespace cvemu::control
