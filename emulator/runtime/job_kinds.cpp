#include "runtime/job_kinds.h"

#include <algorithm>
#include <stdexcept>

namespace cvemu::job_kinds {

namespace {

constexpr const JobKind* kAll[] = {&kFinishTraining, &kFinishExport, &kFinishImport, &kDeliver,
                                   &kRemoveTestBlob};

}  // namespace

JobKind of(const Job& job) {
  for (const JobKind* kind : kAll)
    if (kind->name == job.kind) return *kind;
  return {job.kind};
}

const JobKind& ending(OperationKind operation) {
  for (const JobKind* kind : kAll)
    if (kind->operation == operation) return *kind;
  throw std::logic_error("no job ends such an operation");
}

std::int64_t count_shown(Transaction& tx) {
  const std::vector<Job> all = jobs::list(tx);
  return std::count_if(all.begin(), all.end(), is_shown);
}

}  // namespace cvemu::job_kinds
