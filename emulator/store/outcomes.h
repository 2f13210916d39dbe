// How long operations (trainings, exports, imports) are to end, as far as a test said so. An outcome is
// chosen when the operation begins, kept with its job (store/jobs.h), and can be changed until the job runs.
//
// Who has a say, first match wins: an override for the next operation of the kind (a fault), the script of
// the project, the script of the kind. Nobody: the operation takes the usual time and ends as its data
// allows.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cvemu/types.h"
#include "db/database.h"

namespace cvemu {

struct Outcome {
  bool fails = false;                  // false: ends as its data allows, as a rule well
  std::optional<std::string> details;  // for people; an operation may fail without a word
  std::optional<Duration> takes;       // instead of the usual time
  bool hold = false;                   // stays pending until released, completed or failed by hand
  // The notification comes `notification_gap` after the API shows the new state, or as long before it.
  bool notifies_early = false;
  Duration notification_gap{0};

  std::string pack() const;  // one line; "" for the default
  static Outcome unpack(std::string_view packed);
  bool operator==(const Outcome&) const = default;
};

namespace outcomes {

struct Script {
  OperationKind kind = OperationKind::Training;
  std::optional<Uuid> project;  // unset: every project without a script of its own
  std::vector<Outcome> sequence;
  AfterLast after = AfterLast::RepeatLast;
  std::int64_t used = 0;
};

void set_script(Transaction& tx, const Script& script);  // replaces that of the same kind and project
std::optional<Script> find_script(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project);
std::vector<Script> scripts(Transaction& tx);
bool remove_script(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project);

// For the next operation of the kind, in the project if one is given. Answers a token: withdraw() takes back
// what was not used, and is false if it was.
std::int64_t override_next(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project,
                           const Outcome& outcome);
bool withdraw(Transaction& tx, std::int64_t token);

// The outcome of an operation that begins now; counts as a use.
Outcome next(Transaction& tx, OperationKind kind, const Uuid& project);

void clear(Transaction& tx);  // all scripts and overrides

}  // namespace outcomes
}  // namespace cvemu
