// What every control route works on, and the tables the handlers' files end in.
#pragma once
#include <span>

#include "control/place.h"
#include "cvemu/options.h"
#include "http/service.h"
#include "runtime/environment.h"
#include "runtime/faults.h"
#include "runtime/journal.h"
#include "runtime/scheduler.h"

namespace cvemu::control {

struct KnownOperation {
  std::string_view service, name;
};

// References into the Emulator.
struct Desk {
  Environment environment;
  const Options& options;
  const Place& place;
  RequestJournal& journal;
  Faults& faults;
  const std::vector<KnownOperation>& operations;  // of all services but control
};

std::span<const Operation<Desk>> health_operations();
std::span<const Operation<Desk>> clock_operations();
std::span<const Operation<Desk>> job_operations();
std::span<const Operation<Desk>> fault_operations();
std::span<const Operation<Desk>> journal_operations();
std::span<const Operation<Desk>> timeline_operations();
std::span<const Operation<Desk>> verify_operations();
std::span<const Operation<Desk>> wait_operations();
std::span<const Operation<Desk>> description_operations();
std::span<const Operation<Desk>> connection_operations();
std::span<const Operation<Desk>> info_operations();
std::span<const Operation<Desk>> queue_operations();
std::span<const Operation<Desk>> container_operations();
std::span<const Operation<Desk>> project_operations();

}  // namespace cvemu::control
