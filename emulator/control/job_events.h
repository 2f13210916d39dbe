// What happened while time moved, in words for tests: the jobs that ran, as events.
#pragma once
#include <memory>

#include "control/json.h"
#include "pipeline/journal.h"
#include "runtime/scheduler.h"

namespace cvemu::control {

// "training.finished", "export.finished", "import.finished", "notification.enqueued", "backup.written" (with
// no queue to tell it), "delivery.failed", "testBlob.removed"; the job's own kind for anything else.
std::string event_of(const CompletedJob& job);

// {"now", "fired": [{"at", "kind", "event", "succeeded", "outcome", "details", "project", "iteration"}]}
Response fired_response(Instant now, const std::vector<CompletedJob>& fired);

// The condition {"event": "notification.enqueued", "project": "name or id"}, for Scheduler::run_until.
std::function<bool(const CompletedJob&)> read_event(const Json& condition, Database& database);

// What the journal calls the end of a long operation: FinishTraining, FinishExport, FinishImport.
std::string_view ending_name(OperationKind kind);
// The end of a long operation as the journal has it; null for any other job, and if nothing is left that
// ended. Nobody sent that request, so it is internal; its answer is what the API shows from now on: {"event",
// "status", "details"}, with "trainingErrorDetails" for a training, "platform" and "flavor" for an export.
// `host`: of the endpoint.
std::shared_ptr<JournalEntry> journal_entry_of(const CompletedJob& job, const std::string& host);

}  // namespace cvemu::control
