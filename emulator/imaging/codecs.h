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

// The limits of decode.h, and Damaged for an empty image.
InfoOrError checked(ImageFormat format, std::int64_t width, std::int64_t height);

// PNG and GIF, once their own checks passed: the pixels by stb_image.
ImageOrError decode_with_stb(std::string_view bytes, const ImageInfo& info);

}  // namespace cvemu::imaging
