// Reading what the control API answered.
#pragma once
#include "base/json.h"
#include "cvemu/control.h"

namespace cvemu {

// The time in a member of an object; throws std::runtime_error if it is none.
Control::Time time_at(const Json& object, const char* name);

}  // namespace cvemu
