// Smaller pictures. Pure.
#pragma once
#include "imaging/image.h"

namespace cvemu::imaging {

// Stretched to exactly width x height: each new pixel is the average of the area it covers.
Image resize(const Image& image, int width, int height);
// The longer side at most `max_side`, proportions kept; unchanged if it fits already.
Image shrink_to_fit(const Image& image, int max_side);

}  // namespace cvemu::imaging
