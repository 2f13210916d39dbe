#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "runtime/content_stream.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/ranges_and_digests.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

struct Wanted {
  Slice slice;
  bool is_range = false, md5 = false, crc64 = false;
};

Wanted wanted_of(const Headers& headers, std::uint64_t length) {
  Wanted wanted{{0, length}};
  const auto range = read_range(headers);
  if (range) wanted.slice = slice_of(*range, length);
  wanted.is_range = range.has_value();
  wanted.md5 = header_bool(headers, "x-ms-range-get-content-md5").value_or(false);
  wanted.crc64 = header_bool(headers, "x-ms-range-get-content-crc64").value_or(false);
  if (!wanted.md5 && !wanted.crc64) return wanted;
  const std::string_view name = wanted.md5 ? "x-ms-range-get-content-md5" : "x-ms-range-get-content-crc64";
  if (wanted.md5 && wanted.crc64) throw errors::both_crc64_and_md5_ranges();
  if (!wanted.is_range || wanted.slice.length > limits::kRangeDigest)
    throw errors::invalid_header(name, "true", "a range of at most 4 MiB is needed");
  return wanted;
}

std::string read_slice(Transaction& tx, const Blob& blob, const Slice& slice) {
  std::string bytes;
  bytes.reserve(slice.length);
  while (bytes.size() < slice.length)
    contents::read(tx, blob.content, slice.offset + bytes.size(), slice.length - bytes.size(), bytes);
  return bytes;
}

void add_digests(Headers& headers, const Blob& blob, const Wanted& wanted, std::string_view bytes) {
  if (!wanted.is_range && !blob.content_md5.empty()) headers.add("Content-MD5", blob.content_md5);
  if (!blob.content_md5.empty()) headers.add("x-ms-blob-content-md5", blob.content_md5);
  if (wanted.md5) headers.add("Content-MD5", base64_encode(md5(bytes)));
  if (!wanted.crc64) return;
  Crc64 crc;
  crc.update(bytes);
  headers.add("x-ms-content-crc64", base64_encode(crc.bytes()));
}

Response get_blob(State& state, RequestContext& context) {
  const Target target = target_of(context);
  Response response;
  Transaction tx(state.database);
  const Blob blob = blob_to_read(tx, context, target);
  const BlobProperties properties = BlobProperties::unpack(blob.properties);
  check_online(properties);
  const Wanted wanted = wanted_of(context.headers(), blob.length);
  response.status = wanted.is_range ? 206 : 200;
  add_blob_headers(response.headers, blob, properties, context, false);
  if (wanted.is_range) response.headers.add("Content-Range", content_range(wanted.slice, blob.length));
  if (wanted.slice.length <= contents::kShort || wanted.md5 || wanted.crc64) {
    std::string bytes = read_slice(tx, blob, wanted.slice);
    add_digests(response.headers, blob, wanted, bytes);
    response.body = std::move(bytes);
    return response;
  }
  add_digests(response.headers, blob, wanted, {});
  response.body = stream_of(state.database, tx, blob.content, wanted.slice.offset, wanted.slice.length);
  return response;
}

Response get_blob_properties(State& state, RequestContext& context) {
  const Target target = target_of(context);
  Transaction tx(state.database);
  const Blob blob = blob_to_read(tx, context, target);
  const BlobProperties properties = BlobProperties::unpack(blob.properties);
  Response response;
  add_blob_headers(response.headers, blob, properties, context, true);
  response.headers.add("Content-Length", std::to_string(blob.length));
  if (!blob.content_md5.empty()) response.headers.add("Content-MD5", blob.content_md5);
  return response;
}

}  // namespace

Rows get_blob_operations() {
  static constexpr Operation<State> operations[] = {
      {{"GetBlob",
        Method::Get,
        "/{container}/{blob...}",
        "",
        {.resource = "o", .account = "r", .service = "r", .open = Access::Open::Blob}},
       get_blob},
      {{"GetBlobProperties",
        Method::Head,
        "/{container}/{blob...}",
        "",
        {.resource = "o", .account = "r", .service = "r", .open = Access::Open::Blob}},
       get_blob_properties},
  };
  return operations;
}

}  // namespace cvemu::blob
