// Regions of images in a workspace. Azure: a region's tag appears among the image's tags as well, and leaves
// the image with the last region (recorded).
#pragma once
#include <cstdint>
#include <vector>

#include "store/customvision/images.h"

namespace cvemu::regions {

void add(Transaction& tx, const Uuid& workspace, const Uuid& image, const Region& region);
// Ids that are not there are passed over. Answers how many went.
std::int64_t remove(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids);

}  // namespace cvemu::regions
