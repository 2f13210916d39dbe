// Area average: every target pixel is the exact mean of the source area it covers, rounded to the nearest
// byte. Integer arithmetic, so the same image on every machine. Pure functions; any thread.
#pragma once
#include "imaging/image.h"

namespace cvemu::imaging {

// Sides must be at least 1. Enlarging repeats pixels.
Image resize(const Image& image, int width, int height);

// Keeps the aspect ratio; the longer side becomes at most max_side. A smaller image comes back unchanged.
Image shrink_to_fit(const Image& image, int max_side);

}  // namespace cvemu::imaging
