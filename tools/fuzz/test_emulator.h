// A whole emulator for targets that need one. What it did not foresee it writes into its log as an error, and
// that is a finding.
#pragma once
#include <string>

#include "cvemu/emulator.h"
#include "target.h"

namespace cvemu::fuzz {

inline Options quiet_options() {
  Options options;
  options.seed = 1;
  options.clock = ClockMode::Frozen;
  options.clock_at = std::chrono::sys_days{std::chrono::year{2026} / 6 / 15};
  options.journal_max = 10;
  options.log_level = 3;  // errors
  options.log = [](int, std::string_view text) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    expect(false, "nothing is an internal error");
  };
  return options;
}

}  // namespace cvemu::fuzz
