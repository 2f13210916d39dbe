// An action as somebody writes it: as JSON, {"type": "throttle", "retryAfter": 2}, or short, in the header of
// the very request it is to hit. Both are read by the same table of fields.
#pragma once
#include <string_view>

#include "base/json.h"
#include "faults/rules.h"

namespace cvemu {

// Throws a 400 ApiError for anything it does not know, with the nearest it does; `at` is the pointer to the
// object.
FaultAction read_fault_action(const Json& json, std::string_view at);

// "status=503;code=ServerBusy", "throttle;retryAfter=2", "delay=2s", "resetConnection;afterBytes=10", each
// with
// ";phase=afterEffect" if wanted. Throws 400 InvalidFaultHeader.
FaultRule read_fault_header(std::string_view text);

}  // namespace cvemu
