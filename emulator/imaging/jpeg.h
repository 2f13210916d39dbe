// libjpeg, both ways. Pure; any bytes are safe.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "imaging/decode.h"
#include "imaging/image.h"

namespace cvemu::imaging {

// A file that ends too early or has broken data is Damaged, although libjpeg would make up the rest.
std::variant<Image, DecodeError> decode_jpeg(std::string_view bytes);
std::string encode_jpeg(const Image& image, int quality);  // baseline; quality 1..100

}  // namespace cvemu::imaging
