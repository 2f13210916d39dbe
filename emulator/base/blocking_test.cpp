#include "base/blocking.h"

#include <doctest/doctest.h>

#include <thread>

namespace cvemu::base_blocking_test {

TEST_CASE("blocking: allowed without a guard, and again after it") {
  CHECK_NOTHROW(forbid_blocking_here("reading"));
  {
    BlockingGuard guard;
    CHECK_THROWS_WITH_AS(forbid_blocking_here("reading"), "reading while holding a transaction",
                         std::logic_error);
  }
  CHECK_NOTHROW(forbid_blocking_here("reading"));
}

TEST_CASE("blocking: guards nest, and forbid their own thread only") {
  BlockingGuard outer;
  {
    BlockingGuard inner;
  }
  CHECK_THROWS_AS(forbid_blocking_here("waiting"), std::logic_error);
  bool forbidden_elsewhere = false;
  std::thread([&] {
    try {
      forbid_blocking_here("waiting");
    } catch (const std::logic_error&) {
      forbidden_elsewhere = true;
    }
  }).join();
  CHECK_FALSE(forbidden_elsewhere);
}

}  // namespace cvemu::base_blocking_test
