// EXIF orientation: how a camera was held.
#pragma once
#include <string_view>

#include "imaging/image.h"

namespace cvemu::imaging {

// From the TIFF structure inside an EXIF block (after "Exif\0\0"): 1..8, and 1 when absent or unreadable.
int exif_orientation(std::string_view tiff);

// Orientations 5..8 swap width and height.
inline bool swaps_sides(int orientation) {
  return orientation >= 5;
}

// The image as it is to be seen.
Image oriented(Image image, int orientation);

}  // namespace cvemu::imaging
