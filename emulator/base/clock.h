// The emulator's time. Every timestamp, due time and expiry in the program comes from here, so moving this
// clock moves everything. One per emulator; safe to share between threads.
#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "cvemu/types.h"

namespace cvemu {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

// Emulator: the last moment that a clock shows; it stands still there. Azure's own times end with that
// second, and beyond it they could not be written.
inline constexpr Instant kEndOfTime =
    std::chrono::sys_days{std::chrono::year{9999} / std::chrono::December / 31} + std::chrono::seconds{86399};

// Emulator: within what a rate of a scaled clock must lie, so that no sum of its times overflows.
constexpr bool is_clock_rate(double rate) {
  return rate >= 1e-6 && rate <= 1e6;
}

class Clock {
 public:
  // What a clock is, as far as it can be kept: at wall time `wall` it showed `shown`.
  struct State {
    ClockMode mode = ClockMode::Real;
    double rate = 1;  // of Scaled: emulated seconds per second
    Instant shown{}, wall{};
    bool paused = false;
  };
  // While one lives the clock stands still, whatever its mode: what the program does meanwhile takes none of
  // its time. It still moves by advance, set and jump; a new mode begins to run when the last one ends. The
  // clock must outlive it.
  class Pause {
   public:
    explicit Pause(Clock& clock) : clock_(clock) { clock_.begin_pause(); }
    ~Pause() { clock_.end_pause(); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    Clock& clock_;
  };

  Clock();

  Instant now() const;
  ClockMode mode() const;
  bool frozen() const;  // stands still by itself: Frozen or Automatic
  // Goes on from now in another way; only Scaled has a rate of its own.
  void run(ClockMode mode, double rate = 1);
  void freeze() { run(ClockMode::Frozen); }
  void resume() { run(ClockMode::Real); }

  void advance(Duration step);  // forward only; a negative step is a std::invalid_argument
  void set(Instant now);        // may not go back, either
  // In either direction, for the beginning of a test. What lies in the future afterwards stays there.
  void jump(Instant now);

  // How long, on the wall, until it shows `then` by itself: zero if it does, nullopt if it never will.
  std::optional<Duration> wall_time_until(Instant then) const;

  State state() const;            // as of now
  void restore(State state);      // as if it had run on since
  void continue_at(State state);  // shows what it showed then, and goes on from there

 private:
  Instant now_locked() const;
  Instant running_locked() const;
  void anchor_locked(Instant shown);
  void begin_pause();
  void end_pause();
  mutable std::mutex mutex_;
  State state_;
  int pauses_ = 0;
};

// Microseconds since 1970: the form in which the database holds an Instant.
inline std::int64_t to_micros(Instant t) {
  return t.time_since_epoch().count();
}
inline Instant from_micros(std::int64_t us) {
  return Instant{Duration{us}};
}

}  // namespace cvemu
