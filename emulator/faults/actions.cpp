#include "faults/actions.h"

#include <algorithm>

#include "base/text.h"
#include "faults/effects.h"
#include "faults/notification_text.h"

namespace cvemu {

namespace {

using enum FaultPhase;
using Answer = std::optional<Response>;

// ---- answers of the service ----

Answer fail(FaultEffect& effect) {
  throw effect.error();
}
void fail_after(FaultEffect& effect, Response&) {
  throw effect.error();
}

Answer throttle(FaultEffect& effect) {
  throw effect.throttled();
}
void throttle_after(FaultEffect& effect, Response&) {
  throw effect.throttled();
}

Answer delay(FaultEffect& effect) {
  effect.pause();
  return std::nullopt;
}
void delay_after(FaultEffect& effect, Response&) {
  effect.pause();
}

void reorder(FaultEffect& effect, Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body))
    *text = reordered_list(*text, effect.action().variant);
}

// ---- the connection ----

template <WireFault::Kind kKind>
Answer break_off(FaultEffect& effect) {
  return Response{.status = 200, .headers = {}, .body = {}, .wire_fault = effect.wire_fault(kKind)};
}
template <WireFault::Kind kKind>
void spoil(FaultEffect& effect, Response& response) {
  response.wire_fault = effect.wire_fault(kKind);
}

// ---- long operations ----

Answer end_failed(FaultEffect& effect) {
  Outcome outcome;
  outcome.fails = true;
  outcome.details = effect.action().details;
  effect.choose_outcome(outcome);
  return std::nullopt;
}

Answer never_end(FaultEffect& effect) {
  Outcome outcome;
  outcome.hold = true;
  effect.choose_outcome(outcome);
  return std::nullopt;
}

Answer notify_early(FaultEffect& effect) {
  Outcome outcome;
  outcome.notifies_early = true;
  outcome.notification_gap = effect.action().time;
  effect.choose_outcome(outcome);
  return std::nullopt;
}

// ---- deliveries ----

Answer deny_storage(FaultEffect& effect) {
  throw effect.storage_denied();
}
Answer miss_storage(FaultEffect& effect) {
  throw effect.storage_missing();
}

// Said to be there, and is not.
Answer lose(FaultEffect&) {
  return Response{201, {}, {}};
}

void duplicate(FaultEffect& effect, Response&) {
  for (std::uint64_t i = 0; i < effect.action().copies; ++i) effect.run_changed(effect.body());
}

Answer hide(FaultEffect& effect) {
  return effect.run_hidden();
}

// Every other message is held back, so that the ones between overtake it.
Answer hide_every_other(FaultEffect& effect) {
  return effect.is_odd_one() ? Answer(effect.run_hidden()) : std::nullopt;
}

Answer malform(FaultEffect& effect) {
  return effect.run_changed(notification_text::malform(effect.body(), effect.action().variant));
}

Answer truncate(FaultEffect& effect) {
  return effect.run_changed(effect.body().substr(0, effect.body().size() / 2));
}

constexpr FaultTarget kAny{};
constexpr FaultTarget kStorage{.notifications = true, .backups = true, .tests = true};
constexpr FaultTarget kNotifications{.notifications = true};
constexpr FaultTarget kBackups{.backups = true};
constexpr auto kReset = WireFault::Kind::Reset, kEmpty = WireFault::Kind::Empty;

