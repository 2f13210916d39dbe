// A value that can be reached only while its mutex is held.
#pragma once
#include <mutex>
#include <utility>

namespace cvemu {

template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  // Runs `use` with the value; keep it to a few lines and call nothing that takes a lock.
  template <class Use>
  auto with(Use&& use) {
    std::lock_guard lock(mutex_);
    return use(value_);
  }
  template <class Use>
  auto with(Use&& use) const {
    std::lock_guard lock(mutex_);
    return use(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace cvemu
