// Uploads whose bytes come from a URL: whole blobs, blocks, appended blocks, pages.
#include "base/text.h"
#include "blob/attributes/tags.h"
#include "blob/content/append_blobs.h"
#include "blob/content/copy_source.h"
#include "blob/content/page_blobs.h"
#include "blob/content/put_block.h"
#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

constexpr std::string_view kBlobMd5 = "x-ms-blob-content-md5";

void check_no_body(const RequestContext& context) {
  if (context.body.length() != 0)
    throw errors::invalid_header("Content-Length", context.headers().get("Content-Length"),
                                 "the bytes are elsewhere");
}

void add_digests(Headers& headers, const ContentCheck& check) {
  check.add_headers(headers);
  headers.set("x-ms-request-server-encrypted", "true");
}

// ---- whole blobs ----

// What the request does not say comes from the source.
void inherit_headers(const CopySource& source, const Headers& headers, Blob& blob,
                     BlobProperties& properties) {
  const BlobProperties& from = source.properties();
  if (headers.get("x-ms-blob-content-type").empty()) blob.content_type = source.blob().content_type;
  if (properties.encoding.empty()) properties.encoding = from.encoding;
  if (properties.language.empty()) properties.language = from.language;
  if (properties.disposition.empty()) properties.disposition = from.disposition;
  if (properties.cache_control.empty()) properties.cache_control = from.cache_control;
  if (blob.metadata.empty()) blob.metadata = source.blob().metadata;
}

std::string tags_wanted(const CopySource& source, const Headers& headers) {
  const std::string_view option = headers.get("x-ms-copy-source-tag-option");
  if (!option.empty() && !iequals(option, "COPY") && !iequals(option, "REPLACE"))
    throw errors::invalid_header("x-ms-copy-source-tag-option", option);
  if (!iequals(option, "COPY")) return read_tags_header(headers);
  if (headers.has("x-ms-tags")) throw errors::both_user_tags_and_source_tags();
  return source.blob().tags;
}

// The blob without its place and content; a block blob whatever the source is.
struct Fetched {
  Blob blob;
  BlobProperties properties;
};

Fetched fetch(const CopySource& source, const RequestContext& context, bool inherits, ContentWriter& writer,
              ContentCheck& check, std::uint64_t limit) {
  Fetched fetched;
  read_new_blob(context.headers(), fetched.blob, fetched.properties);
  fetched.blob.tags = tags_wanted(source, context.headers());
  if (inherits) inherit_headers(source, context.headers(), fetched.blob, fetched.properties);
  source.receive({0, source.blob().length}, writer, check, limit);
  fetched.blob.length = writer.length();
  fetched.blob.content_md5 = base64_encode(check.md5());
  return fetched;
}

void store(State& state, const RequestContext& context, const Target& target, Fetched& fetched,
           ContentWriter& writer) {
  fetched.blob.properties = fetched.properties.pack();
  Transaction tx(state.database);
  const WriteSlot slot = slot_to_write(tx, context, target);
  fetched.blob.content = writer.seal(tx);
  write_blob(tx, context, target, slot, fetched.blob);
  tx.commit();
}

// Azure: append and page blobs are not made this way.
void check_block_kind(const Headers& headers) {
  const std::string_view type = headers.get("x-ms-blob-type");
  if (!iequals(type, "BlockBlob"))
    throw errors::invalid_header("x-ms-blob-type", type, "only a block blob is put from a URL");
}

Response put_blob_from_url(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  check_block_kind(context.headers());
  check_no_body(context);
  check_destination(state, context, target);
  ContentCheck check = source_check(context.headers(), ContentCheck::Md5Use::Always);
  check.expect_md5(context.headers(), kBlobMd5);
  if (context.headers().get(kBlobMd5).empty()) check.expect_md5(context.headers(), "Content-MD5");
  const CopySource source(state, context);
  ContentWriter writer(state.database);
  const bool inherits = header_bool(context.headers(), "x-ms-copy-source-blob-properties").value_or(true);
  Fetched fetched = fetch(source, context, inherits, writer, check, limits::kPutBlobFromUrl);
  store(state, context, target, fetched, writer);
  Response response = written(fetched.blob);
  response.headers.add("Content-MD5", fetched.blob.content_md5);
  return response;
}

