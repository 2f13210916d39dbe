#include "runtime/fault_effects.h"

#include <algorithm>

#include "base/text.h"
#include "runtime/notification_text.h"
#include "store/outcomes.h"

namespace cvemu {

namespace {

constexpr std::uint64_t kNoLimit = ~0ULL >> 1;

struct Words {
  int status;
  std::string_view code, message;
};
// Azure: the codes a storage client is most likely to meet with a status.
constexpr Words kStorageWords[] = {
    {400, "InvalidInput", "One of the request inputs is not valid."},
    {403, "AuthorizationFailure", "This request is not authorized to perform this operation."},
    {404, "ResourceNotFound", "The specified resource does not exist."},
    {409, "ResourceAlreadyExists", "The specified resource already exists."},
    {412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    {500, "OperationTimedOut", "Operation could not be completed within the permitted time."},
    {503, "ServerBusy", "The server is busy."},
};
// Azure: 401 and 429 carry their status as code (recorded).
constexpr Words kVisionWords[] = {
    {400, "BadRequest", "The request is not valid."},
    {401, "401", "Access denied due to invalid subscription key or wrong API endpoint."},
    {404, "404", "Resource not found"},
    {429, "429", "Rate limit is exceeded. Try again later."},
    {503, "ServiceUnavailable", "The service is temporarily unavailable."},
};

bool is_notification(FaultKind kind) {
  return kind == FaultKind::NotificationEarly;
}

OperationKind operation_of(FaultKind kind, std::string_view operation) {
  if (kind == FaultKind::ImportFailed) return OperationKind::Import;
  const bool exporting = operation == "ExportIteration";
  return exporting ? OperationKind::Export : OperationKind::Training;
}

}  // namespace

ApiError FaultEffect::error() const {
  const FaultAction& action = rule_->action;
  ApiError made = service_.unexpected();
  made.status = action.status;
  const auto choose = [&](const auto& rows) {
    for (const Words& row : rows)
      if (row.status == action.status) made.code = row.code, made.message = row.message;
  };
  is_storage() ? choose(kStorageWords) : choose(kVisionWords);
  if (!action.code.empty()) made.code = action.code;
  if (!action.message.empty()) made.message = action.message;
  for (const auto& [name, value] : action.headers) made.headers.set(name, value);
  if (action.retry_after) made.headers.set("Retry-After", std::to_string(*action.retry_after));
  return made;
}

// Azure: Custom Vision says 429, storage 503 ServerBusy (documentation of both).
ApiError FaultEffect::throttled() const {
  ApiError made = is_storage() ? ApiError(503, "ServerBusy", "The server is busy.")
                               : ApiError(429, "429", "Rate limit is exceeded. Try again later.");
  const auto& retry_after = rule_->action.retry_after;
  if (!retry_after) return made;
  const std::string seconds = std::to_string(*retry_after);
  made.headers.set("Retry-After", seconds);
  if (!is_storage()) made.message = "Rate limit is exceeded. Try again in " + seconds + " seconds.";
  return made;
}

// Azure: what a request meets whose identity has no role, and whose queue or container is gone.
ApiError FaultEffect::storage_refusal() const {
  if (rule_->action.kind == FaultKind::StorageDenied)
    return {rule_->action.status,
            rule_->action.code.empty() ? "AuthorizationPermissionMismatch" : rule_->action.code,
            "This request is not authorized to perform this operation using this permission."};
  if (service_.name() == "queue") return {404, "QueueNotFound", "The specified queue does not exist."};
  return {404, "ContainerNotFound", "The specified container does not exist."};
}

WireFault FaultEffect::wire_fault() const {
  const FaultAction& action = rule_->action;
  WireFault fault{WireFault::Kind::Reset, action.after_bytes, action.piece, action.time};
  switch (action.kind) {
    case FaultKind::EmptyReply:
      fault.kind = WireFault::Kind::Empty;
      break;
    case FaultKind::TruncateBody:
      fault.kind = WireFault::Kind::Truncate;
      break;
    case FaultKind::CorruptBody:
      fault.kind = WireFault::Kind::Corrupt;
      break;
    case FaultKind::SlowBody:
      fault.kind = WireFault::Kind::Slow;
      break;
    case FaultKind::Stall:
      fault.kind = WireFault::Kind::Stall;
      break;
    default:
      break;
  }
  return fault;
}

// The same request with another body or a longer query, served as if it had come so. The caller proved who he
// is with the request that did come.
Response FaultEffect::run_changed(std::string body, const std::string& extra_query) {
  const Principal caller = service_.authenticate(exchange_, match_);
  Request request = exchange_.request;
  if (!extra_query.empty()) request.target += (request.raw_query().empty() ? '?' : '&') + extra_query;
  request.headers.set("Content-Length", std::to_string(body.size()));
  const Exchange changed{request, Query::parse(request.raw_query()), exchange_.peer, exchange_.id,
                         exchange_.at};
  StringBody bytes(std::move(body));
  RequestContext context{changed, bytes, match_.params, caller};
  return service_.run(match_, context);
}

// A message that is in the queue, but can be received only when that time has passed on the emulator's clock.
Response FaultEffect::run_hidden(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  return run_changed(body_.whole(), "visibilitytimeout=" + std::to_string(seconds));
}

// Every other message is held back, so that the ones between overtake it.
bool FaultEffect::is_odd_one() const {
  const auto listed = faults_.find(rule_->id);
  return listed && listed->counts.applied % 2 == 1;
}

std::optional<Response> FaultEffect::instead_of_effect() {
  switch (rule_->action.kind) {
    case FaultKind::Status:
      throw error();
    case FaultKind::Throttle:
      throw throttled();
    case FaultKind::ResetConnection:
    case FaultKind::EmptyReply:
      return Response{.status = 200, .headers = {}, .body = {}, .wire_fault = wire_fault()};
    case FaultKind::Delay:
      faults_.pause(rule_->action.time);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

void FaultEffect::choose_outcome() {
  const FaultAction& action = rule_->action;
  Outcome outcome;
  outcome.hold = action.kind == FaultKind::TrainingStuck || action.kind == FaultKind::ExportStuck;
  outcome.notifies_early = action.kind == FaultKind::NotificationEarly;
  outcome.notification_gap = action.time;
  outcome.fails = !outcome.hold && !is_notification(action.kind);
  outcome.details = action.details;
  Transaction tx(database_);
  outcome_ = outcomes::override_next(tx, operation_of(action.kind, match_.route->name),
                                     Uuid::parse(match_.params.get("projectId")), outcome);
  tx.commit();
}

std::optional<Response> FaultEffect::before() {
  const FaultAction& action = rule_->action;
  switch (action.kind) {
    case FaultKind::StorageDenied:
    case FaultKind::StorageMissing:
      throw storage_refusal();
    case FaultKind::NotificationLost:
    case FaultKind::BackupMissing:
      return Response{201, {}, {}};  // said to be there, and is not
    case FaultKind::TrainingFailed:
    case FaultKind::TrainingStuck:
    case FaultKind::ExportFailed:
    case FaultKind::ExportStuck:
    case FaultKind::ImportFailed:
    case FaultKind::NotificationEarly:
      choose_outcome();
      return std::nullopt;
    case FaultKind::NotificationDuplicated:
      body_.read_ahead(kNoLimit);
      return std::nullopt;
    case FaultKind::NotificationDelayed:
      body_.read_ahead(kNoLimit);
      return run_hidden(action.time);
    case FaultKind::NotificationReordered:
      body_.read_ahead(kNoLimit);
      return is_odd_one() ? std::optional(run_hidden(action.time)) : std::nullopt;
    case FaultKind::NotificationMalformed:
      body_.read_ahead(kNoLimit);
      return run_changed(notification_text::malform(body_.whole(), action.variant), "");
    case FaultKind::BackupTruncated:
      body_.read_ahead(kNoLimit);
      return run_changed(body_.whole().substr(0, body_.whole().size() / 2), "");
    default:
      break;
  }
  return rule_->effective_phase() == FaultPhase::BeforeEffect ? instead_of_effect() : std::nullopt;
}

void FaultEffect::after(Response& response) {
  const FaultAction& action = rule_->action;
  if (outcome_ && response.status >= 400) {  // the operation did not begin
    Transaction tx(database_);
    outcomes::withdraw(tx, *outcome_);
    tx.commit();
  }
  if (rule_->effective_phase() != FaultPhase::AfterEffect) return;
  switch (action.kind) {
    case FaultKind::Status:
      throw error();
    case FaultKind::Throttle:
      throw throttled();
    case FaultKind::Delay:
      faults_.pause(action.time);
      return;
    case FaultKind::ListOrder:
      if (auto* text = std::get_if<std::string>(&response.body))
        *text = reordered_list(*text, action.variant);
      return;
    case FaultKind::NotificationDuplicated:
      for (std::uint64_t i = 0; i < action.copies; ++i) run_changed(body_.whole(), "");
      return;
    case FaultKind::ResetConnection:
    case FaultKind::EmptyReply:
    case FaultKind::TruncateBody:
    case FaultKind::CorruptBody:
    case FaultKind::SlowBody:
    case FaultKind::Stall:
      response.wire_fault = wire_fault();
      return;
    default:
      return;
  }
}

}  // namespace cvemu
