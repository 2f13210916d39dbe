// The kinds of jobs: one row each, and the one place that knows what a kind means.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "store/jobs.h"

namespace cvemu {

enum class JobPurpose {
  Awaited,
  // No client waits for it: the automatic clock never moves for it alone, and with nothing else to do the
  // emulator is idle.
  Housekeeping,
};

struct JobKind {
  std::string_view name;  // as jobs.kind has it
  JobPurpose purpose = JobPurpose::Awaited;
  bool is_shown = false;                     // users see it, and a reset of operations removes it
  std::optional<OperationKind> operation{};  // the long operation that ends with it
};

namespace job_kinds {

inline constexpr JobKind kFinishTraining{"finish_training", JobPurpose::Awaited, true,
                                         OperationKind::Training};
inline constexpr JobKind kFinishExport{"finish_export", JobPurpose::Awaited, true, OperationKind::Export};
inline constexpr JobKind kFinishImport{"finish_import", JobPurpose::Awaited, true, OperationKind::Import};
// Outbox: a message (and, before it, the backup of a model) on its way to the user's storage.
inline constexpr JobKind kDeliver{"deliver", JobPurpose::Awaited, true};
inline constexpr JobKind kRemoveTestBlob{"remove_test_blob", JobPurpose::Housekeeping, true};

// Of a row; a kind that is in no table (of another version's file) is awaited and not shown.
JobKind of(const Job& job);
const JobKind& ending(OperationKind operation);
inline bool is_awaited(const Job& job) {
  return of(job).purpose == JobPurpose::Awaited;
}
inline bool is_shown(const Job& job) {
  return of(job).is_shown;
}
std::int64_t count_shown(Transaction& tx);

}  // namespace job_kinds
}  // namespace cvemu
