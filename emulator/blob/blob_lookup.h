// From a request to the rows it speaks of, with the checks that every operation makes in the same order:
// container, conditions, blob, lease. Everything here throws the named storage error.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "blob/service.h"
#include "storage/conditions.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"

namespace cvemu::blob {

// What the request speaks to, and that as the client sees it (addressing.h).
Address address_of(const State&, const RequestContext&);
std::string endpoint_of(const State&, const RequestContext&);

// What the path and the query name. Names are checked here, once per request.
struct Target {
  std::string_view account, container;  // of the context's path
  std::string name;
  std::int64_t snapshot = Blob::kBase;  // of ?snapshot=
};
Target target_of(const RequestContext&);
// The same for what cannot be done to a snapshot: 400 if one is named.
Target base_target_of(const RequestContext&);

Container require_container(Transaction&, const RequestContext&);
std::int64_t require_container_id(Transaction&, const Target&);
// Whatever stands there, in its container.
blobs::Spot require_spot(Transaction&, const Target&, std::int64_t snapshot);

// A live blob or snapshot, after the container. ?versionid= finds nothing: there are no versions.
std::optional<Blob> find_blob(Transaction&, const RequestContext&, const Target&);

// For reads: container, conditions, blob, lease.
Blob blob_to_read(Transaction&, const RequestContext&, const Target&);
// For changes of an existing blob: container, conditions, blob, lease.
Blob blob_to_change(Transaction&, const RequestContext&, const Target&);
// The same without the lease, for what a lease does not guard.
Blob blob_to_change_unguarded(Transaction&, const RequestContext&, const Target&);
// For tags: container, x-ms-if-tags and x-ms-blob-if-*, blob, lease. Azure: Set Blob Tags does not look at
// If-Match and the like.
Blob blob_to_tag(Transaction&, const RequestContext&, const Target&);
// The same for reading them, with the conditions of reads besides.
Blob blob_with_tags(Transaction&, const RequestContext&, const Target&);
// Azure: of the conditions on a container only the dates count.
void check_container_conditions(const RequestContext&, const Container&);

// For writes that make a blob: what stands there now, after container, conditions, lease and permission.
struct WriteSlot {
  std::int64_t container = 0;
  std::optional<Blob> row;       // in whatever state
  std::optional<Blob> existing;  // the same if it is live
};
WriteSlot slot_to_write(Transaction&, const RequestContext&, const Target&);
// The same by itself, before a source is fetched: throws if that place cannot be written.
void check_destination(State&, const RequestContext&, const Target&);
// Puts the new row in its place: the old bytes go (or become a deleted snapshot, where soft delete is on),
// uncommitted blocks go, an active lease stays. Sets container, name, lease, etag and times.
void write_blob(Transaction&, const RequestContext&, const Target&, const WriteSlot&, Blob&);
// A changed row goes back, with a new ETag; a lease that was over is ended by it.
void save_change(Transaction&, const RequestContext&, Blob&);
void save_change(Transaction&, const RequestContext&, Blob&, const BlobProperties&);
// The row goes, or is kept as deleted until `until`.
void delete_row(Transaction&, Blob, Instant now, std::optional<Instant> until);

// x-ms-lease-id; nullopt if absent, 400 InvalidHeaderValue if it is not a GUID.
std::optional<Uuid> lease_id_of(const Headers&, std::string_view header = "x-ms-lease-id");
void check_lease_for_write(const Lease&, const RequestContext&);
void check_lease_for_read(const Lease&, const RequestContext&);
// A container's lease guards its deletion only.
void check_container_lease(const Lease&, const RequestContext&, bool id_required);
// Azure: what is archived is neither read nor changed, but for its tier and tags. 409 BlobArchived.
void check_online(const BlobProperties&);
// Azure: a successful write makes an expired or broken lease available again.
std::string lease_after_write(const std::string& packed, Instant now);

}  // namespace cvemu::blob
