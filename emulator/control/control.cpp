#include "cvemu/control.h"

#include "base/clock.h"
#include "runtime/scheduler.h"

namespace cvemu {

namespace {

std::vector<Control::Fired> public_form(const std::vector<FiredJob>& jobs) {
  std::vector<Control::Fired> fired;
  for (const FiredJob& job : jobs) fired.push_back({job.at, job.kind, job.succeeded});
  return fired;
}

}  // namespace

Control::Time Control::now() const { return clock_.now(); }
bool Control::frozen() const { return clock_.frozen(); }
void Control::freeze() { clock_.freeze(); }

void Control::resume() {
  clock_.resume();
  scheduler_.wake();
}

std::vector<Control::Fired> Control::advance(std::chrono::microseconds step) {
  return public_form(scheduler_.advance(step));
}

std::vector<Control::Fired> Control::run_until_idle(std::chrono::microseconds limit) {
  return public_form(scheduler_.run_until_idle(limit));
}

std::vector<Control::Job> Control::jobs() const {
  std::vector<Job> all;
  Transaction tx(database_);
  for (const auto& job : cvemu::jobs::list(tx))
    all.push_back({job.due, job.kind, job.payload, static_cast<int>(job.attempts), job.last_error});
  return all;
}

}  // namespace cvemu
