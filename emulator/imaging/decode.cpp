#include "imaging/decode.h"

#include "imaging/codecs.h"

namespace cvemu::imaging {

namespace {

struct Codec {
  std::string_view magic;
  ImageFormat format;
  const char* media_type;
  InfoOrError (*inspect)(std::string_view);
  ImageOrError (*decode)(std::string_view);
};

using namespace std::string_view_literals;

constexpr Codec kCodecs[] = {
    {"\xFF\xD8\xFF"sv, ImageFormat::Jpeg, "image/jpeg", inspect_jpeg, decode_jpeg},
    {"\x89PNG\r\n\x1A\n"sv, ImageFormat::Png, "image/png", inspect_png, decode_png},
    {"GIF87a"sv, ImageFormat::Gif, "image/gif", inspect_gif, decode_gif},
    {"GIF89a"sv, ImageFormat::Gif, "image/gif", inspect_gif, decode_gif},
    {"BM"sv, ImageFormat::Bmp, "image/bmp", inspect_bmp, decode_bmp},
};

const Codec* find_codec(std::string_view bytes) {
  for (const Codec& codec : kCodecs) {
    if (bytes.starts_with(codec.magic)) return &codec;
  }
  return nullptr;
}

}  // namespace

ImageFormat sniff(std::string_view bytes) {
  const Codec* codec = find_codec(bytes);
  return codec ? codec->format : ImageFormat::Unknown;
}

const char* media_type(ImageFormat format) {
  for (const Codec& codec : kCodecs) {
    if (codec.format == format) return codec.media_type;
  }
  return "application/octet-stream";
}

std::variant<ImageInfo, DecodeError> inspect(std::string_view bytes) {
  const Codec* codec = find_codec(bytes);
  if (!codec) return DecodeError::NotAnImage;
  return codec->inspect(bytes);
}

std::variant<Image, DecodeError> decode(std::string_view bytes) {
  const Codec* codec = find_codec(bytes);
  if (!codec) return DecodeError::NotAnImage;
  return codec->decode(bytes);
}

std::size_t memory_to_decode(std::string_view bytes) {
  const auto inspected = inspect(bytes);
  const auto* info = std::get_if<ImageInfo>(&inspected);
  return info ? pixel_bytes(*info) + info->beside : 0;
}

std::size_t pixel_bytes(const ImageInfo& info) {
  return std::size_t(info.width) * std::size_t(info.height) * 3;
}

InfoOrError checked(ImageFormat format, std::int64_t width, std::int64_t height) {
  if (width <= 0 || height <= 0) return DecodeError::Damaged;
  if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels) return DecodeError::TooLarge;
  return ImageInfo{format, static_cast<int>(width), static_cast<int>(height), 0};
}

}  // namespace cvemu::imaging
