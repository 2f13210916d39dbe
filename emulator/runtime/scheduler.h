// Runs jobs when the emulator's clock reaches them: trainings, exports, deliveries, clean-ups. One job at a time,
// by due time and then by order of creation. What it has promised is a row, so a restart goes on with it.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "store/jobs.h"

namespace cvemu {

// What a job run by advance() was.
struct FiredJob {
  Instant at;
  std::string kind, payload;
  bool succeeded = true;
};

class Scheduler {
 public:
  // Runs with no Transaction open and may use the network. An exception postpones the job by a growing delay (5 s,
  // doubled each time, at most 10 minutes, on the emulator's clock); a normal return removes it. A handler may be
  // run again after a crash, so what it does must bear that.
  using Run = std::function<void(const Job&)>;

  Scheduler(Clock& clock, Database& database, const Log& log);
  ~Scheduler();  // stops

  void on(std::string_view kind, Run run);  // before start()
  // Commits with the caller's work: the job exists exactly if the transaction was kept.
  void at(Transaction& tx, Instant due, std::string_view kind, std::string_view payload, const Outcome& outcome = {});

  // Every job that is due now, on the calling thread.
  std::size_t drain();
  // Moves the clock forward, stopping at each due time on the way; each job sees its own due time as now.
  std::vector<FiredJob> advance(Duration step);
  // Moves the clock from job to job until none is left within `limit`. Failing deliveries count once.
  std::vector<FiredJob> run_until_idle(Duration limit);

  void start();  // the thread that drains as time passes
  void stop();   // a running job ends first
  void wake();   // the clock was changed by someone else

 private:
  FiredJob run(const Job& job);
  std::optional<Job> first_due(Instant now);
  void remember_clock();
  void loop();

  Clock& clock_;
  Database& database_;
  const Log& log_;
  std::map<std::string, Run, std::less<>> runs_;

  std::mutex run_mutex_;  // one job at a time; held while jobs run

  std::mutex wake_mutex_;  // guards the three below
  std::condition_variable woken_;
  std::size_t wakes_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace cvemu
