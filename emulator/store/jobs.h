// Work that happens later. A row exists exactly until the work is done.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct Job {
  std::int64_t id = 0;
  Instant due;
  std::string kind, payload;
  std::int64_t attempts = 0;  // failed ones so far
  std::string last_error;     // of the last failed one
};

namespace jobs {

void insert(Transaction& tx, Instant due, std::string_view kind, std::string_view payload);
std::optional<Job> first(Transaction& tx);  // by due, then id
std::vector<Job> list(Transaction& tx);     // in that order
void remove(Transaction& tx, std::int64_t id);
void postpone(Transaction& tx, std::int64_t id, Instant due, std::string_view error);

}  // namespace jobs
}  // namespace cvemu
