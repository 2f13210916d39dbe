#include "blob/blob_lookup.h"

#include "blob/attributes/tags.h"
#include "blob/response_headers.h"
#include "blob/settings.h"
#include "storage/errors.h"
#include "storage/names.h"
#include "store/blob/blocks.h"
#include "store/blob/contents.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

constexpr std::string_view kBlobConditions = "x-ms-blob-";

std::int64_t snapshot_of(const Query& query) {
  const auto text = query.find_nonempty("snapshot");
  if (!text) return Blob::kBase;
  const auto ticks = parse_snapshot(*text);
  if (!ticks) throw errors::invalid_query_parameter("snapshot", *text);
  return *ticks;
}

// Held against what stands in the row; `etag` must live as long as the answer.
Conditional conditional_with(const Blob& blob, const Conditions& conditions, const std::string& etag) {
  const bool tags_match = conditions.if_tags.empty() ||
                          TagExpression::parse_condition(conditions.if_tags).matches(unpack(blob.tags));
  return {etag, blob.modified, tags_match};
}

void check_read_conditions(const RequestContext& context, const std::optional<Blob>& blob) {
  const Conditions conditions = read_conditions(context.headers());
  if (conditions.empty()) return;
  if (!blob) return check_read(conditions, nullptr);
  const std::string etag = etag_text(blob->etag);
  const Conditional conditional = conditional_with(*blob, conditions, etag);
  check_read(conditions, &conditional);
}

void check_write_conditions(const RequestContext& context, const std::optional<Blob>& blob, WriteKind kind) {
  const Conditions conditions = read_conditions(context.headers());
  if (conditions.empty()) return;
  if (!blob) return check_write(conditions, nullptr, kind);
  const std::string etag = etag_text(blob->etag);
  const Conditional conditional = conditional_with(*blob, conditions, etag);
  check_write(conditions, &conditional, kind);
}

// Azure: a name that no container can have is told apart from one that is not there.
[[noreturn]] void no_such_container(std::string_view name) {
  check_container_name(name);
  throw errors::container_not_found();
}

// Azure: as .NET reads a GUID: with or without dashes, bare, in braces or in parentheses.
std::optional<Uuid> parse_guid(std::string_view text) {
  constexpr std::size_t kDashed = 36;
  const bool enclosed = text.size() == kDashed + 2 && ((text.front() == '{' && text.back() == '}') ||
                                                       (text.front() == '(' && text.back() == ')'));
  if (enclosed) text = text.substr(1, kDashed);
  return text.size() == kDashed ? Uuid::parse(text) : Uuid::parse_compact(text);
}

}  // namespace

Address address_of(const State& state, const RequestContext& context) {
  return resolve_address(context.exchange, state.accounts, state.addressing);
}

std::string endpoint_of(const State& state, const RequestContext& context) {
  return cvemu::endpoint_of(context.exchange, address_of(state, context));
}

Target target_of(const RequestContext& context) {
  return {context.path.get("account"), context.path.get("container"),
          checked_blob_name(context.path.get("blob")), snapshot_of(context.query())};
}

Target base_target_of(const RequestContext& context) {
  Target target = target_of(context);
  if (target.snapshot == Blob::kBase) return target;
  throw errors::invalid_query_parameter("snapshot", snapshot_text(target.snapshot),
                                        "a snapshot does not change");
}

Container require_container(Transaction& tx, const RequestContext& context) {
  auto found = containers::find(tx, context.path.get("account"), context.path.get("container"));
  if (!found) no_such_container(context.path.get("container"));
  return *std::move(found);
}

std::int64_t require_container_id(Transaction& tx, const Target& target) {
  const auto id = containers::find_id(tx, target.account, target.container);
  if (!id) no_such_container(target.container);
  return *id;
}

blobs::Spot require_spot(Transaction& tx, const Target& target, std::int64_t snapshot) {
  auto spot = blobs::find_spot(tx, target.account, target.container, target.name, snapshot);
  if (!spot) no_such_container(target.container);
  return *std::move(spot);
}

