// Faults that a test asked for: which requests they hit, when, and how often they did. What an action does to
// a request is faults/actions.h. Rules live beside the database. For any number of threads; a request pays
// one atomic read while there are no rules.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "faults/rules.h"
#include "runtime/retries.h"

namespace cvemu {

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : seed_(seed) {}

  std::string add(FaultRule rule);  // replaces the rule of the same id; answers the id
  bool remove(std::string_view id);
  void clear();
  struct Listed {
    std::shared_ptr<const FaultRule> rule;
    FaultCounts counts;
  };
  std::vector<Listed> list() const;  // in the order in which they are asked
  std::optional<Listed> find(std::string_view id) const;

  bool empty() const { return empty_.load(std::memory_order_relaxed); }
  // The first rule that fits and whose turn it is, or null; counts. `key` is retry_key of the request.
  using Key = std::function<std::size_t()>;
  std::shared_ptr<const FaultRule> select(const RequestFacts& facts, const Key& key);
  // The rule of this id, whatever it matches: for requests that name it. Null if there is none.
  std::shared_ptr<const FaultRule> select_by_name(std::string_view id);
  // How a request ended that select() was asked about; `hit`: the rule it met.
  void settle(std::size_t key, const FaultRule* hit, bool succeeded);
  // Which rule fits; changes nothing.
  std::shared_ptr<const FaultRule> would_match(const RequestFacts& facts) const;

  // Waits in real time, until release() at most.
  void pause(std::chrono::milliseconds time) const;
  void release();

 private:
  struct Call {
    std::uint64_t tries = 1;
    WallTime at;
  };
  struct Entry {
    std::shared_ptr<const FaultRule> rule;
    FaultCounts counts;
    std::uint64_t calls = 0;
    std::unordered_map<std::size_t, Call> open{};  // hit and not yet succeeded, by key
  };
  bool is_due(const FaultRule& rule, std::uint64_t number) const;
  bool count(Entry& entry, std::size_t key) const;
  FaultCounts counts_of(const Entry& entry) const;
  Entry* entry_of(std::string_view id);

  const std::uint64_t seed_;
  std::atomic<bool> empty_ = true;
  mutable std::mutex mutex_;
  mutable std::condition_variable released_now_;
  bool released_ = false;
  std::uint64_t made_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace cvemu
