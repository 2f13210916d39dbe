// What Put Block and Put Block From URL have in common.
#pragma once
#include <string>

#include "blob/blob_lookup.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

// ?blockid=: text that stays as the client wrote it. Must be base64 (400 InvalidQueryParameterValue) of at
// most 64 bytes (400 OutOfRangeInput).
std::string block_id_of(const RequestContext&);

// Before the bytes are read: container, kind of blob, lease, length of the id, number of blocks.
void check_block_place(State&, const RequestContext&, const Target&, const std::string& id);
// The same again, and the block is there.
void store_block(State&, const RequestContext&, const Target&, const std::string& id, ContentWriter&);

}  // namespace cvemu::blob
