#include "runtime/clock_state.h"

#include <cstdlib>

#include "base/text.h"
#include "store/key_values.h"

namespace cvemu::clock_state {

namespace {

constexpr std::string_view kName = "clock";

Instant read_instant(std::string_view text) {
  return from_micros(parse_int(text).value_or(0));
}

}  // namespace

void keep(Transaction& tx, const Clock& clock) {
  const Clock::State state = clock.state();
  key_values::set(tx, kName,
                  join({std::string(to_text(state.mode)), std::to_string(state.rate),
                        std::to_string(to_micros(state.shown)), std::to_string(to_micros(state.wall))},
                       " "));
}

std::optional<Clock::State> find(Transaction& tx) {
  const auto text = key_values::find(tx, kName);
  if (!text) return std::nullopt;
  const auto words = split(*text, ' ');
  const auto mode = words.size() == 4 ? parse<ClockMode>(words[0]) : std::nullopt;
  if (!mode) return std::nullopt;
  return Clock::State{*mode, std::strtod(std::string(words[1]).c_str(), nullptr), read_instant(words[2]),
                      read_instant(words[3])};
}

}  // namespace cvemu::clock_state
