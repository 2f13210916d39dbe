#include "base/clock.h"

#include <algorithm>
#include <stdexcept>

namespace cvemu {

namespace {

Instant wall_time() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool stands_still(ClockMode mode) {
  return mode == ClockMode::Frozen || mode == ClockMode::Automatic;
}

// What a clock can show: from year 1, so that every moment can be written.
constexpr Instant kBeginningOfTime = std::chrono::sys_days{std::chrono::year{1} / std::chrono::January / 1};
// A wait is cut to this; who waits looks again. Its nanoseconds leave room for a sum.
constexpr Duration kLongestWait = std::chrono::hours(24 * 365 * 100);

Instant within_time(Instant t) {
  return std::clamp(t, kBeginningOfTime, kEndOfTime);
}

// Of a state from outside, such as a file: no sum of its times overflows.
Clock::State checked(Clock::State state) {
  state.shown = within_time(state.shown);
  state.wall = within_time(state.wall);
  if (!is_clock_rate(state.rate)) state.rate = 1;
  return state;
}

// Whole microseconds at the rate of the wall, which no floating point touches. At most what leaves room for a
// sum.
Duration scaled(Duration wall, double rate) {
  if (rate == 1) return wall;
  constexpr double kMost = 4e18;
  return Duration(
      static_cast<std::int64_t>(std::clamp(static_cast<double>(wall.count()) * rate, -kMost, kMost)));
}

}  // namespace

Clock::Clock() : state_{ClockMode::Real, 1, wall_time(), {}} {
  state_.wall = state_.shown;
}

Instant Clock::now_locked() const {
  return pauses_ > 0 ? state_.shown : running_locked();
}

Instant Clock::running_locked() const {
  if (stands_still(state_.mode)) return state_.shown;
  return within_time(state_.shown + scaled(wall_time() - state_.wall, state_.rate));
}

void Clock::begin_pause() {
  std::lock_guard lock(mutex_);
  anchor_locked(now_locked());
  ++pauses_;
}

void Clock::end_pause() {
  std::lock_guard lock(mutex_);
  anchor_locked(now_locked());
  --pauses_;
}

void Clock::anchor_locked(Instant shown) {
  state_.shown = shown;
  state_.wall = wall_time();
}

Instant Clock::now() const {
  std::lock_guard lock(mutex_);
  return now_locked();
}

ClockMode Clock::mode() const {
  std::lock_guard lock(mutex_);
  return state_.mode;
}

bool Clock::frozen() const {
  return stands_still(mode());
}

void Clock::run(ClockMode mode, double rate) {
  if (!is_clock_rate(rate)) throw std::invalid_argument("a clock's rate is 0.000001 to 1000000");
  std::lock_guard lock(mutex_);
  anchor_locked(now_locked());
  state_.mode = mode;
  state_.rate = mode == ClockMode::Scaled ? rate : 1;
}

void Clock::advance(Duration step) {
  if (step < Duration::zero()) throw std::invalid_argument("the clock does not run backwards");
  std::lock_guard lock(mutex_);
  state_.shown += std::min(step, kEndOfTime - state_.shown);
}

void Clock::set(Instant now) {
  std::lock_guard lock(mutex_);
  if (now < now_locked()) throw std::invalid_argument("the clock does not run backwards");
  anchor_locked(std::min(kEndOfTime, now));
}

void Clock::jump(Instant now) {
  std::lock_guard lock(mutex_);
  anchor_locked(within_time(now));
}

std::optional<Duration> Clock::wall_time_until(Instant then) const {
  std::lock_guard lock(mutex_);
  const Duration left = within_time(then) - now_locked();
  if (left <= Duration::zero()) return Duration::zero();
  if (stands_still(state_.mode)) return std::nullopt;
  return std::min(kLongestWait, scaled(left, 1 / state_.rate) + Duration(1));
}

Clock::State Clock::state() const {
  std::lock_guard lock(mutex_);
  State state = state_;
  state.shown = now_locked();
  state.wall = wall_time();
  state.paused = pauses_ > 0;
  return state;
}

void Clock::restore(State state) {
  std::lock_guard lock(mutex_);
  state_ = checked(state);
  if (pauses_ > 0) anchor_locked(running_locked());
}

void Clock::continue_at(State state) {
  std::lock_guard lock(mutex_);
  state_ = checked(state);
  state_.wall = wall_time();
}

}  // namespace cvemu
