#include "blob/content/page_blobs.h"

#include "base/text.h"
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

void check_sequence_number(const Headers& headers, std::int64_t number) {
  const auto le = header_int(headers, "x-ms-if-sequence-number-le");
  const auto lt = header_int(headers, "x-ms-if-sequence-number-lt");
  const auto eq = header_int(headers, "x-ms-if-sequence-number-eq");
  if ((le && number > *le) || (lt && number >= *lt) || (eq && number != *eq))
    throw errors::sequence_number_not_met();
}

Blob page_blob_to_change(Transaction& tx, const RequestContext& context, const Target& target) {
  Blob blob = blob_to_change(tx, context, target);
  if (blob.kind != BlobKind::Page) throw errors::invalid_blob_type();
  return blob;
}

Blob blob_to_page(Transaction& tx, const RequestContext& context, const Target& target, const Slice& pages) {
  Blob blob = page_blob_to_change(tx, context, target);
  check_sequence_number(context.headers(), BlobProperties::unpack(blob.properties).sequence_number);
  if (pages.offset + pages.length > blob.length) throw errors::invalid_page_range();
  return blob;
}

Response with_sequence_number(Response response, const Blob& blob) {
  response.headers.add("x-ms-blob-sequence-number",
                       std::to_string(BlobProperties::unpack(blob.properties).sequence_number));
  return response;
}

Response clear_pages(State& state, RequestContext& context, const Target& target, const Slice& pages) {
  refuse_structured_body(context.headers());
  if (context.body.length() != 0)
    throw errors::invalid_header("Content-Length", context.headers().get("Content-Length"));
  Transaction tx(state.database);
  Blob blob = blob_to_page(tx, context, target, pages);
  if (blob.content != contents::kNone) {
    blob.content = parts::own(tx, blob.content);
    parts::clear(tx, blob.content, pages.offset, pages.offset + pages.length);
  }
  save_change(tx, context, blob);
  tx.commit();
  return with_sequence_number(written(blob), blob);
}

Response put_page(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string_view action = required_header(context.headers(), "x-ms-page-write");
  const Slice pages = pages_of(context.headers());
  if (iequals(action, "clear")) return clear_pages(state, context, target, pages);
  if (!iequals(action, "update")) throw errors::invalid_header("x-ms-page-write", action);
  if (pages.length > limits::kPageWrite) throw errors::request_body_too_large(limits::kPageWrite);
  ContentCheck check(context.headers());
  check_page_place(state, context, target, pages);
  ContentWriter writer(state.database);
  receive(context, writer, check, limits::kPageWrite);
  Response response = put_pages(state, context, target, pages, writer);
  add_receipt(response.headers, context, check);
  return response;
}

Response resize_page_blob(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::uint64_t length = page_blob_length(context.headers());
  Transaction tx(state.database);
  Blob blob = page_blob_to_change(tx, context, target);
  if (length < blob.length && blob.content != contents::kNone) {
    blob.content = parts::own(tx, blob.content);
    parts::clear(tx, blob.content, length, INT64_MAX);
  }
  blob.length = length;
  save_change(tx, context, blob);
  tx.commit();
  return with_sequence_number(validators_only(200, blob), blob);
}

std::int64_t next_sequence_number(const Headers& headers, std::int64_t current) {
  const std::string_view action = headers.get("x-ms-sequence-number-action");
  const auto number = header_int(headers, "x-ms-blob-sequence-number", {0, INT64_MAX});
  if (iequals(action, "increment")) {
    if (number) throw errors::invalid_operation("increment takes no x-ms-blob-sequence-number");
    if (current == INT64_MAX) throw errors::sequence_number_increment_too_large();
    return current + 1;
  }
  const bool is_max = iequals(action, "max");
  if (!is_max && !iequals(action, "update"))
    throw errors::invalid_header("x-ms-sequence-number-action", action);
  if (!number) throw errors::missing_header("x-ms-blob-sequence-number");
  return is_max ? std::max(current, *number) : *number;
}

Response update_sequence_number(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  Blob blob = page_blob_to_change(tx, context, target);
  BlobProperties properties = BlobProperties::unpack(blob.properties);
  properties.sequence_number = next_sequence_number(context.headers(), properties.sequence_number);
  save_change(tx, context, blob, properties);
  tx.commit();
  return with_sequence_number(validators_only(200, blob), blob);
}

constexpr std::string_view kProperties = "/{container}/{blob...}?comp=properties";

}  // namespace

std::uint64_t page_blob_length(const Headers& headers) {
  constexpr std::string_view kName = "x-ms-blob-content-length";
  const auto length = static_cast<std::uint64_t>(required_header_int(headers, kName, {0, limits::kPageBlob}));
  if (length % limits::kPage != 0)
    throw errors::invalid_header(kName, headers.get(kName), "not a multiple of 512");
  return length;
}

Slice pages_of(const Headers& headers) {
  const std::string_view name = headers.has("x-ms-range") ? "x-ms-range" : "Range";
  const std::string_view text = required_header(headers, name);
  const auto range = parse_range(text);
  if (!range || !range->last || range->first % limits::kPage != 0 || (*range->last + 1) % limits::kPage != 0)
    throw errors::invalid_header(name, text, "not a range of whole pages");
  if (*range->last >= static_cast<std::uint64_t>(limits::kPageBlob)) throw errors::invalid_page_range();
  return {range->first, *range->last + 1 - range->first};
}

void check_page_place(State& state, const RequestContext& context, const Target& target, const Slice& pages) {
  Transaction tx(state.database);
  blob_to_page(tx, context, target, pages);
}

Response put_pages(State& state, const RequestContext& context, const Target& target, const Slice& pages,
                   ContentWriter& writer) {
  if (writer.length() != pages.length)
    throw errors::invalid_header("Content-Length", std::to_string(writer.length()),
                                 "not the length of the range");
  Transaction tx(state.database);
  Blob blob = blob_to_page(tx, context, target, pages);
  blob.content = parts::own(tx, blob.content);
  parts::clear(tx, blob.content, pages.offset, pages.offset + pages.length);
  parts::add(tx, blob.content, {pages.offset, pages.length, writer.seal(tx), 0, ""});
  save_change(tx, context, blob);
  tx.commit();
  return with_sequence_number(written(blob), blob);
}

Rows page_blob_operations() {
  static constexpr Operation<State> operations[] = {
      {{"PutPage",
        Method::Put,
        "/{container}/{blob...}?comp=page",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       put_page},
      {{"ResizePageBlob",
        Method::Put,
        kProperties,
        "x-ms-blob-content-length",
        {.resource = "o", .account = "w", .service = "w"}},
       resize_page_blob},
      {{"UpdatePageBlobSequenceNumber",
        Method::Put,
        kProperties,
        "x-ms-sequence-number-action",
        {.resource = "o", .account = "w", .service = "w"}},
       update_sequence_number},
  };
  return operations;
}

}  // namespace cvemu::blob
