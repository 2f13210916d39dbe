// What Put Page and Put Page From URL have in common, and the limits of page blobs.
#pragma once
#include <cstdint>

#include "blob/blob_lookup.h"
#include "storage/ranges_and_digests.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

// x-ms-blob-content-length: whole pages.
std::uint64_t page_blob_length(const Headers&);
// The pages that x-ms-range or Range names. 400 for a range that is missing or not of whole pages.
Slice pages_of(const Headers&);
// Before the bytes are read: container, conditions, lease, kind, sequence number, end of the blob.
void check_page_place(State&, const RequestContext&, const Target&, const Slice&);
// The same again, and the pages have the new bytes. The answer is complete but for digests.
Response put_pages(State&, const RequestContext&, const Target&, const Slice&, ContentWriter&);

}  // namespace cvemu::blob
