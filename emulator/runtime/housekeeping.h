// Removes in slices what nobody can see any more: what deleted projects, containers, blobs and queues held.
// On a thread of its own and in real time, so that neither a clock that stands still nor a running job delays
// it; what is left at the end is found at the next start.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/log.h"

namespace cvemu {

class Housekeeping {
 public:
  // A few milliseconds of work; true if there is more. Looks for itself at what there is to do. Runs on the
  // thread, with no Transaction open.
  using Slice = std::function<bool()>;

  explicit Housekeeping(const Log& log) : log_(log) {}
  ~Housekeeping() { stop(); }

  void add(std::string_view name, Slice slice);  // before start()
  // There may be something to do. From any thread, also inside the Transaction that leaves it behind: the
  // slice will wait for the database's lock, and so sees what was kept.
  void wake();
  void start();  // looks once at everything
  void stop();   // a running slice ends first

 private:
  struct Task {
    std::string_view name;
    Slice slice;
  };
  void loop();
  bool run_all();
  bool run(const Task& task) const;

  const Log& log_;
  std::vector<Task> tasks_;
  std::mutex mutex_;  // guards the two below
  std::condition_variable woken_;
  bool awake_ = true, stopping_ = false;
  std::thread thread_;
};

}  // namespace cvemu
