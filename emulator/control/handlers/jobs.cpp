// What the emulator has promised to do.
#include "store/jobs.h"
#include "base/times.h"
#include "control/context.h"
#include "control/json.h"

namespace cvemu::control {

namespace {

Response list_jobs(ControlContext& control, RequestContext&) {
  Transaction tx(control.environment.database);
  JsonWriter json;
  json.begin_object().key("jobs").begin_array();
  for (const Job& job : jobs::list(tx)) {
    json.begin_object().field("due", times::iso_millis(job.due)).field("kind", job.kind);
    json.key("payload").raw(job.payload).field("attempts", job.attempts);
    if (!job.last_error.empty()) json.field("lastError", job.last_error);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(json);
}

}  // namespace

std::span<const Operation<ControlContext>> job_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListJobs", Method::Get, "/_emulator/jobs"},
       list_jobs,
       {"What is still to be done, and why a delivery failed"}},
  };
  return operations;
}

}  // namespace cvemu::control
