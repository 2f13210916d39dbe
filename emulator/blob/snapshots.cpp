#include "base/text.h"
#include "blob/answers.h"
#include "blob/operations.h"
#include "blob/rows.h"
#include "storage/errors.h"
#include "store/blocks.h"
#include "store/contents.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

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

Response delete_blob(BlobService& service, RequestContext& context) {
  const Target target = target_of(context);
  const DeleteScope scope = delete_scope(context, target);
  Transaction tx(service.database());
  const Blob blob = blob_to_change(tx, context, target);
  if (!blob.is_snapshot() && scope == DeleteScope::BlobAlone &&
      blobs::has_snapshots(tx, blob.container, blob.name))
    throw errors::snapshots_present();
  if (scope != DeleteScope::BlobAlone)
    for (const Blob& snapshot : blobs::snapshots(tx, blob.container, blob.name)) blobs::remove(tx, snapshot);
  if (scope != DeleteScope::Only) {
    if (!blob.is_snapshot()) blocks::discard(tx, blob.container, blob.name);
    blobs::remove(tx, blob);
  }
  tx.commit();
  Response response{202, {}, {}};
  response.headers.add("x-ms-delete-type-permanent", "true");
  return response;
}

constexpr Operation<BlobService> kOperations[] = {
    {{"DeleteBlob", Method::Delete, "/{container}/{blob...}", "", "o d d -"}, delete_blob},
};

}  // namespace

Rows snapshot_operations() {
  return kOperations;
}

}  // namespace cvemu::blob
