// What every control route works on, and the tables the handlers' files end in.
#pragma once
#include <functional>
#include <span>

#include "cvemu/options.h"
#include "http/service.h"
#include "runtime/environment.h"
#include "runtime/scheduler.h"
#include "runtime/snapshots.h"

namespace cvemu::control {

// References into the Emulator.
struct Desk {
  Environment environment;
  const Options& options;
  Snapshots& snapshots;
  std::string_view service_account;      // holds the service's own files
  std::function<void()> restart_clock;  // as the options say
};

std::span<const Operation<Desk>> health_operations();
std::span<const Operation<Desk>> clock_operations();
std::span<const Operation<Desk>> job_operations();
std::span<const Operation<Desk>> operation_operations();
std::span<const Operation<Desk>> transition_operations();
std::span<const Operation<Desk>> reset_operations();
std::span<const Operation<Desk>> snapshot_operations();
std::span<const Operation<Desk>> state_operations();
std::span<const Operation<Desk>> identity_operations();

}  // namespace cvemu::control
