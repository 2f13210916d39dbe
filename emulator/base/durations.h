// Durations as people write them: "90s", "10m", "1.5h", "250ms", or ISO 8601 ("PT1H30M").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cvemu {

// nullopt for anything else, a negative value, or more than a hundred years. A bare number is seconds.
std::optional<Duration> parse_duration(std::string_view text);
// In the largest unit that leaves a whole number: "10m", "90s", "250ms". parse_duration reads it back.
std::string duration_text(Duration duration);

}  // namespace cvemu
