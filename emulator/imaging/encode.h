// Pixels to a JPEG file: baseline, islow DCT, 4:2:0. Same pixels and quality, same bytes. Any thread.
#pragma once
#include <string>

#include "imaging/image.h"

namespace cvemu::imaging {

// quality 1..100. The image must not be empty.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace cvemu::imaging
