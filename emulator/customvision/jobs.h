// What the service does later: the ends of trainings and exports, deliveries to the user's storage, clean-ups.
// The payloads are JSON, so that a restart can read them.
#pragma once
#include <string>
#include <string_view>

#include "customvision/operations.h"
#include "runtime/scheduler.h"

namespace cvemu::customvision::jobs {

constexpr std::string_view kFinishTraining = "finish_training";
constexpr std::string_view kFinishExport = "finish_export";
constexpr std::string_view kFinishImport = "finish_import";
// Outbox: a message (and, before it, the backup of a model) on its way to the user's storage.
constexpr std::string_view kDeliver = "deliver";
constexpr std::string_view kRemoveTestBlob = "remove_test_blob";

std::string finish_training(const Uuid& project, const Uuid& iteration);
std::string finish_export(const Uuid& project, const Export& entry);
std::string finish_import(const Uuid& project, const Uuid& source);
std::string remove_test_blob(std::string_view container_uri, std::string_view name);

// Tells the scheduler who runs these. The state must outlive the scheduler's thread.
void register_all(Scheduler& scheduler, CustomVision& state);

}  // namespace cvemu::customvision::jobs
