// What the service does later: the ends of trainings, exports and imports, deliveries to the user's storage,
// the removal of test blobs. Kinds and payloads of these jobs: runtime/job_kinds.h, runtime/job_payloads.h.
#pragma once
#include "customvision/api/request_reader.h"
#include "runtime/job_kinds.h"
#include "runtime/long_running.h"

namespace cvemu::customvision::jobs {

// Tells the scheduler who runs these. The state must outlive the scheduler's thread.
void register_all(Scheduler& scheduler, CustomVision& state);

}  // namespace cvemu::customvision::jobs
