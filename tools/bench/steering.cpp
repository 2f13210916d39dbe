// Steering: snapshot, restore and reset of a test-sized state, and advancing over many due events. Medians of
// 20.
#include <cvemu/emulator.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "runtime/scheduler.h"

namespace {

using Wall = std::chrono::steady_clock;

// What a test works with: a queue, a container, two projects of twenty images, three iterations, one export.
constexpr const char* kScenario = R"({
  "queues": ["notifications"], "containers": ["models"],
  "projects": [
    {"name": "Hemlock", "tags": ["Hemlock", "Cherry"], "notificationQueue": "notifications", "exportContainer": "models",
     "images": [{"tag": "Hemlock", "count": 10}, {"tag": "Cherry", "count": 10}],
     "iterations": [{"publishedAs": "model", "exports": ["ONNX"]}, {"status": "Failed", "details": "as asked"}]},
    {"name": "Other", "tags": ["a", "b"], "images": [{"tag": "a", "count": 10}, {"tag": "b", "count": 10}],
     "iterations": [{}]}
  ]})";

double ms(const std::function<void()>& work) {
  const auto begin = Wall::now();
  work();
  return std::chrono::duration<double, std::milli>(Wall::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

cvemu::Options standing() {
  cvemu::Options options;
  options.clock = cvemu::ClockMode::Frozen;
  return options;
}

void measure_state() {
  cvemu::Emulator emulator(standing());
  cvemu::Control& control = emulator.control();
  control.load(kScenario);
  std::size_t bytes = 0;
  std::vector<double> take, restore, reset;
  for (int i = 0; i < 20; ++i) {
    take.push_back(ms([&] { bytes = control.snapshot("full").bytes; }));
    reset.push_back(ms([&] { control.reset(); }));
    restore.push_back(ms([&] { control.restore("full"); }));
  }
  std::printf("state of %zu KiB: snapshot %.2f ms, restore %.2f ms, reset %.2f ms\n", bytes / 1024,
              median(take), median(restore), median(reset));
}

// Each event is a row that is read, run, and removed in a transaction of its own.
void measure_advance() {
  constexpr int kEvents = 10'000;
  static constexpr cvemu::JobKind kEvent{"event"};
  cvemu::Clock clock;
  clock.freeze();
  cvemu::Database database;
  const cvemu::Log log;
  cvemu::Scheduler scheduler(clock, database, log);
  scheduler.on(kEvent, [](const cvemu::Job&) {});
  {
    cvemu::Transaction tx(database);
    for (int i = 0; i < kEvents; ++i) scheduler.at(tx, clock.now() + std::chrono::seconds(i), kEvent, "{}");
    tx.commit();
  }
  std::size_t fired = 0;
  const double time = ms([&] { fired = scheduler.advance(std::chrono::hours(24)).size(); });
  std::printf("advance over %zu due events: %.0f ms\n", fired, time);
}

}  // namespace

int main() {
  measure_state();
  measure_advance();
}
