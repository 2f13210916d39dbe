// What uploads have in common: the headers that become properties, and the body that becomes a content.
#pragma once
#include <cstdint>

#include "http/service.h"
#include "storage/ranges_and_digests.h"
#include "store/blob/blobs.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

// Content type, encoding and so on, from x-ms-blob-* headers. Absent ones are cleared, the type becomes
// application/octet-stream. Azure: Set Blob HTTP Headers replaces all.
void read_content_headers(const Headers&, Blob&, BlobProperties&);
// x-ms-blob-content-md5, to be kept as it is; "" if absent. 400 InvalidMd5 if it can be no digest.
std::string read_content_md5(const Headers&);
// The content headers with metadata, tags and tier: all that Put Blob, Put Block List and the like replace.
void read_new_blob(const Headers&, Blob&, BlobProperties&);

// x-ms-access-tier, in the spelling of the list for that kind; "" if absent. 400 InvalidHeaderValue
// otherwise.
std::string read_tier(const Headers&, BlobKind);
bool is_tier(BlobKind, std::string_view tier);

// The body into the content, out of its frame if it has one (storage/structured_body.h), past the digests,
// which are those of the payload like the limit. 413 RequestBodyTooLarge beyond `limit`, Md5Mismatch,
// Crc64Mismatch.
void receive(const RequestContext&, ContentWriter&, ContentCheck&, std::uint64_t limit);
// What the answer says of a body that was received: its digests, and the frame it came in.
void add_receipt(Headers&, const RequestContext&, const ContentCheck&);
// For the forms of an upload that have no body. 400 UnsupportedHeader.
void refuse_structured_body(const Headers&);

}  // namespace cvemu::blob
