// Memory that work shares: who needs much of it waits until there is room. One at a time may ask for more
// than there is, and gets all of it.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

#include "base/blocking.h"

namespace cvemu {

// In the order of asking, so that large work is not overtaken for ever. Any thread. Outlives its shares.
class ByteBudget {
 public:
  // Until it goes, its bytes are taken. A thread that has one asks for no other of the same budget.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share() {
      if (budget_) budget_->give_back(bytes_);
    }

   private:
    friend class ByteBudget;
    Share(ByteBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    ByteBudget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };

  explicit ByteBudget(std::size_t bytes) : capacity_(bytes), free_(bytes) {}

  // Waits, so not inside a Transaction (std::logic_error).
  Share take(std::size_t bytes) {
    forbid_blocking_here("waiting for memory");
    bytes = std::min(bytes, capacity_);
    std::unique_lock lock(mutex_);
    const std::uint64_t turn = last_turn_++;
    changed_.wait(lock, [&] { return turn == next_turn_ && bytes <= free_; });
    ++next_turn_;
    free_ -= bytes;
    changed_.notify_all();
    return Share(this, bytes);
  }

 private:
  void give_back(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    free_ += bytes;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::size_t capacity_;
  std::size_t free_;
  std::uint64_t last_turn_ = 0, next_turn_ = 0;
};

}  // namespace cvemu
