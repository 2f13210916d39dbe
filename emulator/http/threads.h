// Threads for tasks that spend their time waiting: each task gets one at once, however many there are.
// Threads without work are used again, and end after a while.
#pragma once
#include <pthread.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace cvemu {

class ElasticThreads {
 public:
  ElasticThreads() = default;
  ~ElasticThreads() { join(); }
  ElasticThreads(const ElasticThreads&) = delete;
  ElasticThreads& operator=(const ElasticThreads&) = delete;

  // Any thread. If the system has no thread left, the task waits for one of ours. Tasks must not throw.
  void run(std::function<void()> task);
  // Runs what has been handed over, then ends all threads. After this call
  // only tasks may hand over tasks.
  void join();

 private:
  static void* enter(void* self);
  void work();
  bool start_thread();
  void reap();

  std::mutex mutex_;
  std::condition_variable wake_, ended_;
  std::deque<std::function<void()>> tasks_;
  std::size_t idle_ = 0, alive_ = 0;
  bool ending_ = false;
  std::vector<pthread_t> finished_;  // ended, or just about to: to be joined
};

}  // namespace cvemu
