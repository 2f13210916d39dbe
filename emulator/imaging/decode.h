// Pictures out of bytes: JPEG, PNG, GIF (first frame), BMP. The format is told from the bytes. Pure; any bytes are
// safe.
#pragma once
#include <string_view>
#include <variant>

#include "imaging/image.h"

namespace cvemu::imaging {

enum class ImageFormat { Unknown, Jpeg, Png, Gif, Bmp };
enum class DecodeError { NotAnImage, Damaged, TooLarge };

// Azure: "Limits and quotas": at most 10,240 pixels a side.
constexpr int kMaxSide = 10240;

ImageFormat sniff(std::string_view bytes);
std::variant<Image, DecodeError> decode(std::string_view bytes);

}  // namespace cvemu::imaging
