#include "runtime/scheduler.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace cvemu::runtime_scheduler_test {

using namespace std::chrono_literals;

namespace {

struct SchedulerBench {
  Clock clock;
  Database database;
  Log log;
  Scheduler scheduler{clock, database, log};
  std::vector<std::string> ran;
  Instant start;

  SchedulerBench() {
    clock.freeze();
    start = clock.now();
    scheduler.on({"note"}, [this](const Job& job) { ran.push_back(job.payload); });
  }
  void schedule(Duration after, std::string_view kind, std::string_view payload) {
    Transaction tx(database);
    scheduler.at(tx, start + after, {kind}, payload);
    tx.commit();
  }
  std::vector<Job> pending() {
    Transaction tx(database);
    return jobs::list(tx);
  }
};

}  // namespace

TEST_CASE("Scheduler: jobs run by due time, then by order of creation, and only when due") {
  SchedulerBench bench;
  bench.schedule(2s, "note", "late");
  bench.schedule(1s, "note", "first");
  bench.schedule(1s, "note", "second");
  CHECK(bench.scheduler.drain() == 0);
  bench.scheduler.advance(1s);
  CHECK(bench.ran == std::vector<std::string>{"first", "second"});
  bench.scheduler.advance(1s);
  CHECK(bench.ran.size() == 3);
  CHECK(bench.pending().empty());
}

TEST_CASE("Scheduler: advance stops at each due time, and what a job schedules runs on the way") {
  SchedulerBench bench;
  std::vector<Duration> seen;
  bench.scheduler.on({"chain"}, [&](const Job& job) {
    seen.push_back(bench.clock.now() - bench.start);
    if (job.payload == "end") return;
    Transaction tx(bench.database);
    bench.scheduler.at(tx, bench.clock.now() + 3s, {"chain"}, "end");
    tx.commit();
  });
  bench.schedule(2s, "chain", "begin");
  const auto fired = bench.scheduler.advance(10s);
  CHECK(seen == std::vector<Duration>{2s, 5s});
  CHECK(fired.size() == 2);
  CHECK(bench.clock.now() == bench.start + 10s);
}

TEST_CASE("Scheduler: on a running clock, too, advance runs what a job has just made due") {
  SchedulerBench bench;
  bench.scheduler.on({"slow"}, [&](const Job&) {
    const auto wall = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < wall + 5ms) {
    }
    Transaction tx(bench.database);
    bench.scheduler.at(tx, bench.clock.now(), {"note"}, "at once");
    tx.commit();
  });
  bench.schedule(2s, "slow", "");
  bench.clock.resume();
  bench.scheduler.advance(2s);
  CHECK(bench.ran == std::vector<std::string>{"at once"});
  CHECK(bench.clock.mode() == ClockMode::Real);
}

TEST_CASE("Scheduler: a job of a transaction that was not kept does not exist") {
  SchedulerBench bench;
  {
    Transaction tx(bench.database);
    bench.scheduler.at(tx, bench.start, {"note"}, "lost");
  }
  CHECK(bench.scheduler.drain() == 0);
}

TEST_CASE("Scheduler: a failing job is tried again with growing delay, and says why it failed") {
  SchedulerBench bench;
  int failures = 2;
  bench.scheduler.on({"deliver"}, [&](const Job&) {
    if (failures-- > 0) throw std::runtime_error("the queue is away");
  });
  bench.schedule(0s, "deliver", "x");
  bench.scheduler.drain();
  REQUIRE(bench.pending().size() == 1);
  CHECK(bench.pending()[0].attempts == 1);
  CHECK(bench.pending()[0].last_error == "the queue is away");
  CHECK(bench.pending()[0].due == bench.start + 5s);
  bench.scheduler.advance(5s);
  CHECK(bench.pending()[0].due == bench.start + 15s);
  bench.scheduler.advance(10s);
  CHECK(bench.pending().empty());
}

TEST_CASE("Scheduler: run_until_idle does not wait for a delivery that keeps failing") {
  SchedulerBench bench;
  bench.scheduler.on({"deliver"}, [](const Job&) { throw std::runtime_error("never"); });
  bench.schedule(1h, "note", "hour");
  bench.schedule(2h, "deliver", "x");
  const auto fired = bench.scheduler.run_until_idle(24h);
  CHECK(fired.size() == 2);
  CHECK_FALSE(fired[1].result.succeeded);
  CHECK(bench.pending().size() == 1);
}

TEST_CASE("Scheduler: its thread runs what becomes due without being asked") {
  SchedulerBench bench;
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  bench.scheduler.on({"signal"}, [&](const Job&) {
    std::lock_guard lock(mutex);
    done = true;
    changed.notify_all();
  });
  bench.scheduler.start();
  bench.schedule(0s, "signal", "");
  std::unique_lock lock(mutex);
  CHECK(changed.wait_for(lock, 10s, [&] { return done; }));
}

