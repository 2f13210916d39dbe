// The four readers behind decode(). Each is given bytes of its own format.
#pragma once
#include <cstdint>
#include <string_view>
#include <variant>

#include "imaging/decode.h"

namespace cvemu::imaging {

using InfoOrError = std::variant<ImageInfo, DecodeError>;
using ImageOrError = std::variant<Image, DecodeError>;

InfoOrError inspect_jpeg(std::string_view bytes);
InfoOrError inspect_png(std::string_view bytes);
InfoOrError inspect_gif(std::string_view bytes);
InfoOrError inspect_bmp(std::string_view bytes);

ImageOrError decode_jpeg(std::string_view bytes);
ImageOrError decode_png(std::string_view bytes);
ImageOrError decode_gif(std::string_view bytes);
ImageOrError decode_bmp(std::string_view bytes);

std::size_t pixel_bytes(const ImageInfo& info);  // of the decoded image

// The limits of decode.h, and Damaged for an empty image.
InfoOrError checked(ImageFormat format, std::int64_t width, std::int64_t height);

}  // namespace cvemu::imaging
