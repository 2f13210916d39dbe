// Durations as people write them: "90s", "10m", "1.5h", "250ms", or ISO 8601 ("PT1H30M").
#pragma once
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace cvemu {

// nullopt for anything else, a negative value, or more than a hundred years. A bare number is seconds.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace cvemu
