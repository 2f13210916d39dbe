#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/content/page_blobs.h"
#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/ranges_and_digests.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

// Azure: the request's own headers are the second choice (documentation of Put Blob).
void read_put_blob(const Headers& headers, Blob& blob, BlobProperties& properties) {
  read_new_blob(headers, blob, properties);
  if (headers.get("x-ms-blob-content-type").empty() && !headers.get("Content-Type").empty())
    blob.content_type = headers.get("Content-Type");
  if (properties.encoding.empty()) properties.encoding = headers.get("Content-Encoding");
  if (properties.language.empty()) properties.language = headers.get("Content-Language");
  if (properties.cache_control.empty()) properties.cache_control = headers.get("Cache-Control");
}

// A large body is not read for nothing: what can be refused is refused before it.
void check_before_body(State& state, RequestContext& context, const Target& target) {
  const auto length = context.body.length();
  if (length && *length <= contents::kShort) return;
  Transaction tx(state.database);
  slot_to_write(tx, context, target);
}

Blob store_new_blob(State& state, RequestContext& context, const Target& target, Blob blob,
                    ContentWriter& writer) {
  Transaction tx(state.database);
  const WriteSlot slot = slot_to_write(tx, context, target);
  blob.content = writer.seal(tx);
  write_blob(tx, context, target, slot, blob);
  tx.commit();
  return blob;
}

Response put_block_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Blob blob;
  BlobProperties properties;
  read_put_blob(context.headers(), blob, properties);
  blob.properties = properties.pack();
  ContentCheck check(context.headers(), ContentCheck::Md5Use::Always, "x-ms-blob-content-md5");
  check_before_body(state, context, target);
  ContentWriter writer(state.database);
  receive(context, writer, check, limits::kPutBlob);
  blob.length = writer.length();
  blob.content_md5 = base64_encode(check.md5());
  Response response = written(store_new_blob(state, context, target, std::move(blob), writer));
  add_receipt(response.headers, context, check);
  return response;
}

// Append and page blobs begin without bytes.
Response put_empty(State& state, RequestContext& context, Blob blob, BlobProperties properties) {
  const Target target = base_target_of(context);
  refuse_structured_body(context.headers());
  if (context.body.length() != 0) throw errors::invalid_operation("this blob type is created without a body");
  read_put_blob(context.headers(), blob, properties);
  blob.content_md5 = read_content_md5(context.headers());
  blob.properties = properties.pack();
  ContentWriter none(state.database);
  return written(store_new_blob(state, context, target, std::move(blob), none));
}

Response put_append_blob(State& state, RequestContext& context) {
  Blob blob;
  blob.kind = BlobKind::Append;
  return put_empty(state, context, blob, {});
}

Response put_page_blob(State& state, RequestContext& context) {
  Blob blob;
  blob.kind = BlobKind::Page;
  blob.length = page_blob_length(context.headers());
  BlobProperties properties;
  properties.sequence_number =
      header_int(context.headers(), "x-ms-blob-sequence-number", {0, INT64_MAX}).value_or(0);
  return put_empty(state, context, blob, properties);
}

Response put_blob(State& state, RequestContext& context) {
  const std::string_view type = required_header(context.headers(), "x-ms-blob-type");
  if (iequals(type, "BlockBlob")) return put_block_blob(state, context);
  if (iequals(type, "AppendBlob")) return put_append_blob(state, context);
  if (iequals(type, "PageBlob")) return put_page_blob(state, context);
  throw errors::invalid_header("x-ms-blob-type", type);
}

}  // namespace

Rows put_blob_operations() {
  static constexpr Operation<State> operations[] = {
      {{"PutBlob",
        Method::Put,
        "/{container}/{blob...}",
        "",
        {.resource = "o", .account = "cw", .service = "cw"}},
       put_blob},
  };
  return operations;
}

}  // namespace cvemu::blob
