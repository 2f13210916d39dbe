#include "blob/content/upload.h"

#include <algorithm>

#include "base/text.h"
#include "blob/attributes/tags.h"
#include "storage/errors.h"
#include "storage/metadata.h"
#include "storage/structured_body.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

constexpr std::string_view kBlockTiers[] = {"Hot", "Cool", "Cold", "Archive"};
constexpr std::string_view kPageTiers[] = {"P4",  "P6",  "P10", "P15", "P20", "P30",
                                           "P40", "P50", "P60", "P70", "P80"};
constexpr std::string_view kDefaultType = "application/octet-stream";

template <std::size_t N>
bool contains(const std::string_view (&list)[N], std::string_view item) {
  return std::find(std::begin(list), std::end(list), item) != std::end(list);
}

}  // namespace

void read_content_headers(const Headers& headers, Blob& blob, BlobProperties& properties) {
  const std::string_view type = headers.get("x-ms-blob-content-type");
  blob.content_type = type.empty() ? kDefaultType : type;
  properties.encoding = headers.get("x-ms-blob-content-encoding");
  properties.language = headers.get("x-ms-blob-content-language");
  properties.disposition = headers.get("x-ms-blob-content-disposition");
  properties.cache_control = headers.get("x-ms-blob-cache-control");
}

std::string read_content_md5(const Headers& headers) {
  constexpr std::size_t kMd5Size = 16;
  const std::string_view text = headers.get("x-ms-blob-content-md5");
  if (!text.empty() && base64_decode(text).value_or("").size() != kMd5Size) throw errors::invalid_md5(text);
  return std::string(text);
}

void read_new_blob(const Headers& headers, Blob& blob, BlobProperties& properties) {
  read_content_headers(headers, blob, properties);
  blob.metadata = pack(read_metadata(headers));
  blob.tags = read_tags_header(headers);
  properties.tier = read_tier(headers, blob.kind);
}

bool is_tier(BlobKind kind, std::string_view tier) {
  if (kind == BlobKind::Block) return contains(kBlockTiers, tier);
  return kind == BlobKind::Page && contains(kPageTiers, tier);
}

std::string read_tier(const Headers& headers, BlobKind kind) {
  const std::string_view tier = headers.get("x-ms-access-tier");
  if (!tier.empty() && !is_tier(kind, tier)) throw errors::invalid_header("x-ms-access-tier", tier);
  return std::string(tier);
}

void receive(const RequestContext& context, ContentWriter& writer, ContentCheck& check, std::uint64_t limit) {
  Body& body = context.body;
  const auto framed = structured_length(context.headers());
  if ((framed ? framed : body.length()).value_or(0) > limit) throw errors::request_body_too_large(limit);
  const auto keep = [&](std::string_view piece) {
    if (writer.length() + piece.size() > limit) throw errors::request_body_too_large(limit);
    check.update(piece);
    writer.write(piece);
  };
  if (framed) {
    StructuredBodyDecoder decoder(*framed, body.length());
    const StructuredBodyDecoder::Sink sink = keep;
    body.each([&](std::string_view piece) { decoder.feed(piece, sink); });
    decoder.finish();
  } else {
    body.each(keep);
  }
  check.verify();
}

void add_receipt(Headers& answer, const RequestContext& context, const ContentCheck& check) {
  check.add_headers(answer);
  if (const auto format = context.headers().find(kStructuredBodyHeader))
    answer.add(kStructuredBodyHeader, *format);
}

void refuse_structured_body(const Headers& headers) {
  for (const std::string_view name : {kStructuredBodyHeader, kStructuredLengthHeader})
    if (headers.has(name)) throw errors::unsupported_header(name, "this request has no body");
}

}  // namespace cvemu::blob
