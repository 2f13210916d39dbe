// What every control route works on, and the tables the handlers' files end in.
#pragma once
#include <span>

#include "cvemu/options.h"
#include "http/service.h"
#include "runtime/environment.h"
#include "runtime/scheduler.h"

namespace cvemu::control {

// References into the Emulator.
struct Desk {
  Environment environment;
  const Options& options;
};

std::span<const Operation<Desk>> health_operations();
std::span<const Operation<Desk>> clock_operations();
std::span<const Operation<Desk>> job_operations();
std::span<const Operation<Desk>> description_operations();

}  // namespace cvemu::control
