#include "runtime/housekeeping.h"

#include <chrono>
#include <exception>
#include <string>

namespace cvemu {

namespace {

// Between two slices those who wait for the database get their turn: its lock favours who let go of it last.
constexpr std::chrono::milliseconds kPause{1};

}  // namespace

void Housekeeping::add(std::string_view name, Slice slice) {
  tasks_.push_back({name, std::move(slice)});
}

void Housekeeping::wake() {
  {
    std::lock_guard lock(mutex_);
    awake_ = true;
  }
  woken_.notify_all();
}

void Housekeeping::start() {
  thread_ = std::thread([this] { loop(); });
}

void Housekeeping::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_.wait(lock, [&] { return awake_ || stopping_; });
    if (stopping_) return;
    awake_ = false;
    lock.unlock();
    const bool more = run_all();
    lock.lock();
    awake_ = awake_ || more;
    woken_.wait_for(lock, kPause, [&] { return stopping_; });
  }
}

// One slice of each, so that none waits for the end of another.
bool Housekeeping::run_all() {
  bool more = false;
  for (const Task& task : tasks_) more = run(task) || more;
  return more;
}

// What fails is tried again when there is something new to do.
bool Housekeeping::run(const Task& task) const {
  try {
    return task.slice();
  } catch (const std::exception& failure) {
    log_.error(std::string(task.name) + " failed: " + failure.what());
    return false;
  }
}

}  // namespace cvemu