std::optional<Blob> find_blob(Transaction& tx, const RequestContext& context, const Target& target) {
  auto row = require_spot(tx, target, target.snapshot).row;
  const bool found = row && blobs::is_live(*row, context.at()) && !context.query().find_nonempty("versionid");
  if (!found) row.reset();
  return row;
}

Blob blob_to_read(Transaction& tx, const RequestContext& context, const Target& target) {
  auto blob = find_blob(tx, context, target);
  check_read_conditions(context, blob);
  if (!blob) throw errors::blob_not_found();
  check_lease_for_read(Lease::unpack(blob->lease), context);
  return *std::move(blob);
}

Blob blob_to_change_unguarded(Transaction& tx, const RequestContext& context, const Target& target) {
  auto blob = find_blob(tx, context, target);
  check_write_conditions(context, blob, WriteKind::Change);
  if (!blob) throw errors::blob_not_found();
  return *std::move(blob);
}

Blob blob_to_change(Transaction& tx, const RequestContext& context, const Target& target) {
  Blob blob = blob_to_change_unguarded(tx, context, target);
  check_lease_for_write(Lease::unpack(blob.lease), context);
  return blob;
}

Blob blob_to_tag(Transaction& tx, const RequestContext& context, const Target& target) {
  auto blob = find_blob(tx, context, target);
  if (!blob) throw errors::blob_not_found();
  const std::string_view expression = context.headers().get("x-ms-if-tags");
  if (!expression.empty() && !TagExpression::parse_condition(expression).matches(unpack(blob->tags)))
    throw errors::condition_not_met();
  const Conditions conditions = read_conditions(context.headers(), kBlobConditions);
  const std::string etag = etag_text(blob->etag);
  const Conditional conditional = conditional_with(*blob, conditions, etag);
  if (!conditions.empty()) check_write(conditions, &conditional, WriteKind::Change);
  check_lease_for_write(Lease::unpack(blob->lease), context);
  return *std::move(blob);
}

Blob blob_with_tags(Transaction& tx, const RequestContext& context, const Target& target) {
  Blob blob = blob_to_read(tx, context, target);
  const Conditions conditions = read_conditions(context.headers(), kBlobConditions);
  const std::string etag = etag_text(blob.etag);
  const Conditional conditional = conditional_with(blob, conditions, etag);
  if (!conditions.empty()) check_read(conditions, &conditional);
  return blob;
}

void check_container_conditions(const RequestContext& context, const Container& container) {
  const Conditions conditions = read_conditions(context.headers()).dates_only();
  const std::string etag = etag_text(container.etag);
  const Conditional conditional{etag, container.modified};
  check_write(conditions, &conditional, WriteKind::Change);
}

WriteSlot slot_to_write(Transaction& tx, const RequestContext& context, const Target& target) {
  auto [container, row] = require_spot(tx, target, Blob::kBase);
  WriteSlot slot{container, std::move(row), std::nullopt};
  if (slot.row && blobs::is_live(*slot.row, context.at())) slot.existing = slot.row;
  check_write_conditions(context, slot.existing, WriteKind::Create);
  if (slot.existing) {
    check_lease_for_write(Lease::unpack(slot.existing->lease), context);
    // Azure: a SAS that may only create does not overwrite.
    if (!context.caller.may('w')) throw errors::authorization_permission_mismatch();
  } else {
    check_lease_for_write({}, context);
  }
  return slot;
}

void check_destination(State& state, const RequestContext& context, const Target& target) {
  Transaction tx(state.database);
  slot_to_write(tx, context, target);
}

