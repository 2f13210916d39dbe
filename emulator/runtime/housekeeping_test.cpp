#include "runtime/housekeeping.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace cvemu::runtime_housekeeping_test {

TEST_CASE("Housekeeping: goes on until nothing is left, and again when it is woken") {
  const Log log;
  Housekeeping housekeeping(log);
  std::atomic<int> left = 3;
  std::promise<void> first, second;
  bool woken = false;
  housekeeping.add("counting", [&] {
    if (left > 0) --left;
    if (left == 0 && !std::exchange(woken, true)) first.set_value();
    return left > 0;
  });
  housekeeping.add("answering", [&, answered = 0]() mutable {
    if (left == -1 && answered++ == 0) second.set_value();
    return false;
  });
  housekeeping.start();
  first.get_future().wait();
  left = -1;
  housekeeping.wake();
  second.get_future().wait();
  housekeeping.stop();
}

TEST_CASE("Housekeeping: a task that fails keeps no other from its work") {
  const Log log;
  Housekeeping housekeeping(log);
  std::promise<void> reached;
  housekeeping.add("failing", []() -> bool { throw std::runtime_error("no"); });
  housekeeping.add("working", [&, left = 2]() mutable {
    if (--left == 0) reached.set_value();
    return left > 0;
  });
  housekeeping.start();
  reached.get_future().wait();
  housekeeping.stop();
}

}  // namespace cvemu::runtime_housekeeping_test
