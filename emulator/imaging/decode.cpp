#include "imaging/decode.h"

#include <stb_image.h>

#include <memory>

#include "imaging/jpeg.h"

namespace cvemu::imaging {

ImageFormat sniff(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return ImageFormat::Jpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return ImageFormat::Png;
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return ImageFormat::Gif;
  if (bytes.starts_with("BM") && bytes.size() > 26) return ImageFormat::Bmp;
  return ImageFormat::Unknown;
}

namespace {

std::variant<Image, DecodeError> decode_with_stb(std::string_view bytes) {
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(data, size, &width, &height, &channels)) return DecodeError::Damaged;
  if (width > kMaxSide || height > kMaxSide) return DecodeError::TooLarge;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(data, size, &width, &height, &channels, 3), stbi_image_free);
  if (!pixels) return DecodeError::Damaged;
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return Image{width, height, {pixels.get(), pixels.get() + count}};
}

}  // namespace

std::variant<Image, DecodeError> decode(std::string_view bytes) {
  switch (sniff(bytes)) {
    case ImageFormat::Unknown: return DecodeError::NotAnImage;
    case ImageFormat::Jpeg: return decode_jpeg(bytes);
    default: return decode_with_stb(bytes);
  }
}

}  // namespace cvemu::imaging
