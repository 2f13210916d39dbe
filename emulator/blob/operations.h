// The tables at the foot of each family's file, joined in service.cpp.
#pragma once
#include <span>

#include "blob/service.h"

namespace cvemu::blob {

using Rows = std::span<const Operation<BlobService>>;

Rows container_operations();
Rows listing_operations();
Rows put_blob_operations();
Rows get_blob_operations();
Rows snapshot_operations();

}  // namespace cvemu::blob
