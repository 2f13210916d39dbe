// Something happened: a request was answered, a job ran, the clock moved. For those who wait until something
// is there and look again each time. For any number of threads.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace cvemu {

class ChangeSignal {
 public:
  void notify();
  std::uint64_t version() const;  // grows with each notify()
  // Blocks until the version is another than `seen`, or real time has come to `until`.
  void wait(std::uint64_t seen, std::chrono::steady_clock::time_point until) const;
  void release();  // for good: nobody waits any more
  bool released() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::uint64_t version_ = 0;
  bool released_ = false;
};

}  // namespace cvemu
