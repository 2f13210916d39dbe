// How the program ends: by SIGINT, SIGTERM or SIGHUP, or because nobody has asked anything for so long. From
// that moment it has kEndingTime; then it ends whatever is still under way. What was answered is kept: files
// are as after a kill.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cvemu/emulator.h"

namespace cvemu {

inline constexpr std::chrono::milliseconds kEndingTime{800};

// Make it before any other thread, so that all inherit the signals' mask. One in a process.
class Termination {
 public:
  Termination();
  // Until this is called, a signal ends the program at once.
  void begin_serving();
  // Call it once. Returns why the program ends, for people.
  std::string wait(const Emulator& emulator, std::optional<std::chrono::microseconds> idle_limit);

 private:
  struct State;
  const std::shared_ptr<State> state_;  // with the thread that waits for signals until the process ends
};

}  // namespace cvemu
