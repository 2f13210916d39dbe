#include "base/byte_budget.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace cvemu::base_byte_budget_test {

TEST_CASE("byte budget: many threads never hold more than there is") {
  ByteBudget budget(100);
  std::atomic<int> held{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 1; i <= 8; ++i)
    threads.emplace_back([&, bytes = i * 12] {
      for (int round = 0; round < 200; ++round) {
        const auto share = budget.take(static_cast<std::size_t>(bytes));
        const int now = held += bytes;
        int seen = most;
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        held -= bytes;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(most <= 100);
  CHECK(most >= 96);
}

TEST_CASE("byte budget: more than there is takes all, and gives all back") {
  ByteBudget budget(100);
  {
    ByteBudget::Share share = budget.take(5'000);
    ByteBudget::Share moved = std::move(share);
  }
  const auto whole = budget.take(100);
}

TEST_CASE("byte budget: not inside a transaction") {
  ByteBudget budget(100);
  const BlockingGuard transaction;
  CHECK_THROWS_AS(budget.take(1), std::logic_error);
}

}  // namespace cvemu::base_byte_budget_test
