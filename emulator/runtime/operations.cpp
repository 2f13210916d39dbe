#include "runtime/operations.h"

namespace cvemu::operations {

void start(Transaction& tx, Scheduler& scheduler, const Start& operation) {
  const Outcome outcome = outcomes::next(tx, operation.kind, operation.project);
  scheduler.at(tx, operation.begins + outcome.takes.value_or(operation.usual_time), operation.job_kind,
               operation.payload, outcome);
}

}  // namespace cvemu::operations