constexpr FaultActionKind kActions[] = {
    {"status",
     "status error headers retryAfter",
     {},
     kAny,
     false,
     fail,
     fail_after,
     "The JavaScript clients wait seconds before each retry of a 5xx: set their retry policy, or use a 4xx. "
     "The Python storage client tries three more times."},
    {"throttle",
     "retryAfter",
     {},
     kAny,
     false,
     throttle,
     throttle_after,
     "429 from Custom Vision, 503 ServerBusy from storage; retryAfter null: no header."},
    {"delay",
     "for",
     {},
     kAny,
     false,
     delay,
     delay_after,
     "Real time. Shows what a client's own time-out does."},
    {"stall", "afterBytes for", AfterEffect, kAny, false, nullptr, spoil<WireFault::Kind::Stall>,
     "The answer begins, and then nothing comes."},
    {"resetConnection",
     "afterBytes",
     {},
     kAny,
     false,
     break_off<kReset>,
     spoil<kReset>,
     "With phase afterEffect the work is done: a client that retries does it twice."},
    {"emptyReply",
     "",
     {},
     kAny,
     false,
     break_off<kEmpty>,
     spoil<kEmpty>,
     "The connection ends without a byte."},
    {"truncateBody", "afterBytes", AfterEffect, kAny, false, nullptr, spoil<WireFault::Kind::Truncate>,
     "Fewer bytes than Content-Length says. The JavaScript client of Custom Vision does not notice and "
     "waits."},
    {"corruptBody", "afterBytes", AfterEffect, kAny, false, nullptr, spoil<WireFault::Kind::Corrupt>,
     "One byte is another; only a checksum tells."},
    {"slowBody", "afterBytes chunk pause", AfterEffect, kAny, false, nullptr, spoil<WireFault::Kind::Slow>,
     "The whole body, in pieces."},
    {"storageDenied", "at status error", BeforeEffect, kStorage, false, deny_storage, nullptr,
     "The emulator's own requests to the user's storage: 400 at create, a failed delivery later.", 403},
    {"storageMissing", "at", BeforeEffect, kStorage, false, miss_storage, nullptr,
     "The queue or container vanished."},
    {"trainingFailed",
     "details",
     BeforeEffect,
     {.operations = "TrainProject"},
     false,
     end_failed,
     nullptr,
     "TrainProject answers 200; the iteration ends Failed."},
    {"trainingStuck",
     "",
     BeforeEffect,
     {.operations = "TrainProject"},
     false,
     never_end,
     nullptr,
     "The iteration stays in Training until it is decided by hand."},
    {"exportFailed",
     "details",
     BeforeEffect,
     {.operations = "ExportIteration"},
     false,
     end_failed,
     nullptr,
     "ExportIteration answers 200; the export ends Failed."},
    {"exportStuck",
     "",
     BeforeEffect,
     {.operations = "ExportIteration"},
     false,
     never_end,
     nullptr,
     "The export stays Exporting."},
    {"importFailed",
     "details",
     BeforeEffect,
     {.operations = "ImportProject"},
     false,
     end_failed,
     nullptr,
     "ImportProject answers 200; the project ends Failed."},
    {"notificationLost", "", BeforeEffect, kNotifications, false, lose, nullptr,
     "The state changes, the message never comes: keep a poll as a fallback."},
    {"notificationDuplicated", "copies", AfterEffect, kNotifications, true, nullptr, duplicate,
     "Queues deliver at least once: a consumer must bear the second."},
    {"notificationDelayed", "by", BeforeEffect, kNotifications, true, hide, nullptr,
     "Hidden for that time on the emulator's clock."},
    {"notificationReordered", "window", BeforeEffect, kNotifications, true, hide_every_other, nullptr,
     "Every other message is hidden for the window, so that the next overtakes it."},
    {"notificationEarly",
     "by",
     BeforeEffect,
     {.operations = "TrainProject ExportIteration"},
     false,
     notify_early,
     nullptr,
     "The message comes before the API shows the new state."},
    {"notificationMalformed", "kind", BeforeEffect, kNotifications, true, malform, nullptr,
     "A consumer that cannot read a message must not stop at it.", 500, "brokenJson"},
    {"backupMissing", "", BeforeEffect, kBackups, false, lose, nullptr,
     "The notification names a blob that is not there."},
    {"backupTruncated", "", BeforeEffect, kBackups, true, truncate, nullptr, "Half of the archive."},
    {"listOrder",
     "order",
     AfterEffect,
     {.service = "customvision", .method = "GET"},
     false,
     nullptr,
     reorder,
     "For code that takes the first or last entry for the newest.",
     500,
     "reverse"},
};

bool names(std::string_view words, std::string_view word) {
  const auto all = split(words, ' ');
  return std::any_of(all.begin(), all.end(), [&](std::string_view one) { return iequals(one, word); });
}

bool is_of_deliveries(const FaultTarget& target) {
  return target.notifications || target.backups || target.tests;
}

bool meets(const FaultTarget& target, std::string_view where, Delivery::Kind kind) {
  using Kind = Delivery::Kind;
  if (where == "create") return kind == Kind::ConnectionTest;
  if (where == "delivery") return kind == Kind::Notification;
  if (where == "backup") return kind == Kind::Backup;
  return (target.tests && kind == Kind::ConnectionTest) ||
         (target.notifications && kind == Kind::Notification) || (target.backups && kind == Kind::Backup);
}

}  // namespace

std::span<const FaultActionKind> fault_actions() {
  return kActions;
}

const FaultActionKind* find_fault_action(std::string_view name) {
  for (const FaultActionKind& kind : kActions)
    if (iequals(kind.name, name)) return &kind;
  return nullptr;
}

std::vector<std::string_view> fields_of(const FaultActionKind& kind) {
  return kind.fields.empty() ? std::vector<std::string_view>() : split(kind.fields, ' ');
}

FaultPhase phase_of(const FaultRule& rule) {
  return rule.action.kind->only_phase.value_or(rule.phase.value_or(BeforeEffect));
}

bool applies(const FaultAction& action, const RequestFacts& facts) {
  const FaultTarget& target = action.kind->target;
  if (!target.operations.empty() && !names(target.operations, facts.operation)) return false;
  if (!target.service.empty() && facts.service != target.service) return false;
  if (!target.method.empty() && facts.method != target.method) return false;
  return !is_of_deliveries(target) || meets(target, action.variant, facts.delivery);
}

bool can_apply(const FaultActionKind& kind, std::string_view operation) {
  const FaultTarget& target = kind.target;
  if (!target.operations.empty()) return names(target.operations, operation);
  if (!is_of_deliveries(target)) return true;
  return (target.notifications && iequals(operation, "PutMessage")) ||
         (target.backups && iequals(operation, "PutBlob"));
}

}  // namespace cvemu
