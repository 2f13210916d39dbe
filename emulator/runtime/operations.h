// Long operations: trainings, exports and imports. Each is one job whose outcome was chosen when it began
// (store/outcomes.h); control lists them and decides them by hand.
#pragma once
#include <cstdint>

#include "runtime/scheduler.h"

namespace cvemu::operations {

// Kinds of jobs that control knows by name; customvision/jobs.cpp runs them.
inline constexpr std::string_view kFinishTraining = "finish_training";
inline constexpr std::string_view kFinishExport = "finish_export";
inline constexpr std::string_view kFinishImport = "finish_import";
// Outbox: a message (and, before it, the backup of a model) on its way to the user's storage.
inline constexpr std::string_view kDeliver = "deliver";
inline constexpr std::string_view kRemoveTestBlob = "remove_test_blob";
// What a deleted project held.
inline constexpr std::string_view kSweepProject = "sweep_project";

// The operation that a job of this kind ends; nullopt for other jobs.
std::optional<OperationKind> kind_of_job(std::string_view job_kind);
std::string_view job_of_kind(OperationKind kind);
// Whether users have anything to do with such a job; the rest tidies up behind the scenes.
bool is_visible(std::string_view job_kind);
std::int64_t count_visible(Transaction& tx);

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
