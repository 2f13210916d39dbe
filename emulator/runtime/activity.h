// How long nothing has come to the endpoints, in real time. For any number of threads.
#pragma once
#include <chrono>

#include "base/guarded.h"

namespace cvemu {

class Activity {
 public:
  // A request, from its arrival to its answer.
  class Request {
   public:
    // Null: one of the emulator's own, which does not count.
    explicit Request(Activity* activity) : activity_(activity) {
      if (activity_) activity_->count(1);
    }
    ~Request() {
      if (activity_) activity_->count(-1);
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

   private:
    Activity* const activity_;
  };

  bool is_answering() const {
    return state_.with([](const State& state) { return state.open > 0; });
  }
  // Zero while a request is being answered.
  std::chrono::milliseconds idle_for() const {
    return state_.with([](const State& state) {
      if (state.open > 0) return std::chrono::milliseconds(0);
      return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - state.last);
    });
  }

 private:
  using Steady = std::chrono::steady_clock;
  struct State {
    int open = 0;
    Steady::time_point last = Steady::now();
  };
  void count(int change) {
    state_.with([&](State& state) {
      state.open += change;
      state.last = Steady::now();
    });
  }
  Guarded<State> state_;
};

}  // namespace cvemu