namespace {

// The old state of a blob is kept as a deleted snapshot.
void keep_deleted_snapshot(Transaction& tx, Blob row, Instant now) {
  row.snapshot = blobs::next_snapshot(tx, row.container, row.name, now);
  blobs::put(tx, row);
}

Blob as_deleted(Blob row, Instant now, Instant until) {
  BlobProperties properties = BlobProperties::unpack(row.properties);
  properties.deleted = to_micros(now);
  properties.pending_blocks = 0;
  row.properties = properties.pack();
  row.state = BlobState::Deleted;
  row.lease.clear();
  row.ends = until;
  return row;
}

void discard_blocks(Transaction& tx, const Blob& row) {
  if (BlobProperties::unpack(row.properties).pending_blocks > 0) blocks::discard(tx, row.container, row.name);
}

void make_room(Transaction& tx, const Blob& row, std::string_view account, Instant now) {
  discard_blocks(tx, row);
  const bool is_over = row.ends && *row.ends <= now;
  if (row.state == BlobState::Deleted && !is_over) return keep_deleted_snapshot(tx, row, now);
  const auto until = blobs::is_live(row, now) ? retained_until(tx, account, now) : std::nullopt;
  if (until) return keep_deleted_snapshot(tx, as_deleted(row, now, *until), now);
  contents::release(tx, row.content);
}

}  // namespace

void write_blob(Transaction& tx, const RequestContext& context, const Target& target, const WriteSlot& slot,
                Blob& blob) {
  if (slot.row) make_room(tx, *slot.row, target.account, context.at());
  blob.container = slot.container;
  blob.name = target.name;
  if (slot.existing) blob.lease = lease_after_write(slot.existing->lease, context.at());
  blob.created = context.at();
  blobs::touch(blob, tx, context.at());
  blobs::put(tx, blob);
}

void save_change(Transaction& tx, const RequestContext& context, Blob& blob) {
  blobs::touch(blob, tx, context.at());
  blob.lease = lease_after_write(blob.lease, context.at());
  blobs::put(tx, blob);
}

void save_change(Transaction& tx, const RequestContext& context, Blob& blob,
                 const BlobProperties& properties) {
  blob.properties = properties.pack();
  save_change(tx, context, blob);
}

void delete_row(Transaction& tx, Blob row, Instant now, std::optional<Instant> until) {
  if (!row.is_snapshot()) discard_blocks(tx, row);
  if (!until) return blobs::remove(tx, row);
  blobs::put(tx, as_deleted(std::move(row), now, *until));
}

std::optional<Uuid> lease_id_of(const Headers& headers, std::string_view name) {
  const std::string_view text = headers.get(name);
  if (text.empty()) return std::nullopt;
  const auto id = parse_guid(text);
  if (!id) throw errors::invalid_header(name, text);
  return id;
}

void check_lease_for_write(const Lease& lease, const RequestContext& context) {
  const auto id = lease_id_of(context.headers());
  if (lease.is_locked(context.at()) && !id) throw errors::lease_id_missing();
  check_lease_for_read(lease, context);
}

void check_lease_for_read(const Lease& lease, const RequestContext& context) {
  const auto id = lease_id_of(context.headers());
  if (!id) return;
  if (lease.at(context.at()) == LeaseState::Expired && *id == lease.id) throw errors::lease_lost();
  if (!lease.is_locked(context.at())) throw errors::lease_not_present_with_blob_operation();
  if (*id != lease.id) throw errors::lease_id_mismatch_with_blob_operation();
}

void check_container_lease(const Lease& lease, const RequestContext& context, bool id_required) {
  const auto id = lease_id_of(context.headers());
  if (!id) {
    if (id_required && lease.is_locked(context.at())) throw errors::lease_id_missing();
    return;
  }
  if (lease.at(context.at()) == LeaseState::Expired && *id == lease.id) throw errors::lease_lost();
  if (!lease.is_locked(context.at())) throw errors::lease_not_present_with_container_operation();
  if (*id != lease.id) throw errors::lease_id_mismatch_with_container_operation();
}

void check_online(const BlobProperties& properties) {
  if (properties.tier == "Archive") throw errors::blob_archived();
}

std::string lease_after_write(const std::string& packed, Instant now) {
  return Lease::unpack(packed).is_locked(now) ? packed : std::string();
}

}  // namespace cvemu::blob
