#include "app/termination.h"

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace cvemu {

struct Termination::State {
  sigset_t signals{};
  std::mutex mutex;  // guards what is below
  std::condition_variable changed;
  bool serving = false, ending = false;
  std::string reason;

  void begin_ending(std::string why) {
    const std::lock_guard lock(mutex);
    reason = std::move(why);
    ending = true;
    changed.notify_all();
  }

  // Nobody waits for what goes on: all that was answered is in the database's file.
  [[noreturn]] static void end_now() {
    std::fflush(nullptr);
    std::_Exit(0);
  }

  void watch() {
    int signal = 0;
    sigwait(&signals, &signal);
    {
      const std::lock_guard lock(mutex);
      if (!serving) end_now();
    }
    begin_ending(std::string("SIG") + sigabbrev_np(signal));
  }

  void cut_off() {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return ending; });
    }
    std::this_thread::sleep_for(kEndingTime);  // Real time, that of whoever stops the program.
    std::fputs("cvemu: ended before the work that was under way\n", stderr);
    end_now();
  }
};

Termination::Termination() : state_(std::make_shared<State>()) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is an error for who writes it, not the end of all
  sigemptyset(&state_->signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&state_->signals, signal);
  pthread_sigmask(SIG_BLOCK, &state_->signals, nullptr);
  std::thread([state = state_] { state->watch(); }).detach();
  std::thread([state = state_] { state->cut_off(); }).detach();
}

void Termination::begin_serving() {
  const std::lock_guard lock(state_->mutex);
  state_->serving = true;
}

std::string Termination::wait(const Emulator& emulator, std::optional<std::chrono::microseconds> idle_limit) {
  std::unique_lock lock(state_->mutex);
  const auto ending = [this] { return state_->ending; };
  if (!idle_limit) {
    state_->changed.wait(lock, ending);
    return state_->reason;
  }
  for (auto left = *idle_limit; left > left.zero(); left = *idle_limit - emulator.idle_for())
    if (state_->changed.wait_for(lock, left, ending)) return state_->reason;
  state_->ending = true;
  state_->changed.notify_all();
  return "no request for as long as it was told to wait";
}

}  // namespace cvemu
