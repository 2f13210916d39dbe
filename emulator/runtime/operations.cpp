#include "runtime/operations.h"

namespace cvemu::operations {

namespace {
constexpr std::string_view kJobs[] = {kFinishTraining, kFinishExport,
                                      kFinishImport};  // in OperationKind's order
}

std::optional<OperationKind> kind_of_job(std::string_view job_kind) {
  for (std::size_t i = 0; i < std::size(kJobs); ++i)
    if (kJobs[i] == job_kind) return static_cast<OperationKind>(i);
  return std::nullopt;
}

std::string_view job_of_kind(OperationKind kind) {
  return kJobs[static_cast<std::size_t>(kind)];
}

bool is_visible(std::string_view job_kind) {
  return kind_of_job(job_kind) || job_kind == kDeliver || job_kind == kRemoveTestBlob;
}

std::int64_t count_visible(Transaction& tx) {
  std::int64_t count = 0;
  for (const Job& job : jobs::list(tx)) count += is_visible(job.kind);
  return count;
}

void start(Transaction& tx, Scheduler& scheduler, const Start& operation) {
  const Outcome outcome = outcomes::next(tx, operation.kind, operation.project);
  scheduler.at(tx, operation.begins + outcome.takes.value_or(operation.usual_time),
               job_of_kind(operation.kind), operation.payload, outcome);
}

}  // namespace cvemu::operations
