// What becomes of images, exports and stored predictions whose files were lost (store/lost_bytes.h).
#pragma once
#include <vector>

#include "customvision/api/request_reader.h"
#include "store/lost_bytes.h"

namespace cvemu::customvision {

// In the transaction that dropped the blobs. An image without its original leaves its project and all
// iterations, so that the same image can be uploaded again; a copy of one is drawn again from the original.
// An export without its model is Failed, so that it can be asked for again. A prediction without its image
// is deleted. What happened is added to the reason of each.
void forget_lost_files(Transaction& tx, CustomVision& state, std::vector<lost_bytes::Dropped>& dropped);

}  // namespace cvemu::customvision
