// What every control route works on, and the tables the handlers' files end in.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>

#include "control/endpoint_info.h"
#include "cvemu/options.h"
#include "faults/faults.h"
#include "http/host_policy.h"
#include "http/public_endpoints.h"
#include "http/service.h"
#include "pipeline/journal.h"
#include "runtime/change_signal.h"
#include "runtime/environment.h"
#include "runtime/scheduler.h"
#include "runtime/snapshots.h"

namespace cvemu::control {

enum class EndpointKind { Vision, Blob, Queue, Control };

struct KnownOperation {
  std::string_view service, name;
};

// A notification as the service words it.
struct Announcement {
  NotificationType type = NotificationType::ConnectionTest;
  Uuid project, iteration;
  bool completed = true;  // else failed
  std::string model_uri;  // of an export; "": none
};

// References into the Emulator.
struct ControlContext {
  Environment environment;
  const Options& options;
  const EndpointInfo& endpoints;
  PublicEndpoints& public_endpoints;
  const HostPolicy& hosts;
  RequestJournal& journal;
  ChangeSignal& changes;
  std::mutex& replacement;  // held by StateReplacement
  Faults& faults;
  const std::vector<KnownOperation>& operations;  // of all services but control
  Snapshots& snapshots;
  std::string_view service_account;      // holds the service's own files
  std::function<void()> restart_clock;   // as the options say
  std::function<void()> state_replaced;  // what services remember about it is no longer true
  // A client's request to an endpoint, with all the rights there are. Parts of `target` that come from
  // outside are percent-encoded. Call outside any Transaction.
  std::function<Response(EndpointKind kind, Method method, std::string target, std::string body)>
      send_internal;
  std::function<Url(EndpointKind kind)> endpoint;  // of the first account, at the storage services
  // A drawn image as a JPEG file: of kind `label`, another one for each `number`.
  std::function<std::string(int label, std::int64_t number)> draw;
  std::function<std::string(const Announcement& announcement)> notification;  // the JSON
  std::function<bool(std::string_view beginning)> is_image;                   // tells by a file's first bytes
};

// One that replaces the state: resets, restores, imports and scenarios wait for each other, and each goes on
// from what the one before has left.
class StateReplacement {
 public:
  explicit StateReplacement(ControlContext& control)
      : lock_(control.replacement), guard_(control.environment.database) {}

 private:
  const std::lock_guard<std::mutex> lock_;
  const GenerationGuard guard_;  // of the state as it is now
};

std::span<const Operation<ControlContext>> health_operations();
std::span<const Operation<ControlContext>> clock_operations();
std::span<const Operation<ControlContext>> job_operations();
std::span<const Operation<ControlContext>> operation_operations();
std::span<const Operation<ControlContext>> transition_operations();
std::span<const Operation<ControlContext>> reset_operations();
std::span<const Operation<ControlContext>> snapshot_operations();
std::span<const Operation<ControlContext>> state_operations();
std::span<const Operation<ControlContext>> identity_operations();
std::span<const Operation<ControlContext>> scenario_operations();
std::span<const Operation<ControlContext>> fault_operations();
std::span<const Operation<ControlContext>> journal_operations();
std::span<const Operation<ControlContext>> timeline_operations();
std::span<const Operation<ControlContext>> verify_operations();
std::span<const Operation<ControlContext>> wait_operations();
std::span<const Operation<ControlContext>> description_operations();
std::span<const Operation<ControlContext>> connection_operations();
std::span<const Operation<ControlContext>> info_operations();
std::span<const Operation<ControlContext>> public_endpoint_operations();
std::span<const Operation<ControlContext>> queue_operations();
std::span<const Operation<ControlContext>> container_operations();
std::span<const Operation<ControlContext>> project_operations();
std::span<const Operation<ControlContext>> notification_operations();
std::span<const Operation<ControlContext>> prediction_operations();

}  // namespace cvemu::control
