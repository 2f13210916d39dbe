// The tables at the foot of each family's file, joined in service.cpp.
#pragma once
#include <span>

#include "blob/service.h"

namespace cvemu::blob {

using Rows = std::span<const Operation<State>>;

Rows account_operations();
Rows append_blob_operations();
Rows batch_operations();
Rows block_blob_operations();
Rows container_operations();
Rows copy_operations();
Rows from_url_operations();
Rows get_blob_operations();
Rows lease_operations();
Rows listing_operations();
Rows page_blob_operations();
Rows page_range_operations();
Rows property_operations();
Rows put_blob_operations();
Rows snapshot_operations();
Rows tag_search_operations();
Rows unsupported_operations();

}  // namespace cvemu::blob
