// Boxes where something may be, without any training: what differs in colour from the edge of the image.
// Serves the service's SuggestRegions. Deterministic and pure; any thread.
#pragma once
#include "imaging/image.h"
#include "learning/regions.h"

namespace cvemu::learning {

// Falling confidence (the probability field), at most `most`; label is 0. An image of one colour has none.
std::vector<Detection> propose_regions(const imaging::Image& image, std::size_t most);

}  // namespace cvemu::learning
