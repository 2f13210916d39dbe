#include "runtime/automatic_clock.h"

#include "runtime/scheduler.h"

namespace cvemu {

namespace {

// Who polls more things than this at once gets one pending answer more.
constexpr std::size_t kMostSeen = 10'000;

std::string thing_read(const Request& request) {
  return std::string(method_name(request.method)) + ' ' + std::string(request.raw_path());
}

}  // namespace

void AutomaticClock::before(const Request& request) {
  if (clock_.mode() != ClockMode::Automatic) return;
  const bool again = seen_pending_.with([&](auto& seen) { return seen.erase(thing_read(request)) > 0; });
  if (again) scheduler_.advance_to_next_awaited();
}

void AutomaticClock::after(const Request& request, const Response& response) {
  if (!response.shows_pending || clock_.mode() != ClockMode::Automatic || !scheduler_.next_awaited()) return;
  seen_pending_.with([&](auto& seen) {
    if (seen.size() >= kMostSeen) seen.clear();
    seen.insert(thing_read(request));
  });
}

}  // namespace cvemu
