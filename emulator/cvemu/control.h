// Steering an emulator: its clock, and what it has promised to do. Every call is synchronous: when it returns, its
// effect is visible at every door. May be called from any thread, but not from inside a request.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace cvemu {

class Scheduler;
class Clock;
class Database;

class Control {
 public:
  using Time = std::chrono::sys_time<std::chrono::microseconds>;

  // Something the emulator did because its time had come: "finish_training", "deliver" ...
  struct Fired {
    Time at;
    std::string kind;
    bool succeeded = true;
  };
  // Something it will do.
  struct Job {
    Time due;
    std::string kind, payload;
    int attempts = 0;        // failed ones so far
    std::string last_error;  // of the last failed one
  };

  Control(Clock& clock, Scheduler& scheduler, Database& database)
      : clock_(clock), scheduler_(scheduler), database_(database) {}

  Time now() const;
  bool frozen() const;
  void freeze();  // time moves only by advance
  void resume();
  // Runs all that becomes due, in order; what it causes runs, too. std::invalid_argument for a negative step.
  std::vector<Fired> advance(std::chrono::microseconds step);
  // Moves the clock from one due time to the next until nothing is left to do within `limit`.
  std::vector<Fired> run_until_idle(std::chrono::microseconds limit = std::chrono::hours(24));
  std::vector<Job> jobs() const;  // in the order they are due; a failing delivery shows its error

 private:
  Clock& clock_;
  Scheduler& scheduler_;
  Database& database_;
};

}  // namespace cvemu
