#include "base/clock.h"

#include <stdexcept>

namespace cvemu {

namespace {
Instant wall_time() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
}  // namespace

Instant Clock::now_locked() const { return frozen_ ? frozen_at_ : wall_time() + offset_; }

Instant Clock::now() const {
  std::lock_guard lock(mutex_);
  return now_locked();
}

Duration Clock::offset() const {
  std::lock_guard lock(mutex_);
  return now_locked() - wall_time();
}

bool Clock::frozen() const {
  std::lock_guard lock(mutex_);
  return frozen_;
}

void Clock::freeze() {
  std::lock_guard lock(mutex_);
  frozen_at_ = now_locked();
  frozen_ = true;
}

void Clock::resume() {
  std::lock_guard lock(mutex_);
  if (!frozen_) return;
  offset_ = frozen_at_ - wall_time();
  frozen_ = false;
}

void Clock::advance(Duration step) {
  if (step < Duration::zero()) throw std::invalid_argument("the clock does not run backwards");
  std::lock_guard lock(mutex_);
  if (frozen_) {
    frozen_at_ += step;
  } else {
    offset_ += step;
  }
}

void Clock::set(Instant now) {
  std::lock_guard lock(mutex_);
  const Instant current = now_locked();
  if (now < current) throw std::invalid_argument("the clock does not run backwards");
  if (frozen_) {
    frozen_at_ = now;
  } else {
    offset_ += now - current;
  }
}

}  // namespace cvemu
