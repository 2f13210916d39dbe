#include "faults/faults.h"

#include <algorithm>
#include <utility>

#include "base/ids.h"
#include "base/text.h"
#include "faults/actions.h"

namespace cvemu {

bool Faults::is_due(const FaultRule& rule, std::uint64_t number) const {
  const FaultWhen& when = rule.when;
  if (when.first && number > *when.first) return false;
  if (when.after && number <= *when.after) return false;
  if (when.every && number % *when.every != 0) return false;
  if (!when.nth.empty() && std::find(when.nth.begin(), when.nth.end(), number) == when.nth.end())
    return false;
  if (!when.probability) return true;
  std::uint64_t mixed = seed_;
  for (const char c : rule.id) mixed = scramble(mixed + static_cast<unsigned char>(c), seed_);
  constexpr double kRange = 18446744073709551616.0;  // 2^64
  return static_cast<double>(scramble(mixed + number, seed_)) / kRange < *when.probability;
}

// One more request for this rule; whether it is hit.
bool Faults::count(Entry& entry, std::size_t key) const {
  const FaultRule& rule = *entry.rule;
  const WallTime now = std::chrono::system_clock::now();
  ++entry.counts.matched;
  const auto call = entry.open.find(key);
  const bool again = call != entry.open.end() && now - call->second.at <= kRetryWindow;
  bool hit;
  if (rule.when.calls && again && call->second.tries < rule.when.tries) {
    ++call->second.tries;
    call->second.at = now;
    hit = true;
  } else {
    if (rule.when.calls) entry.open.erase(key);  // its tries are used up: this is another call
    const std::uint64_t number = rule.when.calls ? ++entry.calls : entry.counts.matched;
    hit = is_due(rule, number);
    if (hit) entry.open[key] = {1, now};
  }
  if (hit) ++entry.counts.applied;
  return hit;
}

std::shared_ptr<const FaultRule> Faults::select(const RequestFacts& facts, const Key& key) {
  // Fitting may look into the database, which must not happen under our lock.
  std::vector<std::shared_ptr<const FaultRule>> fitting;
  for (const Listed& listed : list())
    if (applies(listed.rule->action, facts) && fits(listed.rule->match, facts))
      fitting.push_back(listed.rule);
  if (fitting.empty()) return nullptr;
  const std::size_t request = key();
  std::lock_guard lock(mutex_);
  for (const auto& rule : fitting)
    if (Entry* entry = entry_of(rule->id); entry && entry->rule == rule && count(*entry, request))
      return rule;
  return nullptr;
}

std::shared_ptr<const FaultRule> Faults::select_by_name(std::string_view id) {
  std::lock_guard lock(mutex_);
  Entry* entry = entry_of(id);
  if (!entry) return nullptr;
  ++entry->counts.matched;
  ++entry->counts.applied;
  return entry->rule;
}

void Faults::settle(std::size_t key, const FaultRule* hit, bool succeeded) {
  if (!succeeded) return;
  std::lock_guard lock(mutex_);
  for (Entry& entry : entries_)
    if (entry.open.erase(key) && entry.rule.get() != hit) ++entry.counts.absorbed;
}

std::shared_ptr<const FaultRule> Faults::would_match(const RequestFacts& facts) const {
  for (const Listed& listed : list())
    if (applies(listed.rule->action, facts) && fits(listed.rule->match, facts)) return listed.rule;
  return nullptr;
}

Faults::Entry* Faults::entry_of(std::string_view id) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.rule->id == id; });
  return found == entries_.end() ? nullptr : &*found;
}

std::string Faults::add(FaultRule rule) {
  std::lock_guard lock(mutex_);
  if (rule.id.empty()) {
    do rule.id = "fault-" + std::to_string(++made_);
    while (entry_of(rule.id));
  }
  const std::string id = rule.id;
  auto shared = std::make_shared<const FaultRule>(std::move(rule));
  if (Entry* entry = entry_of(id))
    *entry = {std::move(shared), {}};
  else
    entries_.push_back({std::move(shared), {}});
  empty_ = false;
  return id;
}

bool Faults::remove(std::string_view id) {
  std::lock_guard lock(mutex_);
  const bool removed = std::erase_if(entries_, [&](const Entry& entry) { return entry.rule->id == id; }) > 0;
  empty_ = entries_.empty();
  return removed;
}

void Faults::clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
  made_ = 0;
  empty_ = true;
}

FaultCounts Faults::counts_of(const Entry& entry) const {
  FaultCounts counts = entry.counts;
  const FaultWhen& when = entry.rule->when;
  const std::uint64_t number = when.calls ? entry.calls : counts.matched;
  if (when.first) counts.remaining = *when.first - std::min(*when.first, number);
  if (!when.nth.empty())
    counts.remaining = static_cast<std::uint64_t>(
        std::count_if(when.nth.begin(), when.nth.end(), [&](std::uint64_t nth) { return nth > number; }));
  return counts;
}

std::vector<Faults::Listed> Faults::list() const {
  std::lock_guard lock(mutex_);
  std::vector<Listed> all;
  for (const Entry& entry : entries_) all.push_back({entry.rule, counts_of(entry)});
  return all;
}

std::optional<Faults::Listed> Faults::find(std::string_view id) const {
  for (Listed& listed : list())
    if (listed.rule->id == id) return std::move(listed);
  return std::nullopt;
}

void Faults::pause(std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  released_now_.wait_for(lock, time, [&] { return released_; });
}

void Faults::release() {
  {
    std::lock_guard lock(mutex_);
    released_ = true;
  }
  released_now_.notify_all();
}

}  // namespace cvemu
