// The automatic clock's one rule: a client's first read of something pending shows it pending; before its
// next read of the same thing, time moves to the next job that somebody waits for, if there is one. So code
// that polls sees every state at least once, never sleeps for long, and never spins for ever.
#pragma once
#include <set>
#include <string>

#include "base/clock.h"
#include "base/guarded.h"
#include "http/message.h"

namespace cvemu {

class Scheduler;

// Any thread. Does nothing while the clock is in another mode.
class AutomaticClock {
 public:
  AutomaticClock(const Clock& clock, Scheduler& scheduler) : clock_(clock), scheduler_(scheduler) {}

  // Around each request of a client; `before` may run jobs, so call it with no Transaction open.
  void before(const Request& request);
  void after(const Request& request, const Response& response);

 private:
  const Clock& clock_;
  Scheduler& scheduler_;
  Guarded<std::set<std::string>> seen_pending_;  // "GET /path"
};

}  // namespace cvemu
