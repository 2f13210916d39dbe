#include "runtime/automatic_clock.h"

#include <doctest/doctest.h>

#include "runtime/scheduler.h"

namespace cvemu::runtime_automatic_clock_test {

using namespace std::chrono_literals;

namespace {

struct ClockBench {
  Clock clock;
  Database database;
  Log log;
  Scheduler scheduler{clock, database, log};
  AutomaticClock automatic{clock, scheduler};
  int awaited = 0, cleared = 0;
  Instant start;

  explicit ClockBench(ClockMode mode = ClockMode::Automatic) {
    clock.run(mode);
    start = clock.now();
    scheduler.on({"finish"}, [this](const Job&) { ++awaited; });
    scheduler.on({"clear", JobPurpose::Housekeeping}, [this](const Job&) { ++cleared; });
  }
  void schedule(Duration after, std::string_view kind) {
    Transaction tx(database);
    scheduler.at(tx, start + after, {kind}, "{}");
    tx.commit();
  }
  void read(const std::string& path, bool pending = true) {
    const Request request{Method::Get, path, {}};
    automatic.before(request);
    Response response;
    response.shows_pending = pending;
    automatic.after(request, response);
  }
};

}  // namespace

TEST_CASE("AutomaticClock: the first read of something pending leaves time alone, the second moves it") {
  ClockBench bench;
  bench.schedule(90s, "finish");
  bench.read("/iterations/1");
  CHECK(bench.clock.now() == bench.start);
  bench.read("/iterations/1?x=1");
  CHECK(bench.awaited == 1);
  CHECK(bench.clock.now() == bench.start + 90s);
}

TEST_CASE("AutomaticClock: another thing that is read has a first read of its own") {
  ClockBench bench;
  bench.schedule(90s, "finish");
  bench.read("/iterations/1");
  bench.read("/iterations/2");
  CHECK(bench.awaited == 0);
}

TEST_CASE(
    "AutomaticClock: time never moves for housekeeping alone, which runs on the way to what is awaited") {
  ClockBench bench;
  bench.schedule(60s, "clear");
  for (int i = 0; i < 3; ++i) bench.read("/messages");
  CHECK(bench.clock.now() == bench.start);
  bench.schedule(90s, "finish");
  bench.read("/messages");
  CHECK(bench.cleared == 0);
  bench.read("/messages");
  CHECK(bench.cleared == 1);
  CHECK(bench.awaited == 1);
}

TEST_CASE("AutomaticClock: a read that shows nothing pending arms nothing, and other modes do not move") {
  ClockBench bench;
  bench.schedule(90s, "finish");
  bench.read("/a", false);
  bench.read("/a", false);
  CHECK(bench.awaited == 0);
  ClockBench frozen(ClockMode::Frozen);
  frozen.schedule(90s, "finish");
  frozen.read("/a");
  frozen.read("/a");
  CHECK(frozen.awaited == 0);
}

}  // namespace cvemu::runtime_automatic_clock_test
