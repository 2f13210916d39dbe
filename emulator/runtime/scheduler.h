// Runs jobs when the emulator's clock reaches them: trainings, exports, deliveries, clean-ups. One job at a
// time, by due time and then by order of creation. What it has promised is a row, so a restart goes on with
// it.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "runtime/job_kinds.h"
#include "store/jobs.h"

namespace cvemu {

// How a job ended, for those who look on.
struct JobResult {
  bool succeeded = true;  // what it is about came out well
  std::string outcome{};  // of a long operation: the status that the API shows from now on
  std::string details{};  // why it did not succeed, in words for people
};

// A job that ran.
struct CompletedJob {
  Instant at;
  Job job;  // as it was before
  JobResult result{};
};

class Scheduler {
 public:
  // Runs with no Transaction open and may use the network. An exception postpones the job by a growing delay
  // (5 s, doubled each time, at most 10 minutes, on the emulator's clock); a normal return removes it. A
  // handler may be run again after a crash, so what it does must bear that.
  using Run = std::function<JobResult(const Job&)>;

  Scheduler(Clock& clock, Database& database, const Log& log);
  ~Scheduler();  // stops

  void on(const JobKind& kind, Run run);  // before start()
  // For a kind that has nothing to tell: it succeeded if it returns.
  template <class Quiet>
    requires std::is_void_v<std::invoke_result_t<Quiet&, const Job&>>
  void on(const JobKind& kind, Quiet run) {
    on(kind, Run([run = std::move(run)](const Job& job) mutable {
         run(job);
         return JobResult();
       }));
  }
  // Told of each job that ran and each move of the clock, on that thread; must not come back here. Before
  // start().
  void on_change(std::function<void()> told) { told_ = std::move(told); }
  // Told of each job that ran, right after it; the same rules.
  void on_end(std::function<void(const CompletedJob&)> told) { told_of_end_ = std::move(told); }
  // Commits with the caller's work: the job exists exactly if the transaction was kept.
  void at(Transaction& tx, Instant due, const JobKind& kind, std::string_view payload,
          const Outcome& outcome = {});

  // Every job that is due now, on the calling thread.
  std::size_t drain();
  // Moves the clock forward, stopping at each due time on the way; each job sees its own due time as now. The
  // clock is paused meanwhile: what jobs take of the wall's time moves it in no mode. The same holds for the
  // three below. `first` runs before all that, with no job running: what it makes due is run here, and not by
  // the thread.
  std::vector<CompletedJob> advance(Duration step, const std::function<void()>& first = {});
  // Moves the clock from job to job until none is left within `limit`. Failing deliveries count once.
  std::vector<CompletedJob> run_until_idle(Duration limit);
  // Moves the clock from job to job until one is `wanted`, or none is left within `limit`.
  std::vector<CompletedJob> run_until(const std::function<bool(const CompletedJob&)>& wanted, Duration limit);
  // To the next due time of a job that is awaited, running all that is due by then; nothing if there is none.
  std::vector<CompletedJob> advance_to_next_awaited();
  std::optional<Instant> next_awaited();  // when the next of those is due

  void start();  // the thread that drains as time passes
  void stop();   // a running job ends first
  void wake();
  void clock_changed();  // by someone else: keeps it, in a file, and looks again at what is due

 private:
  struct Handler {
    Run run;
    JobPurpose purpose;
  };
  CompletedJob run(const Job& job);
  CompletedJob run_at_its_time(const Job& job);
  std::optional<Job> first_due(Instant now);
  std::vector<CompletedJob> advance_locked(Instant target);
  void loop();

  Clock& clock_;
  Database& database_;
  const Log& log_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::function<void()> told_ = [] {};
  std::function<void(const CompletedJob&)> told_of_end_ = [](const CompletedJob&) {};

  std::mutex run_mutex_;  // one job at a time; held while jobs run

  std::mutex wake_mutex_;  // guards the three below
  std::condition_variable woken_;
  std::size_t wakes_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace cvemu
