#include "runtime/scheduler.h"

#include <algorithm>

#include "store/settings.h"

namespace cvemu {

namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstRetry = 5s, kLongestRetry = 10min;
// Without anything due the thread still looks at the clock now and then: wall time may be set by hand.
constexpr Duration kLongestWait = 60s;

Duration retry_delay(std::int64_t attempts) {
  return std::min<Duration>(kLongestRetry, kFirstRetry * (1LL << std::min<std::int64_t>(attempts, 10)));
}

}  // namespace

Scheduler::Scheduler(Clock& clock, Database& database, const Log& log)
    : clock_(clock), database_(database), log_(log) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::on(std::string_view kind, Run run) { runs_.emplace(kind, std::move(run)); }

void Scheduler::at(Transaction& tx, Instant due, std::string_view kind, std::string_view payload,
                   const Outcome& outcome) {
  jobs::insert(tx, due, kind, payload, outcome);
  wake();  // the thread will wait for the database's lock, so it sees the row only once it is kept
}

std::optional<Job> Scheduler::first_due(Instant now) {
  Transaction tx(database_);
  auto job = jobs::first(tx);
  if (job && job->due > now) job.reset();
  return job;
}

FiredJob Scheduler::run(const Job& job) {
  FiredJob fired{clock_.now(), job.kind, job.payload};
  std::string error;
  try {
    const auto run = runs_.find(job.kind);
    if (run == runs_.end()) throw std::logic_error("nobody runs jobs of this kind");
    run->second(job);
  } catch (const std::exception& failure) {
    error = failure.what();
    fired.succeeded = false;
  }
  Transaction tx(database_);
  if (fired.succeeded) {
    jobs::remove(tx, job.id);
  } else {
    jobs::postpone(tx, job.id, clock_.now() + retry_delay(job.attempts), error);
  }
  tx.commit();
  if (!fired.succeeded)
    log_.warning(job.kind + " failed, attempt " + std::to_string(job.attempts + 1) + ": " + error);
  return fired;
}

std::size_t Scheduler::drain() {
  std::lock_guard running(run_mutex_);
  std::size_t count = 0;
  while (const auto job = first_due(clock_.now())) {
    run(*job);
    ++count;
  }
  return count;
}

std::vector<FiredJob> Scheduler::advance(Duration step) {
  if (step < Duration::zero()) throw std::invalid_argument("the clock does not run backwards");
  std::vector<FiredJob> fired;
  {
    std::lock_guard running(run_mutex_);
    const Instant target = clock_.now() + step;
    while (const auto job = first_due(target)) {
      if (job->due > clock_.now()) clock_.set(job->due);
      fired.push_back(run(*job));
    }
    if (target > clock_.now()) clock_.set(target);
    remember_clock();
  }
  wake();
  return fired;
}

std::vector<FiredJob> Scheduler::run_until_idle(Duration limit) {
  std::vector<FiredJob> fired;
  {
    std::lock_guard running(run_mutex_);
    const Instant last = clock_.now() + limit;
    for (;;) {
      const auto job = first_due(last);
      if (!job || job->attempts > 0) break;
      if (job->due > clock_.now()) clock_.set(job->due);
      fired.push_back(run(*job));
    }
    remember_clock();
  }
  wake();
  return fired;
}

// A file database goes on at the time it was left at, not at wall time.
void Scheduler::remember_clock() {
  if (database_.in_memory()) return;
  Transaction tx(database_);
  settings::set(tx, "clock_offset", std::to_string(clock_.offset().count()));
  tx.commit();
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
      drain();
      Transaction tx(database_);
      if (const auto next = jobs::first(tx); next && !clock_.frozen())
        wait = std::clamp(next->due - clock_.now(), Duration::zero(), kLongestWait);
    } catch (const std::exception& failure) {
      log_.error(std::string("the scheduler cannot read its jobs: ") + failure.what());
    }
    lock.lock();
    woken_.wait_for(lock, wait, [&] { return stopping_ || wakes_ != seen; });
  }
}

}  // namespace cvemu
