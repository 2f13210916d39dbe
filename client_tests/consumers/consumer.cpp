// A program of somebody else that uses the library: its clock stands still, and goes on when told.
#include <cvemu/emulator.h>

#include <chrono>
#include <cstdio>

int main() {
  const std::chrono::sys_days start{std::chrono::year{2030} / 1 / 1};
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen, .clock_at = start});
  emulator.control().advance(std::chrono::hours(24));
  const bool moved = emulator.control().now() == start + std::chrono::days(1);
  std::printf("%s: the clock has %smoved\n", emulator.training_endpoint().c_str(), moved ? "" : "not ");
  return moved ? 0 : 1;
}
