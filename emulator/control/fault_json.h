// Fault rules from JSON and back. What can never happen is refused, with what would have been right.
#pragma once
#include "control/context.h"
#include "control/json.h"
#include "faults/faults.h"

namespace cvemu::control {

// `at`: the pointer to the rule, "" for the whole body; scenarios carry rules inside.
FaultRule read_fault(const ControlContext& control, const Json& json, std::string_view at = {});
Json fault_json(const Faults::Listed& fault);
// Every action with its fields, its usual phase and advice on what the common clients make of it.
Json fault_catalog();

}  // namespace cvemu::control
