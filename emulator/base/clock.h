// The emulator's time. Every timestamp, due time and expiry in the program comes from here, so moving this
// clock moves everything. One per emulator; safe to share between threads.
#pragma once
#include <chrono>
#include <mutex>

namespace cvemu {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

class Clock {
 public:
  Instant now() const;
  // Real: wall time plus the offset gathered by advance() and set(). Frozen: moves only by those two.
  bool frozen() const;
  void freeze();
  void resume();                // goes on from the frozen instant
  void advance(Duration step);  // forward only; a negative step is a std::invalid_argument
  void set(Instant now);        // may not go back, either
  Duration offset() const;      // how far now() is from wall time

 private:
  Instant now_locked() const;
  mutable std::mutex mutex_;
  Duration offset_{0};
  bool frozen_ = false;
  Instant frozen_at_{};
};

// Microseconds since 1970: the form in which the database holds an Instant.
inline std::int64_t to_micros(Instant t) { return t.time_since_epoch().count(); }
inline Instant from_micros(std::int64_t us) { return Instant{Duration{us}}; }

}  // namespace cvemu
