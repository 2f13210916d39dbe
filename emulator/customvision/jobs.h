// What the service does later: the ends of trainings and exports, deliveries to the user's storage,
// clean-ups. The payloads are JSON, so that a restart can read them.
#pragma once
#include <string>
#include <string_view>

#include "customvision/operations.h"
#include "runtime/operations.h"

namespace cvemu::customvision::jobs {

std::string finish_training(const Uuid& project, const Uuid& iteration);
std::string finish_export(const Uuid& project, const Export& entry);
std::string finish_import(const Uuid& project, const Uuid& source);
std::string remove_test_blob(std::string_view container_uri, std::string_view name);

// Removes a slice of what an abandoned project held, and schedules the next one if there is more.
void sweep_project(Transaction& tx, CustomVision& state, const Uuid& project);

// Kinds of these jobs: runtime/operations.h.
// Tells the scheduler who runs these. The state must outlive the scheduler's thread.
void register_all(Scheduler& scheduler, CustomVision& state);

}  // namespace cvemu::customvision::jobs
