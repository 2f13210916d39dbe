// What store/ keeps in memory about one database, beside its rows.
#pragma once
#include <cstdint>
#include <mutex>
#include <unordered_set>

#include "db/database.h"

namespace cvemu {

// The contents that threads read or write now (contents.h); an id is in it once for each of them. Any thread.
class PinSet {
 public:
  void add(std::int64_t id) {
    std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  void remove(std::int64_t id) {  // one that was added
    std::lock_guard lock(mutex_);
    ids_.erase(ids_.find(id));
  }
  bool contains(std::int64_t id) {
    std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }

 private:
  std::mutex mutex_;
  std::unordered_multiset<std::int64_t> ids_;
};

// Numbers of the counter that were taken in advance and not given out yet (sequence.h).
struct NumberReserve {
  std::int64_t next = 0, end = 0;
};

struct LiveState : SideState {
  PinSet pins;  // also of readers that began before a reset: an id that comes back lives a little longer
  NumberReserve numbers;

  void committed() override { kept_numbers = numbers; }
  void rolled_back() override { numbers = kept_numbers; }
  void replaced() override { numbers = kept_numbers = {}; }

  NumberReserve kept_numbers;  // as the last commit left them
};

inline LiveState& live_state(Transaction& tx) {
  return tx.side_state<LiveState>();
}

}  // namespace cvemu
