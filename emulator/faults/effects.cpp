#include "faults/effects.h"

#include <algorithm>

#include "base/ids.h"
#include "faults/actions.h"

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

// The entries of "[...]" as they stand; nothing if it is no list.
std::vector<std::string_view> entries_of(std::string_view json) {
  std::vector<std::string_view> entries;
  if (!json.starts_with('[') || json == "[]") return entries;
  int depth = 0;
  bool in_text = false;
  std::size_t begin = 1;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '[' || c == '{') ++depth;
    const bool ends = (c == ',' && depth == 1) || (c == ']' && depth == 1);
    if (c == ']' || c == '}') --depth;
    if (!ends) continue;
    entries.push_back(json.substr(begin, i - begin));
    begin = i + 1;
  }
  return entries;
}

OperationKind operation_begun_by(std::string_view operation) {
  if (operation == "ImportProject") return OperationKind::Import;
  return operation == "ExportIteration" ? OperationKind::Export : OperationKind::Training;
}

}  // namespace

ApiError FaultEffect::error() const {
  const FaultAction& said = action();
  ApiError made = service_.unexpected();
  made.status = said.status;
  const auto choose = [&](const auto& rows) {
    for (const Words& row : rows)
      if (row.status == said.status) made.code = row.code, made.message = row.message;
  };
  is_storage() ? choose(kStorageWords) : choose(kVisionWords);
  if (!said.code.empty()) made.code = said.code;
  if (!said.message.empty()) made.message = said.message;
  for (const auto& [name, value] : said.headers) made.headers.set(name, value);
  if (said.retry_after) made.headers.set("Retry-After", std::to_string(*said.retry_after));
  return made;
}

// Azure: Custom Vision says 429, storage 503 ServerBusy (documentation of both).
ApiError FaultEffect::throttled() const {
  ApiError made = is_storage() ? ApiError(503, "ServerBusy", "The server is busy.")
                               : ApiError(429, "429", "Rate limit is exceeded. Try again later.");
  const auto& retry_after = action().retry_after;
  if (!retry_after) return made;
  const std::string seconds = std::to_string(*retry_after);
  made.headers.set("Retry-After", seconds);
  if (!is_storage()) made.message = "Rate limit is exceeded. Try again in " + seconds + " seconds.";
  return made;
}

// Azure: what a request meets whose identity has no role, and whose queue or container is gone.
ApiError FaultEffect::storage_denied() const {
  return {action().status, action().code.empty() ? "AuthorizationPermissionMismatch" : action().code,
          "This request is not authorized to perform this operation using this permission."};
}

ApiError FaultEffect::storage_missing() const {
  if (service_.name() == "queue") return {404, "QueueNotFound", "The specified queue does not exist."};
  return {404, "ContainerNotFound", "The specified container does not exist."};
}

WireFault FaultEffect::wire_fault(WireFault::Kind kind) const {
  return {kind, action().after_bytes, action().piece, action().time};
}

// The caller proved who he is with the request that did come.
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

Response FaultEffect::run_hidden() {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(action().time).count();
  return run_changed(body(), "visibilitytimeout=" + std::to_string(seconds));
}

bool FaultEffect::is_odd_one() const {
  const auto listed = faults_.find(rule_->id);
  return listed && listed->counts.applied % 2 == 1;
}

void FaultEffect::choose_outcome(const Outcome& outcome) {
  Transaction tx(database_);
  outcome_ = outcomes::override_next(tx, operation_begun_by(match_.route->name),
                                     Uuid::parse(match_.params.get("projectId")), outcome);
  tx.commit();
}

std::optional<Response> FaultEffect::before() {
  const FaultActionKind& kind = *action().kind;
  if (kind.reads_body) body_.read_ahead(kNoLimit);
  const bool is_now = phase_of(*rule_) == FaultPhase::BeforeEffect;
  return is_now && kind.before ? kind.before(*this) : std::nullopt;
}

void FaultEffect::after(Response& response) {
  if (outcome_ && response.status >= 400) {  // the operation did not begin
    Transaction tx(database_);
    outcomes::withdraw(tx, *outcome_);
    tx.commit();
  }
  const FaultActionKind& kind = *action().kind;
  const bool is_now = phase_of(*rule_) == FaultPhase::AfterEffect;
  if (is_now && kind.after) kind.after(*this, response);
}

std::string reordered_list(std::string_view json, std::string_view order) {
  std::vector<std::string_view> entries = entries_of(json);
  if (entries.size() < 2) return std::string(json);
  if (order == "shuffled") {
    for (std::size_t i = entries.size(); i > 1; --i)
      std::swap(entries[i - 1], entries[scramble(i, entries.size()) % i]);
  } else {
    std::reverse(entries.begin(), entries.end());
  }
  std::string out;
  for (const std::string_view entry : entries) out += (out.empty() ? '[' : ',') + std::string(entry);
  return out + ']';
}

}  // namespace cvemu
