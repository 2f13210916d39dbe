#include "runtime/long_running.h"

#include "runtime/job_kinds.h"

namespace cvemu::operations {

void start(Transaction& tx, Scheduler& scheduler, const Start& operation) {
  const Outcome outcome = outcomes::next(tx, operation.kind, operation.project);
  scheduler.at(tx, operation.begins + outcome.takes.value_or(operation.usual_time),
               job_kinds::ending(operation.kind), operation.payload, outcome);
}

}  // namespace cvemu::operations
