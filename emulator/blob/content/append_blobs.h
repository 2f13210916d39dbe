// What Append Block and Append Block From URL have in common.
#pragma once
#include <cstdint>

#include "blob/blob_lookup.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

// Before the bytes are read: container, conditions, lease, kind, seal, position.
void check_append_place(State&, const RequestContext&, const Target&);
// The same again, with the size, and the block is at the end of the blob. The answer is complete but for
// digests.
Response append(State&, const RequestContext&, const Target&, ContentWriter&);

}  // namespace cvemu::blob
