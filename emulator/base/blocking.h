// The rule that nobody waits while holding the database: a Transaction keeps a BlockingGuard, and whatever
// may block (reading a body, sending a request, waiting) asks first.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace cvemu {

// While one lives, this thread must not block.
class BlockingGuard {
 public:
  BlockingGuard() { ++depth(); }
  ~BlockingGuard() { --depth(); }
  BlockingGuard(const BlockingGuard&) = delete;
  BlockingGuard& operator=(const BlockingGuard&) = delete;

  static int& depth() {
    thread_local int guards = 0;
    return guards;
  }
};

// std::logic_error if this thread holds a guard.
inline void forbid_blocking_here(std::string_view what) {
  if (BlockingGuard::depth() > 0) throw std::logic_error(std::string(what) + " while holding a transaction");
}

}  // namespace cvemu
