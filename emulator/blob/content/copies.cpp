// Copy Blob, its abort, and Incremental Copy. Emulator: every copy is complete when it is answered.
#include "base/text.h"
#include "blob/attributes/tags.h"
#include "blob/content/copy_source.h"
#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/metadata.h"
#include "store/blob/parts.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

void note_copy(BlobProperties& properties, const std::string& url, std::uint64_t length, std::string id,
               Instant now) {
  properties.copy_id = std::move(id);
  properties.copy_source = url;
  properties.copy_status = "success";
  properties.copy_length = properties.copy_done = static_cast<std::int64_t>(length);
  properties.copy_finished = to_micros(now);
}

// Headers are copied; metadata is, unless some is given; tags are those given.
Blob copied_blob(const CopySource& source, const RequestContext& context, BlobProperties& properties) {
  Blob blob;
  blob.kind = source.blob().kind;
  blob.length = source.blob().length;
  blob.content_type = source.blob().content_type;
  blob.content_md5 = source.blob().content_md5;
  blob.metadata = pack(read_metadata(context.headers()));
  if (blob.metadata.empty()) blob.metadata = source.blob().metadata;
  blob.tags = read_tags_header(context.headers());
  const BlobProperties& from = source.properties();
  properties.encoding = from.encoding;
  properties.language = from.language;
  properties.disposition = from.disposition;
  properties.cache_control = from.cache_control;
  properties.sequence_number = from.sequence_number;
  properties.block_count = from.block_count;
  properties.tier = read_tier(context.headers(), blob.kind);
  return blob;
}

// Append and page blobs are lists: the fetched bytes become one of a single part.
std::int64_t as_list(Transaction& tx, const Blob& blob, std::int64_t content) {
  if (blob.kind == BlobKind::Block || content == contents::kNone) return content;
  return parts::create(tx, {{0, blob.length, content, 0, ""}});
}

Response accepted(const Blob& blob, const BlobProperties& properties) {
  Response response = validators_only(202, blob);
  response.headers.add("x-ms-copy-id", properties.copy_id);
  response.headers.add("x-ms-copy-status", properties.copy_status);
  return response;
}

// Before a foreign source is fetched: what can be refused is refused.
Response copy_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  check_destination(state, context, target);
  const CopySource source(state, context);
  ContentWriter fetched(state.database);
  if (!source.is_local()) {
    ContentCheck unchecked(Headers{}, ContentCheck::Md5Use::IfAnnounced);
    source.receive({0, source.blob().length}, fetched, unchecked, UINT64_MAX);
  }
  BlobProperties properties;
  Blob blob = copied_blob(source, context, properties);
  properties.sealed = header_bool(context.headers(), "x-ms-seal-blob").value_or(false);
  note_copy(properties, source.url(), blob.length, state.ids.uuid().text(), context.at());
  blob.properties = properties.pack();
  Transaction tx(state.database);
  const WriteSlot slot = slot_to_write(tx, context, target);
  if (slot.existing && slot.existing->kind != blob.kind) throw errors::invalid_blob_type();
  blob.content = source.content(tx, fetched);
  if (!source.is_local()) blob.content = as_list(tx, blob, blob.content);
  write_blob(tx, context, target, slot, blob);
  tx.commit();
  return accepted(blob, properties);
}

Response abort_copy(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string_view id = required_query(context.query(), "copyid");
  const std::string_view action = required_header(context.headers(), "x-ms-copy-action");
  if (!iequals(action, "abort")) throw errors::invalid_header("x-ms-copy-action", action);
  Transaction tx(state.database);
  const Blob blob = blob_to_change(tx, context, target);
  const std::string copy_id = BlobProperties::unpack(blob.properties).copy_id;
  if (!copy_id.empty() && !iequals(copy_id, id)) throw errors::copy_id_mismatch();
  throw errors::no_pending_copy();
}

// The destination takes over the pages of the source's snapshot and gets a snapshot of its own.
Response incremental_copy(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const CopySource source(state, context);
  if (!source.is_local() || !source.blob().is_snapshot()) throw errors::invalid_source_blob_url();
  if (source.blob().kind != BlobKind::Page) throw errors::invalid_blob_type();
  ContentWriter none(state.database);
  BlobProperties properties;
  Blob blob = copied_blob(source, context, properties);
  note_copy(properties, source.url(), blob.length, state.ids.uuid().text(), context.at());
  properties.incremental = 1;
  Transaction tx(state.database);
  const WriteSlot slot = slot_to_write(tx, context, target);
  if (slot.existing && BlobProperties::unpack(slot.existing->properties).incremental == 0)
    throw errors::invalid_blob_type();
  Blob snapshot = blob;
  snapshot.snapshot = blobs::next_snapshot(tx, slot.container, target.name, context.at());
  properties.copy_snapshot = snapshot.snapshot;
  blob.properties = properties.pack();
  blob.content = source.content(tx, none);
  write_blob(tx, context, target, slot, blob);
  snapshot.container = blob.container;
  snapshot.name = blob.name;
  snapshot.etag = blob.etag;
  snapshot.created = blob.created;
  snapshot.modified = blob.modified;
  snapshot.properties = blob.properties;
  snapshot.content = source.content(tx, none);
  blobs::put(tx, snapshot);
  tx.commit();
  return accepted(blob, properties);
}

constexpr std::string_view kBlob = "/{container}/{blob...}";

}  // namespace

Rows copy_operations() {
  static constexpr Operation<State> operations[] = {
      {{"CopyBlob",
        Method::Put,
        kBlob,
        "x-ms-copy-source",
        {.resource = "o", .account = "cw", .service = "cw"}},
       copy_blob},
      {{"AbortCopyBlob",
        Method::Put,
        "/{container}/{blob...}?comp=copy",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       abort_copy},
      {{"IncrementalCopyBlob",
        Method::Put,
        "/{container}/{blob...}?comp=incrementalcopy",
        "",
        {.resource = "o", .account = "cw", .service = "cw"}},
       incremental_copy},
  };
  return operations;
}

}  // namespace cvemu::blob
