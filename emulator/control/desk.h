// What every control route works on, and the tables the handlers' files end in.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>

#include "control/place.h"
#include "cvemu/options.h"
#include "faults/faults.h"
#include "http/host_policy.h"
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
struct Desk {
  Environment environment;
  const Options& options;
  const Place& place;
  const HostPolicy& hosts;
  RequestJournal& journal;
  ChangeSignal& changes;
  std::mutex& replacing;  // held by ReplacingTurn
  Faults& faults;
  const std::vector<KnownOperation>& operations;  // of all services but control
  Snapshots& snapshots;
  std::string_view service_account;      // holds the service's own files
  std::function<void()> restart_clock;   // as the options say
  std::function<void()> state_replaced;  // what services remember about it is no longer true
  // A client's request to an endpoint, with all the rights there are. Parts of `target` that come from
  // outside are percent-encoded. Call outside any Transaction.
  std::function<Response(EndpointKind kind, Method method, std::string target, std::string body)> send_internal;
  std::function<Url(EndpointKind kind)> endpoint;  // of the first account, at the storage services
  // A drawn picture as a JPEG file: of kind `label`, another one for each `number`.
  std::function<std::string(int label, std::int64_t number)> draw;
  std::function<std::string(const Announcement& announcement)> notification;  // the JSON
  std::function<bool(std::string_view beginning)> is_picture;                 // tells by a file's first bytes
};

// One that replaces the state: resets, restores, imports and scenarios wait for each other, and each goes on
// from what the one before has left.
class ReplacingTurn {
 public:
  explicit ReplacingTurn(Desk& desk) : lock_(desk.replacing), guard_(desk.environment.database) {}

 private:
  const std::lock_guard<std::mutex> lock_;
  const Fence guard_;  // of the state as it is now
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
std::span<const Operation<Desk>> scenario_operations();
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
std::span<const Operation<Desk>> notification_operations();
std::span<const Operation<Desk>> prediction_operations();

}  // namespace cvemu::control
