// The identity of the Custom Vision resource as JSON, for the routes and for scenario files.
#pragma once
#include "control/json.h"
#include "store/identity.h"

namespace cvemu::control {

// `before` with what `json` says changed.
Identity read_identity(const Json& json, Identity before, std::string_view at);

}  // namespace cvemu::control
