// Faults that a test asked for: which requests they strike, when, and how often they did. Plain structs and
// one engine; what an action does to a request is fault_effects.h. Rules live beside the database. For any
// number of threads; a request pays one atomic read while there are no rules.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/journal.h"
#include "runtime/matching.h"

namespace cvemu {

enum class FaultKind {
  Status,
  Throttle,
  Delay,
  Stall,
  ResetConnection,
  EmptyReply,
  TruncateBody,
  CorruptBody,
  SlowBody,
  StorageDenied,
  StorageMissing,
  TrainingFailed,
  TrainingStuck,
  ExportFailed,
  ExportStuck,
  ImportFailed,
  NotificationLost,
  NotificationDuplicated,
  NotificationDelayed,
  NotificationReordered,
  NotificationEarly,
  NotificationMalformed,
  BackupMissing,
  BackupTruncated,
  ListOrder,
};

enum class FaultPhase {
  BeforeEffect,  // nothing is stored
  AfterEffect,   // the work is done, then the answer is lost: a client that tries again does it twice
};

struct FaultWhen {
  // Counts requests, or calls: a client's automatic retries count as one call and are struck like their first
  // try, so that the fault survives them and the code under test sees it.
  bool calls = false;
  std::optional<std::uint64_t> first, every, after;  // all that are set must hold
  std::vector<std::uint64_t> nth;
  std::optional<double> probability;  // decided by hash(seed, rule, number): the same in every run
  // How many tries a call has at most; the next request of the same kind is a new call. Azure: the storage
  // clients and the Custom Vision clients try four times unless told otherwise.
  std::uint64_t tries = 4;
};

struct FaultAction {
  FaultKind kind = FaultKind::Status;
  int status = 500;
  std::string code, message;  // "": as the service would say it
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::int64_t> retry_after;  // seconds; unset: no header
  std::chrono::milliseconds time{
      0};  // Delay, Stall, SlowBody: real time. Notification*: on the emulator's clock
  std::uint64_t after_bytes = 0, piece = 1, copies = 1;
  std::optional<std::string> details;  // of a failed operation
  std::string variant;  // NotificationMalformed, ListOrder: how. Storage*: create, delivery, backup
};

struct FaultRule {
  std::string id;  // "": the engine chooses one
  RequestMatch match;
  FaultWhen when;
  std::optional<FaultPhase> phase;  // unset: what is usual for the action
  FaultAction action;
  std::string source;  // the JSON it came from, to be shown again

  FaultPhase effective_phase() const;
};

struct FaultCounts {
  std::uint64_t matched = 0;               // requests that fit
  std::uint64_t applied = 0;               // requests that were struck
  std::uint64_t absorbed = 0;              // calls struck whose later try succeeded: their code never noticed
  std::optional<std::uint64_t> remaining;  // requests or calls still to be struck; unset: no bound
};

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
  // The first rule that fits and strikes now, or null. `key` is retry_key of the request.
  using Key = std::function<std::size_t()>;
  std::shared_ptr<const FaultRule> strike(const RequestFacts& facts, const Key& key);
  // The rule of this id, whatever it matches: for requests that name it. Null if there is none.
  std::shared_ptr<const FaultRule> strike_by_name(std::string_view id);
  // How a request ended that strike() was asked about; `struck`: by which rule.
  void settle(std::size_t key, const FaultRule* struck, bool succeeded);
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
    std::unordered_map<std::size_t, Call> open{};  // struck and not yet succeeded, by key
  };
  bool strikes(const FaultRule& rule, std::uint64_t number) const;
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

// "throttle" ...; the names are those of the control API.
std::string_view fault_kind_name(FaultKind kind);
std::optional<FaultKind> find_fault_kind(std::string_view name);
// Whether an action of this kind can strike such a request at all: a notification fault only notifications.
bool concerns(const FaultAction& action, const RequestFacts& facts);

}  // namespace cvemu
