// What a body says about the clock, for the route and for scenarios.
#pragma once
#include <optional>

#include "control/json.h"

namespace cvemu::control {

struct ClockChange {
  ClockMode mode = ClockMode::Real;
  double rate = 1;  // of a scaled clock: emulated seconds per second
  std::optional<Instant> at;
};

// {"mode", "rate", "at"}; without a mode, `current` stays. 400 with the place of what is wrong; `pointer`
// leads to `json`.
ClockChange read_clock(const Json& json, ClockMode current, std::string_view pointer = {});

}  // namespace cvemu::control
