// Scripts of outcomes as JSON, for the routes and for scenario files.
#pragma once
#include "control/json.h"
#include "store/outcomes.h"

namespace cvemu::control {

OperationKind read_operation_kind(std::string_view name, std::string_view at);

// {"outcomes": [{"status": "Failed", "details", "delay", "hold", "notify": {"order", "delay"}}], "then"} as a
// script of that kind, for all projects. `at` is the pointer to `json`.
outcomes::Script read_script(OperationKind kind, const Json& json, std::string_view at);

}  // namespace cvemu::control
