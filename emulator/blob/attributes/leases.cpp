// Leases of blobs and containers. Azure: the table of outcomes in the documentation of Lease Blob; the codes
// were measured.
#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

Uuid required_id(const Headers& headers, std::string_view header) {
  const auto id = lease_id_of(headers, header);
  if (!id) throw storage_errors::missing_header(header);
  return *id;
}

int seconds_asked(const Headers& headers) {
  constexpr std::string_view kName = "x-ms-lease-duration";
  const std::int64_t seconds = required_header_int(headers, kName, {Lease::kInfinite, limits::kLongestLease});
  if (seconds != Lease::kInfinite && seconds < limits::kShortestLease)
    throw errors::out_of_range_header(kName, headers.get(kName), limits::kShortestLease,
                                      limits::kLongestLease);
  return static_cast<int>(seconds);
}

void start(Lease& lease, const Uuid& id, int seconds, Instant now) {
  lease = {LeaseState::Leased, id, seconds,
           seconds == Lease::kInfinite ? Instant{} : now + std::chrono::seconds(seconds)};
}

struct Outcome {
  int status = 200;
  bool tells_id = false;
  std::optional<std::int64_t> time;  // x-ms-lease-time
};

Outcome acquire(Lease& lease, const RequestContext& context, IdSource& ids) {
  const auto proposed = lease_id_of(context.headers(), "x-ms-proposed-lease-id");
  const int seconds = seconds_asked(context.headers());
  const LeaseState state = lease.at(context.at());
  const bool is_own = proposed && *proposed == lease.id;
  if (state == LeaseState::Breaking && is_own) throw errors::lease_is_breaking_and_cannot_be_acquired();
  if (lease.is_locked(context.at()) && !is_own) throw errors::lease_already_present();
  start(lease, proposed ? *proposed : ids.uuid(), seconds, context.at());
  return {201, true, {}};
}

Outcome renew(Lease& lease, const RequestContext& context) {
  const Uuid id = required_id(context.headers(), "x-ms-lease-id");
  const LeaseState state = lease.at(context.at());
  if (state == LeaseState::Available || id != lease.id)
    throw errors::lease_id_mismatch_with_lease_operation();
  if (state == LeaseState::Breaking || state == LeaseState::Broken)
    throw errors::lease_is_broken_and_cannot_be_renewed();
  start(lease, lease.id, lease.seconds, context.at());
  return {200, true, {}};
}

Outcome change(Lease& lease, const RequestContext& context) {
  const Uuid id = required_id(context.headers(), "x-ms-lease-id");
  const Uuid proposed = required_id(context.headers(), "x-ms-proposed-lease-id");
  const LeaseState state = lease.at(context.at());
  if (!lease.is_locked(context.at())) throw errors::lease_not_present_with_lease_operation();
  // Azure: a change that was made already is made again.
  if (id != lease.id && proposed != lease.id) throw errors::lease_id_mismatch_with_lease_operation();
  if (state == LeaseState::Breaking) throw errors::lease_is_breaking_and_cannot_be_changed();
  lease.id = proposed;
  return {200, true, {}};
}

Outcome release(Lease& lease, const RequestContext& context) {
  const Uuid id = required_id(context.headers(), "x-ms-lease-id");
  if (lease.state == LeaseState::Available || id != lease.id)
    throw errors::lease_id_mismatch_with_lease_operation();
  lease = {};
  return {200, false, {}};
}

// Begun seconds count whole.
std::int64_t seconds_left(const Lease& lease, Instant now) {
  return std::chrono::ceil<std::chrono::seconds>(lease.ends - now).count();
}

Outcome break_lease(Lease& lease, const RequestContext& context) {
  const auto period = header_int(context.headers(), "x-ms-lease-break-period", {0, limits::kLeaseBreak});
  const LeaseState state = lease.at(context.at());
  if (state == LeaseState::Available) throw errors::lease_not_present_with_lease_operation();
  std::int64_t time = 0;
  if (lease.is_locked(context.at())) {
    const bool infinite = state == LeaseState::Leased && lease.seconds == Lease::kInfinite;
    const std::int64_t rest = infinite ? period.value_or(0) : seconds_left(lease, context.at());
    time = std::min(rest, period.value_or(rest));
    const bool keeps_end = !infinite && time == rest;
    if (!keeps_end) lease.ends = context.at() + std::chrono::seconds(time);
  }
  lease.state = time > 0 ? LeaseState::Breaking : LeaseState::Broken;
  return {202, false, time};
}

Outcome apply_action(Lease& lease, const RequestContext& context, IdSource& ids) {
  const std::string_view action = required_header(context.headers(), "x-ms-lease-action");
  if (iequals(action, "acquire")) return acquire(lease, context, ids);
  if (iequals(action, "renew")) return renew(lease, context);
  if (iequals(action, "change")) return change(lease, context);
  if (iequals(action, "release")) return release(lease, context);
  if (iequals(action, "break")) return break_lease(lease, context);
  throw errors::invalid_header("x-ms-lease-action", action);
}

Response leased(Response response, const Outcome& outcome, const Lease& lease) {
  response.status = outcome.status;
  if (outcome.tells_id) response.headers.add("x-ms-lease-id", lease.id.text());
  if (outcome.time) response.headers.add("x-ms-lease-time", std::to_string(*outcome.time));
  return response;
}

// Azure: the ETag does not change with the lease.
Response lease_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  Blob blob = blob_to_change_unguarded(tx, context, target);
  Lease lease = Lease::unpack(blob.lease);
  const Outcome outcome = apply_action(lease, context, state.ids);
  blob.lease = lease.pack();
  blobs::put(tx, blob);
  tx.commit();
  return leased(validators_only(200, blob), outcome, lease);
}

Response lease_container(State& state, RequestContext& context) {
  Transaction tx(state.database);
  Container container = require_container(tx, context);
  check_container_conditions(context, container);
  const Outcome outcome = apply_action(container.lease, context, state.ids);
  containers::update(tx, container);
  tx.commit();
  return leased(validators_only(200, container), outcome, container.lease);
}

constexpr std::string_view kBreak = "x-ms-lease-action: break";

}  // namespace

Rows lease_operations() {
  static constexpr Operation<State> operations[] = {
      {{"LeaseContainer",
        Method::Put,
        "/{container}?restype=container&comp=lease",
        "",
        {.resource = "c", .account = "w"}},
       lease_container},
      {{"LeaseContainer",
        Method::Put,
        "/{container}?restype=container&comp=lease",
        kBreak,
        {.resource = "c", .account = "wd"}},
       lease_container},
      {{"LeaseBlob",
        Method::Put,
        "/{container}/{blob...}?comp=lease",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       lease_blob},
      {{"LeaseBlob",
        Method::Put,
        "/{container}/{blob...}?comp=lease",
        kBreak,
        {.resource = "o", .account = "wd", .service = "wd"}},
       lease_blob},
  };
  return operations;
}

}  // namespace cvemu::blob