TEST_CASE("Scheduler: what the caller of advance makes due is run by the caller, not by the thread") {
  SchedulerBench bench;
  bench.scheduler.start();
  for (int i = 0; i < 500; ++i) {
    const auto fired = bench.scheduler.advance(0s, [&] { bench.schedule(0s, "note", "due"); });
    REQUIRE(fired.size() == 1);
  }
  bench.scheduler.stop();
}

TEST_CASE("Scheduler: what the caller of advance refuses runs nothing, and the next may go on") {
  SchedulerBench bench;
  CHECK_THROWS_AS(bench.scheduler.advance(1s, [] { throw std::runtime_error("refused"); }),
                  std::runtime_error);
  CHECK(bench.clock.now() == bench.start);
  bench.schedule(1s, "note", "due");
  CHECK(bench.scheduler.advance(1s).size() == 1);
}

TEST_CASE("Scheduler: the clock is paused while jobs run, and goes on afterwards") {
  SchedulerBench bench;
  bench.clock.resume();
  bool paused = false;
  bench.scheduler.on({"look"}, [&](const Job&) { paused = bench.clock.state().paused; });
  const auto run_each = [&](const auto& move) {
    paused = false;
    bench.schedule(bench.clock.now() + 1h - bench.start, "look", "");
    move();
    CHECK(paused);
    CHECK_FALSE(bench.clock.state().paused);
  };
  run_each([&] { bench.scheduler.advance(2h); });
  run_each([&] { bench.scheduler.run_until_idle(2h); });
  run_each([&] { bench.scheduler.run_until([](const CompletedJob&) { return true; }, 2h); });
  run_each([&] { bench.scheduler.advance_to_next_awaited(); });
}

TEST_CASE("Scheduler: no step and no due time leads past the end of time") {
  SchedulerBench bench;
  bench.schedule(std::chrono::hours(24 * 36500), "note", "in a hundred years");
  bench.start = kEndOfTime - 1h;
  bench.clock.jump(bench.start);
  bench.schedule(std::chrono::hours(24 * 36500), "note", "never");
  CHECK(bench.pending().back().due == kEndOfTime);
  CHECK(bench.scheduler.advance(Duration::max()).size() == 2);
  CHECK(bench.clock.now() == kEndOfTime);
  bench.clock.jump(bench.start);
  bench.schedule(0s, "note", "now");
  CHECK(bench.scheduler.run_until_idle(Duration::max()).size() == 1);
  CHECK(bench.scheduler.run_until([](const CompletedJob&) { return false; }, Duration::max()).empty());
}

TEST_CASE("Scheduler: a delivery that fails at the end of time is tried again there") {
  SchedulerBench bench;
  bench.scheduler.on({"deliver"}, [](const Job&) { throw std::runtime_error("the queue is away"); });
  bench.start = kEndOfTime;
  bench.clock.jump(kEndOfTime);
  bench.schedule(0s, "deliver", "x");
  CHECK(bench.scheduler.run_until_idle(24h).size() == 1);
  CHECK(bench.pending().at(0).due == kEndOfTime);
}

TEST_CASE("Scheduler: a job says how it came out, and who wants to know is told") {
  SchedulerBench bench;
  std::vector<std::string> told;
  bench.scheduler.on({"train"}, [](const Job& job) {
    return job.payload == "good" ? JobResult{true, "Completed", ""} : JobResult{false, "Failed", "Too few."};
  });
  bench.scheduler.on({"slip"}, [](const Job&) { throw std::out_of_range("vector::_M_range_check"); });
  bench.scheduler.on_end(
      [&](const CompletedJob& ended) { told.push_back(ended.job.kind + ' ' + ended.result.outcome); });
  bench.schedule(1s, "train", "good");
  bench.schedule(2s, "train", "bad");
  bench.schedule(3s, "slip", "");
  const auto fired = bench.scheduler.advance(3s);
  REQUIRE(fired.size() == 3);
  CHECK(fired[0].result.succeeded);
  CHECK(fired[0].result.outcome == "Completed");
  CHECK_FALSE(fired[1].result.succeeded);
  CHECK(fired[1].result.details == "Too few.");
  CHECK_FALSE(fired[2].result.succeeded);
  CHECK(told == std::vector<std::string>{"train Completed", "train Failed", "slip "});
  // What failed as planned is over; a slip is tried again, and its reason has no words of the library.
  REQUIRE(bench.pending().size() == 1);
  CHECK(bench.pending()[0].last_error == fired[2].result.details);
  CHECK(bench.pending()[0].last_error.find("vector") == std::string::npos);
}

}  // namespace cvemu::runtime_scheduler_test
