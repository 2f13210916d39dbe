// Long operations: trainings, exports and imports. Each is one job whose outcome was chosen when it began
// (store/outcomes.h); control lists them and decides them by hand.
#pragma once
#include <cstdint>

#include "runtime/scheduler.h"

namespace cvemu::operations {

struct Start {
  OperationKind kind = OperationKind::Training;
  Uuid project;
  Instant begins;
  Duration usual_time{0};  // unless its outcome says otherwise
  std::string payload;     // of the job that ends it
};

// Schedules the job that ends the operation; commits with the caller's work.
void start(Transaction& tx, Scheduler& scheduler, const Start& operation);

}  // namespace cvemu::operations
