// What can go wrong: one row an action, with all that is known of it. Adding one is a row, its functions
// beside it, a test, and a line in the cookbook.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "faults/rules.h"

namespace cvemu {

class FaultEffect;

// Which requests an action can meet at all, whatever a rule matches. What is not set does not matter.
struct FaultTarget {
  std::string_view operations{};  // names, with blanks between them
  std::string_view service{}, method{};
  // The emulator's own requests to the user's storage: notifications, backups of models, connection tests.
  bool notifications = false, backups = false, tests = false;
};

struct FaultActionKind {
  std::string_view name;
  // What it takes besides "type", with blanks between; the first may stand beside the name in a header. Their
  // types: faults/read_action.cpp.
  std::string_view fields;
  std::optional<FaultPhase> only_phase;  // unset: a rule chooses, by default before the effect
  FaultTarget target;
  bool reads_body = false;  // the whole request's body, before anything else
  // In its phase. An answer, or an ApiError, stands in for the service's; null: nothing.
  std::optional<Response> (*before)(FaultEffect&) = nullptr;
  void (*after)(FaultEffect&, Response&) = nullptr;
  std::string_view advice;  // for who writes a test with it
  // Of what nothing is said: FaultAction's members.
  int status = 500;
  std::string_view variant{};
};

std::span<const FaultActionKind> fault_actions();
const FaultActionKind* find_fault_action(std::string_view name);  // in any case; null: none

std::vector<std::string_view> fields_of(const FaultActionKind& kind);
FaultPhase phase_of(const FaultRule& rule);
// Whether the action can meet such a request: a notification's fault only notifications.
bool applies(const FaultAction& action, const RequestFacts& facts);
// Whether it can meet any request of this operation.
bool can_apply(const FaultActionKind& kind, std::string_view operation);

}  // namespace cvemu
