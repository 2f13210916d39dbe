#include "base/clock.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

namespace cvemu::base_clock_test {

using namespace std::chrono_literals;

TEST_CASE("Clock: frozen and automatic stand still, and move by advance, set and jump") {
  for (const ClockMode mode : {ClockMode::Frozen, ClockMode::Automatic}) {
    Clock clock;
    clock.run(mode);
    const Instant start = clock.now();
    CHECK(clock.now() == start);
    clock.advance(90s);
    CHECK(clock.now() == start + 90s);
    clock.set(start + 2min);
    CHECK(clock.now() == start + 2min);
    CHECK_THROWS_AS(clock.set(start), std::invalid_argument);
    CHECK_THROWS_AS(clock.advance(-1s), std::invalid_argument);
    clock.jump(start - 24h);
    CHECK(clock.now() == start - 24h);
    CHECK_FALSE(clock.wall_time_until(start));
  }
}

TEST_CASE("Clock: scaled covers its distance in a fraction of the time on the wall") {
  Clock clock;
  clock.run(ClockMode::Scaled, 60);
  const auto wait = clock.wall_time_until(clock.now() + 60s);
  REQUIRE(wait);
  CHECK(*wait <= 1001ms);
  CHECK(*wait > 900ms);
  CHECK_THROWS_AS(clock.run(ClockMode::Scaled, 0), std::invalid_argument);
}

TEST_CASE("Clock: a new mode goes on from what was shown") {
  Clock clock;
  clock.freeze();
  clock.advance(24h);
  const Instant then = clock.now();
  clock.resume();
  CHECK(clock.now() >= then);
  CHECK(clock.now() < then + 1h);
}

TEST_CASE("Clock: a kept state runs on since then, or goes on from there") {
  Clock clock;
  clock.advance(24h);
  Clock::State state = clock.state();
  state.wall -= 1h;  // kept an hour ago
  Clock other;
  other.restore(state);
  CHECK(other.now() >= state.shown + 1h);
  other.continue_at(state);
  CHECK(other.now() < state.shown + 1h);
  state.mode = ClockMode::Frozen;
  other.restore(state);
  CHECK(other.now() == state.shown);
}

TEST_CASE("Clock: modes have names") {
  CHECK(parse<ClockMode>("automatic") == ClockMode::Automatic);
  CHECK_FALSE(parse<ClockMode>("slow"));
  CHECK(to_text(ClockMode::Scaled) == "scaled");
}

TEST_CASE("Clock: it ends with the year 9999, whatever moves it") {
  Clock clock;
  clock.freeze();
  clock.jump(kEndOfTime - std::chrono::seconds(1));
  clock.advance(std::chrono::hours(24 * 365 * 100));
  CHECK(clock.now() == kEndOfTime);
  clock.run(ClockMode::Scaled, 1e6);
  CHECK(clock.now() == kEndOfTime);
  CHECK(clock.wall_time_until(kEndOfTime) == Duration(0));
}

TEST_CASE("Clock: a rate at which times would overflow is refused") {
  Clock clock;
  for (const double rate : {0.0, -1.0, 1e-7, 1e7, 1e308, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(clock.run(ClockMode::Scaled, rate), std::invalid_argument);
  clock.run(ClockMode::Scaled, 1e-6);
  CHECK(clock.wall_time_until(kEndOfTime) > Duration(0));
}

TEST_CASE("Clock: a pause holds every mode where it is, also one that is chosen meanwhile") {
  Clock clock;
  clock.run(ClockMode::Scaled, 1e6);
  {
    const Clock::Pause outer(clock);
    const Instant held = clock.now();
    {
      const Clock::Pause inner(clock);
      CHECK(clock.now() == held);
    }
    CHECK(clock.state().paused);
    clock.advance(10s);
    CHECK(clock.now() == held + 10s);
    clock.run(ClockMode::Real);
    CHECK(clock.now() == held + 10s);
    clock.restore({ClockMode::Scaled, 1e6, held, held - 1h});
    CHECK(clock.now() > held);
    CHECK(clock.now() == clock.now());
    CHECK(clock.mode() == ClockMode::Scaled);
  }
  CHECK_FALSE(clock.state().paused);
  const Instant end = clock.now();
  while (clock.now() == end) {
  }
  CHECK(clock.now() > end);
}

TEST_CASE("Clock: no time, step or kept state makes it overflow") {
  Clock clock;
  clock.freeze();
  clock.jump(Instant::max());
  CHECK(clock.now() == kEndOfTime);
  clock.advance(Duration::max());
  CHECK(clock.now() == kEndOfTime);
  clock.set(Instant::max());
  CHECK(clock.now() == kEndOfTime);
  clock.jump(Instant::min());
  const Instant beginning = clock.now();
  CHECK(beginning == std::chrono::sys_days{std::chrono::year{1} / 1 / 1});
  clock.advance(Duration::max());
  CHECK(clock.now() == kEndOfTime);
  for (const double rate : {1e-6, 1e6, 1e308, 0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    for (const Instant shown : {Instant::min(), Instant::max(), from_micros(0)})
      for (const Instant wall : {Instant::min(), Instant::max(), from_micros(0)}) {
        clock.restore({ClockMode::Scaled, rate, shown, wall});
        CHECK(clock.now() >= beginning);
        CHECK(clock.now() <= kEndOfTime);
        clock.continue_at({ClockMode::Scaled, rate, shown, wall});
        CHECK(is_clock_rate(clock.state().rate));
        CHECK(clock.wall_time_until(Instant::max()) >= Duration(0));
        CHECK(clock.wall_time_until(Instant::max()) <= std::chrono::hours(24 * 36500));
        CHECK(clock.wall_time_until(Instant::min()) == Duration(0));
      }
}

}  // namespace cvemu::base_clock_test
