#include "runtime/change_signal.h"

#include <doctest/doctest.h>

namespace cvemu::runtime_change_signal_test {

TEST_CASE("ChangeSignal: waiting ends with a change, or when nobody is to wait any more") {
  ChangeSignal changes;
  const auto far = std::chrono::steady_clock::now() + std::chrono::hours(1);
  const std::uint64_t seen = changes.version();
  changes.notify();
  changes.wait(seen, far);
  CHECK(changes.version() != seen);
  changes.release();
  changes.wait(changes.version(), far);
  CHECK(changes.released());
}

}  // namespace cvemu::runtime_change_signal_test
