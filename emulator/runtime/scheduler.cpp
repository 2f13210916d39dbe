#include "runtime/scheduler.h"

#include <algorithm>
#include <optional>

#include "base/sentence.h"
#include "runtime/clock_state.h"

namespace cvemu {

namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstRetry = 5s, kLongestRetry = 10min;
// Without anything due the thread still looks at the clock now and then: wall time may be set by hand.
constexpr Duration kLongestWait = 60s;

Duration retry_delay(std::int64_t attempts) {
  return std::min<Duration>(kLongestRetry, kFirstRetry * (1LL << std::min<std::int64_t>(attempts, 10)));
}

// The clock ends there, and jobs that were to come later run there.
Instant within_time(Instant now, Duration step) {
  return step < kEndOfTime - now ? now + step : kEndOfTime;
}

}  // namespace

Scheduler::Scheduler(Clock& clock, Database& database, const Log& log)
    : clock_(clock), database_(database), log_(log) {}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::on(const JobKind& kind, Run run) {
  handlers_.emplace(kind.name, Handler{std::move(run), kind.purpose});
}

void Scheduler::at(Transaction& tx, Instant due, const JobKind& kind, std::string_view payload,
                   const Outcome& outcome) {
  jobs::insert(tx, std::min(due, kEndOfTime), kind.name, payload, outcome);
  wake();  // the thread will wait for the database's lock, so it sees the row only once it is kept
}

std::optional<Job> Scheduler::first_due(Instant now) {
  Transaction tx(database_);
  auto job = jobs::first(tx);
  if (job && job->due > now) job.reset();
  return job;
}

CompletedJob Scheduler::run(const Job& job) {
  CompletedJob fired{clock_.now(), job};
  std::optional<std::string> error;  // unset: the handler returned, and the job is over, however it came out
  try {
    const auto handler = handlers_.find(job.kind);
    if (handler == handlers_.end()) throw std::logic_error("nobody runs jobs of this kind");
    fired.result = handler->second.run(job);
  } catch (const GenerationChanged&) {
    throw;
  } catch (const std::exception& failure) {
    error = failure.what();
    fired.result = {false, "", sentence_of(failure)};
  }
  Transaction tx(database_);
  if (!error) {
    jobs::remove(tx, job.id);
  } else {
    jobs::postpone(tx, job.id, within_time(clock_.now(), retry_delay(job.attempts)), fired.result.details);
  }
  tx.commit();
  told_of_end_(fired);
  told_();
  if (error) log_.warning(job.kind + " failed, attempt " + std::to_string(job.attempts + 1) + ": " + *error);
  return fired;
}

std::size_t Scheduler::drain() {
  std::lock_guard running(run_mutex_);
  std::size_t count = 0;
  while (true) {
    const auto job = first_due(clock_.now());
    if (!job) return count;
    run(*job);
    ++count;
  }
}

CompletedJob Scheduler::run_at_its_time(const Job& job) {
  if (job.due > clock_.now()) clock_.set(job.due);
  return run(job);
}

std::vector<CompletedJob> Scheduler::advance_locked(Instant target) {
  std::vector<CompletedJob> fired;
  while (true) {
    const auto job = first_due(target);
    if (!job) break;
    fired.push_back(run_at_its_time(*job));
  }
  if (target > clock_.now()) clock_.set(target);
  return fired;
}

std::vector<CompletedJob> Scheduler::advance(Duration step, const std::function<void()>& first) {
  if (step < Duration::zero()) throw std::invalid_argument("the clock does not run backwards");
  std::vector<CompletedJob> fired;
  {
    std::lock_guard running(run_mutex_);
    if (first) first();
    const Clock::Pause pause(clock_);
    fired = advance_locked(within_time(clock_.now(), step));
  }
  clock_changed();
  return fired;
}

std::vector<CompletedJob> Scheduler::run_until_idle(Duration limit) {
  std::vector<CompletedJob> fired;
  {
    std::lock_guard running(run_mutex_);
    const Clock::Pause pause(clock_);
    const Instant last = within_time(clock_.now(), limit);
    for (;;) {
      const auto job = first_due(last);
      if (!job || job->attempts > 0) break;
      fired.push_back(run_at_its_time(*job));
    }
  }
  clock_changed();
  return fired;
}

std::vector<CompletedJob> Scheduler::run_until(const std::function<bool(const CompletedJob&)>& wanted,
                                               Duration limit) {
  std::vector<CompletedJob> fired;
  {
    std::lock_guard running(run_mutex_);
    const Clock::Pause pause(clock_);
    const Instant last = within_time(clock_.now(), limit);
    while (true) {
      const auto job = first_due(last);
      if (!job) break;
      fired.push_back(run_at_its_time(*job));
      if (wanted(fired.back())) break;
    }
  }
  clock_changed();
  return fired;
}

std::optional<Instant> Scheduler::next_awaited() {
  Transaction tx(database_);
  for (const Job& job : jobs::list(tx)) {
    const auto handler = handlers_.find(job.kind);
    if (!job.held && handler != handlers_.end() && handler->second.purpose == JobPurpose::Awaited)
      return job.due;
  }
  return std::nullopt;
}

std::vector<CompletedJob> Scheduler::advance_to_next_awaited() {
  std::vector<CompletedJob> fired;
  {
    std::lock_guard running(run_mutex_);
    const Clock::Pause pause(clock_);
    const auto target = next_awaited();
    if (!target) return fired;
    fired = advance_locked(std::max(*target, clock_.now()));
  }
  clock_changed();
  return fired;
}

void Scheduler::clock_changed() {
  if (!database_.in_memory()) {
    Transaction tx(database_);
    clock_state::keep(tx, clock_);
    tx.commit();
  }
  told_();
  wake();
}

void Scheduler::start() {
  thread_ = std::thread([this] { loop(); });
}

void Scheduler::stop() {
  {
    std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Scheduler::wake() {
  {
    std::lock_guard lock(wake_mutex_);
    ++wakes_;
  }
  woken_.notify_all();
}

void Scheduler::loop() {
  std::unique_lock lock(wake_mutex_);
  while (!stopping_) {
    const std::size_t seen = wakes_;
    lock.unlock();
    Duration wait = kLongestWait;
    try {
      const GenerationGuard guard(database_);
      drain();
      Transaction tx(database_);
      const auto next = jobs::first(tx);
      const auto until_due = next ? clock_.wall_time_until(next->due) : std::nullopt;
      if (until_due) wait = std::min(*until_due, kLongestWait);
    } catch (const Ending&) {
      return;
    } catch (const GenerationChanged&) {
      wait = Duration::zero();  // the state is another one now: look again
    } catch (const std::exception& failure) {
      log_.error(std::string("the scheduler cannot read its jobs: ") + failure.what());
    }
    lock.lock();
    woken_.wait_for(lock, wait, [&] { return stopping_ || wakes_ != seen; });
  }
}

}  // namespace cvemu
