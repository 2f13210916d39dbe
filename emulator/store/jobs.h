// Work that happens later. A row exists exactly until the work is done.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "store/outcomes.h"

namespace cvemu {

struct Job {
  std::int64_t id = 0;
  Instant due;
  std::string kind, payload;
  std::int64_t attempts = 0;  // failed ones so far
  std::string last_error;     // of the last failed one
  bool held = false;          // does not run, whatever the time
  Outcome outcome;            // of a long operation: how it is to end
};

namespace jobs {

// Answers the job's id.
std::int64_t insert(Transaction& tx, Instant due, std::string_view kind, std::string_view payload,
                    const Outcome& outcome = {});  // held if the outcome says so
std::optional<Job> find(Transaction& tx, std::int64_t id);
std::optional<Job> first(Transaction& tx);  // by due, then id; held ones do not count
std::vector<Job> list(Transaction& tx);     // in that order, with the held ones
void remove(Transaction& tx, std::int64_t id);
void postpone(Transaction& tx, std::int64_t id, Instant due, std::string_view error);
// Sets due, held and outcome of the job with this id.
void decide(Transaction& tx, const Job& job);

}  // namespace jobs
}  // namespace cvemu
