#include "faults/effects.h"

#include <algorithm>

#include "base/ids.h"
#include "faults/actions.h"

namespace cvemu {

namespace {

constexpr std::uint64_t kNoLimit = ~0ULL >> 1;

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
  ApiError made = service_.error_for(said.status);
  if (!said.code.empty()) made.code = said.code;
  if (!said.message.empty()) made.message = said.message;
  for (const auto& [name, value] : said.headers) made.headers.set(name, value);
  if (said.retry_after) made.headers.set("Retry-After", std::to_string(*said.retry_after));
  return made;
}

ApiError FaultEffect::throttled() const {
  return service_.throttled(action().retry_after);
}

ApiError FaultEffect::storage_denied() const {
  ApiError made = service_.denied();
  made.status = action().status;
  if (!action().code.empty()) made.code = action().code;
  return made;
}

ApiError FaultEffect::storage_missing() const {
  return service_.missing();
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