Response copy_blob_from_url(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  check_destination(state, context, target);
  ContentCheck check = source_check(context.headers(), ContentCheck::Md5Use::Always);
  const CopySource source(state, context);
  ContentWriter writer(state.database);
  Fetched fetched = fetch(source, context, true, writer, check, limits::kCopyFromUrl);
  BlobProperties& properties = fetched.properties;
  properties.copy_id = state.ids.uuid().text();
  properties.copy_source = source.url();
  properties.copy_status = "success";
  properties.copy_length = properties.copy_done = static_cast<std::int64_t>(fetched.blob.length);
  properties.copy_finished = to_micros(context.at());
  store(state, context, target, fetched, writer);
  Response response = validators_only(202, fetched.blob);
  response.headers.add("x-ms-copy-id", properties.copy_id);
  response.headers.add("x-ms-copy-status", properties.copy_status);
  response.headers.add("Content-MD5", fetched.blob.content_md5);
  return response;
}

// ---- pieces of blobs ----

Response put_block_from_url(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string id = block_id_of(context);
  check_no_body(context);
  ContentCheck check = source_check(context.headers(), ContentCheck::Md5Use::IfAnnounced);
  check_block_place(state, context, target, id);
  const CopySource source(state, context);
  ContentWriter writer(state.database);
  source.receive(source.slice_wanted(context), writer, check, limits::kBlock);
  store_block(state, context, target, id, writer);
  Response response{201, {}, {}};
  add_digests(response.headers, check);
  return response;
}

Response append_block_from_url(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  check_no_body(context);
  ContentCheck check = source_check(context.headers(), ContentCheck::Md5Use::IfAnnounced);
  check.expect_md5(context.headers(), "Content-MD5");
  check_append_place(state, context, target);
  const CopySource source(state, context);
  ContentWriter writer(state.database);
  source.receive(source.slice_wanted(context), writer, check, limits::kAppend);
  Response response = append(state, context, target, writer);
  add_digests(response.headers, check);
  return response;
}

Response put_page_from_url(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  check_no_body(context);
  required_header(context.headers(), "x-ms-source-range");
  const Slice pages = pages_of(context.headers());
  ContentCheck check = source_check(context.headers(), ContentCheck::Md5Use::IfAnnounced);
  check_page_place(state, context, target, pages);
  const CopySource source(state, context);
  ContentWriter writer(state.database);
  source.receive(source.slice_wanted(context), writer, check, limits::kPageWrite);
  Response response = put_pages(state, context, target, pages, writer);
  add_digests(response.headers, check);
  return response;
}

}  // namespace

Rows from_url_operations() {
  static constexpr Operation<State> operations[] = {
      {{"PutBlobFromURL",
        Method::Put,
        "/{container}/{blob...}",
        "x-ms-blob-type, x-ms-copy-source",
        {.resource = "o", .account = "cw", .service = "cw"}},
       put_blob_from_url},
      {{"CopyBlobFromURL",
        Method::Put,
        "/{container}/{blob...}",
        "x-ms-copy-source, x-ms-requires-sync: true",
        {.resource = "o", .account = "cw", .service = "cw"}},
       copy_blob_from_url},
      {{"PutBlockFromURL",
        Method::Put,
        "/{container}/{blob...}?comp=block",
        "x-ms-copy-source",
        {.resource = "o", .account = "w", .service = "w"}},
       put_block_from_url},
      {{"AppendBlockFromURL",
        Method::Put,
        "/{container}/{blob...}?comp=appendblock",
        "x-ms-copy-source",
        {.resource = "o", .account = "aw", .service = "aw"}},
       append_block_from_url},
      {{"PutPageFromURL",
        Method::Put,
        "/{container}/{blob...}?comp=page",
        "x-ms-copy-source",
        {.resource = "o", .account = "w", .service = "w"}},
       put_page_from_url},
  };
  return operations;
}

}  // namespace cvemu::blob
