#include "http/threads.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace cvemu {

namespace {

constexpr std::chrono::seconds kIdleTime{10};
// Address space only: the pages of a stack are taken when they are touched.
constexpr std::size_t kStackSize = 1024 * 1024;

// Signals are for the threads of the program that we are part of.
sigset_t signals_kept_away() {
  sigset_t set;
  sigfillset(&set);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&set, fault);
  return set;
}

}  // namespace

bool ElasticThreads::start_thread() {
  const sigset_t kept_away = signals_kept_away();
  sigset_t before;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackSize);
  pthread_sigmask(SIG_SETMASK, &kept_away, &before);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, enter, this) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return started;
}

void ElasticThreads::run(std::function<void()> task) {
  reap();
  std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_ && start_thread()) ++alive_;
  wake_.notify_one();
}

void* ElasticThreads::enter(void* self) {
  static_cast<ElasticThreads*>(self)->work();
  return nullptr;
}

void ElasticThreads::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait_for(lock, kIdleTime, [this] { return ending_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) break;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
  finished_.push_back(pthread_self());
  --alive_;
  ended_.notify_all();
}

void ElasticThreads::reap() {
  std::vector<pthread_t> finished;
  {
    std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (const pthread_t thread : finished) pthread_join(thread, nullptr);
}

void ElasticThreads::join() {
  {
    std::unique_lock lock(mutex_);
    ending_ = true;
    wake_.notify_all();
    ended_.wait(lock, [this] { return alive_ == 0; });
  }
  reap();
  for (const auto& task : std::exchange(tasks_, {})) task();  // no thread could be had for these
}

}  // namespace cvemu
