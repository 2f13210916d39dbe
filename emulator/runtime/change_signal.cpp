#include "runtime/change_signal.h"

namespace cvemu {

void ChangeSignal::notify() {
  {
    std::lock_guard lock(mutex_);
    ++version_;
  }
  changed_.notify_all();
}

std::uint64_t ChangeSignal::version() const {
  std::lock_guard lock(mutex_);
  return version_;
}

void ChangeSignal::wait(std::uint64_t seen, std::chrono::steady_clock::time_point until) const {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [&] { return released_ || version_ != seen; });
}

void ChangeSignal::release() {
  {
    std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
}

bool ChangeSignal::released() const {
  std::lock_guard lock(mutex_);
  return released_;
}

}  // namespace cvemu
