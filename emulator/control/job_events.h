// What happened while time moved, in words for tests: the jobs that ran, as events.
#pragma once
#include "control/json.h"
#include "runtime/scheduler.h"

namespace cvemu::control {

// "training.finished", "export.finished", "import.finished", "notification.enqueued", "backup.written" (with
// no queue to tell it), "delivery.failed", "testBlob.removed"; the job's own kind for anything else.
std::string event_of(const CompletedJob& job);

// {"now", "fired": [{"at", "kind", "event", "succeeded", "project", "iteration"}]}
Response fired_response(Instant now, const std::vector<CompletedJob>& fired);

// The condition {"event": "notification.enqueued", "project": "name or id"}, for Scheduler::run_until.
std::function<bool(const CompletedJob&)> read_event(const Json& condition, Database& database);

}  // namespace cvemu::control
