// Snapshots, deletion and undeletion of blobs.
#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "blob/settings.h"
#include "storage/errors.h"
#include "storage/metadata.h"
#include "store/blob/contents.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

Response snapshot_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string metadata = pack(read_metadata(context.headers()));
  Transaction tx(state.database);
  const Blob base = blob_to_change_unguarded(tx, context, target);
  check_lease_for_read(Lease::unpack(base.lease), context);
  BlobProperties properties = BlobProperties::unpack(base.properties);
  check_online(properties);
  Blob snapshot = base;
  snapshot.snapshot = blobs::next_snapshot(tx, base.container, base.name, context.at());
  snapshot.lease.clear();
  if (!metadata.empty()) snapshot.metadata = metadata;
  properties.pending_blocks = 0;
  snapshot.properties = properties.pack();
  contents::add_ref(tx, snapshot.content);
  blobs::put(tx, snapshot);
  tx.commit();
  Response response = written(snapshot);
  response.headers.add("x-ms-snapshot", snapshot_text(snapshot.snapshot));
  return response;
}

enum class DeleteScope { Only, Include, BlobAlone };

DeleteScope delete_scope(const RequestContext& context, const Target& target) {
  const std::string_view text = context.headers().get("x-ms-delete-snapshots");
  if (text.empty()) return DeleteScope::BlobAlone;
  if (target.snapshot != Blob::kBase)
    throw errors::invalid_operation("x-ms-delete-snapshots with a snapshot");
  if (iequals(text, "include")) return DeleteScope::Include;
  if (iequals(text, "only")) return DeleteScope::Only;
  throw errors::invalid_header("x-ms-delete-snapshots", text);
}

void delete_snapshots(Transaction& tx, const Blob& base, Instant now, std::optional<Instant> until) {
  for (Blob& snapshot : blobs::snapshots(tx, base.container, base.name))
    if (snapshot.state == BlobState::Live) delete_row(tx, std::move(snapshot), now, until);
}

Response delete_blob(State& state, RequestContext& context) {
  const Target target = target_of(context);
  const DeleteScope scope = delete_scope(context, target);
  Transaction tx(state.database);
  const Blob blob = blob_to_change(tx, context, target);
  const bool leaves_snapshots = !blob.is_snapshot() && scope == DeleteScope::BlobAlone;
  if (leaves_snapshots && blobs::has_snapshots(tx, blob.container, blob.name))
    throw errors::snapshots_present();
  const auto until = retained_until(tx, target.account, context.at());
  if (scope != DeleteScope::BlobAlone) delete_snapshots(tx, blob, context.at(), until);
  if (scope != DeleteScope::Only) delete_row(tx, blob, context.at(), until);
  tx.commit();
  Response response{202, {}, {}};
  response.headers.add("x-ms-delete-type-permanent", until ? "false" : "true");
  return response;
}

bool can_be_undeleted(const Blob& row, Instant now) {
  return row.state == BlobState::Deleted && row.ends > now;
}

void undelete(Transaction& tx, Blob row) {
  BlobProperties properties = BlobProperties::unpack(row.properties);
  properties.deleted = 0;
  row.properties = properties.pack();
  row.state = BlobState::Live;
  row.ends.reset();
  blobs::put(tx, row);
}

// Azure: the blob and all its deleted snapshots come back; an existing blob without any is left as it is.
Response undelete_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  const std::int64_t container = require_container_id(tx, target);
  const auto base = blobs::find_any(tx, container, target.name, Blob::kBase);
  bool found = base && blobs::is_live(*base, context.at());
  std::vector<Blob> rows = blobs::snapshots(tx, container, target.name);
  if (base) rows.push_back(*base);
  for (Blob& row : rows) {
    if (!can_be_undeleted(row, context.at())) continue;
    undelete(tx, std::move(row));
    found = true;
  }
  if (!found) throw errors::blob_not_found();
  tx.commit();
  return {200, {}, {}};
}

}  // namespace

Rows snapshot_operations() {
  static constexpr Operation<State> operations[] = {
      {{"SnapshotBlob",
        Method::Put,
        "/{container}/{blob...}?comp=snapshot",
        "",
        {.resource = "o", .account = "cw", .service = "cw"}},
       snapshot_blob},
      {{"DeleteBlob",
        Method::Delete,
        "/{container}/{blob...}",
        "",
        {.resource = "o", .account = "d", .service = "d"}},
       delete_blob},
      {{"UndeleteBlob",
        Method::Put,
        "/{container}/{blob...}?comp=undelete",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       undelete_blob},
  };
  return operations;
}

}  // namespace cvemu::blob
