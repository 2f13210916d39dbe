#include "blob/content/append_blobs.h"

#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "store/blob/parts.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

void check_position(const RequestContext& context, const Blob& blob) {
  const auto position = header_int(context.headers(), "x-ms-blob-condition-appendpos", {0, INT64_MAX});
  if (position && static_cast<std::uint64_t>(*position) != blob.length)
    throw errors::append_position_not_met();
}

void check_size(const RequestContext& context, const Blob& blob, std::uint64_t more) {
  const auto most = header_int(context.headers(), "x-ms-blob-condition-maxsize", {0, INT64_MAX});
  if (most && blob.length + more > static_cast<std::uint64_t>(*most)) throw errors::max_blob_size_not_met();
}

Blob blob_to_append(Transaction& tx, const RequestContext& context, const Target& target) {
  Blob blob = blob_to_change(tx, context, target);
  if (blob.kind != BlobKind::Append) throw errors::invalid_blob_type();
  check_position(context, blob);
  return blob;
}

BlobProperties properties_to_append(const Blob& blob) {
  BlobProperties properties = BlobProperties::unpack(blob.properties);
  if (properties.sealed != 0) throw errors::blob_sealed();
  if (properties.block_count >= limits::kAppendedBlocks)
    throw errors::block_count_exceeds_limit(limits::kAppendedBlocks);
  return properties;
}

// Snapshots and copies may share the list: each reads no further than its own length. Only where another has
// gone on already is a list of its own needed.
std::int64_t list_to_extend(Transaction& tx, const Blob& blob) {
  if (blob.content != contents::kNone &&
      contents::length(tx, blob.content) == static_cast<std::int64_t>(blob.length))
    return blob.content;
  const std::int64_t list = parts::own(tx, blob.content);
  parts::clear(tx, list, blob.length, INT64_MAX);
  return list;
}

Response append_block(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  ContentCheck check(context.headers());
  check_append_place(state, context, target);
  ContentWriter writer(state.database);
  receive(context, writer, check, limits::kAppend);
  Response response = append(state, context, target, writer);
  add_receipt(response.headers, context, check);
  return response;
}

// Azure: sealing again is no error.
Response seal_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  Blob blob = blob_to_append(tx, context, target);
  BlobProperties properties = BlobProperties::unpack(blob.properties);
  if (properties.sealed == 0) {
    properties.sealed = 1;
    save_change(tx, context, blob, properties);
    tx.commit();
  }
  Response response = validators_only(200, blob);
  response.headers.add("x-ms-blob-sealed", "true");
  return response;
}

}  // namespace

void check_append_place(State& state, const RequestContext& context, const Target& target) {
  Transaction tx(state.database);
  properties_to_append(blob_to_append(tx, context, target));
}

Response append(State& state, const RequestContext& context, const Target& target, ContentWriter& writer) {
  const std::uint64_t length = writer.length();
  if (length == 0) throw errors::invalid_header("Content-Length", "0", "a block has at least one byte");
  Transaction tx(state.database);
  Blob blob = blob_to_append(tx, context, target);
  BlobProperties properties = properties_to_append(blob);
  check_size(context, blob, length);
  const std::uint64_t offset = blob.length;
  blob.content = list_to_extend(tx, blob);
  parts::add(tx, blob.content, {offset, length, writer.seal(tx), 0, ""});
  blob.length += length;
  ++properties.block_count;
  save_change(tx, context, blob, properties);
  tx.commit();
  Response response = written(blob);
  response.headers.add("x-ms-blob-append-offset", std::to_string(offset));
  response.headers.add("x-ms-blob-committed-block-count", std::to_string(properties.block_count));
  return response;
}

Rows append_blob_operations() {
  static constexpr Operation<State> operations[] = {
      {{"AppendBlock",
        Method::Put,
        "/{container}/{blob...}?comp=appendblock",
        "",
        {.resource = "o", .account = "aw", .service = "aw"}},
       append_block},
      {{"SealAppendBlob",
        Method::Put,
        "/{container}/{blob...}?comp=seal",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       seal_blob},
  };
  return operations;
}

}  // namespace cvemu::blob
