#include <array>
#include <optional>
#include <string>

#include "imaging/bytes.h"
#include "imaging/codecs.h"

#include <stb_image.h>

// The chunks are walked and checked here, because stb_image ignores checksums and would inflate without
// limit; what passes is then decoded by it.
namespace cvemu::imaging {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kHeaderEnd = kSignature + 8 + 13 + 4;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[n] = c;
  }
  return table;
}

std::uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t c = ~0U;
  for (unsigned char byte : bytes) c = kTable[(c ^ byte) & 0xFF] ^ (c >> 8);
  return ~c;
}

int samples_per_pixel(int color_type) {
  switch (color_type) {
    case 0:
      return 1;  // grey
    case 2:
      return 3;  // colour
    case 3:
      return 1;  // palette
    case 4:
      return 2;  // grey and alpha
    case 6:
      return 4;  // colour and alpha
    default:
      return 0;
  }
}

bool is_depth(int bits) {
  return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
}

std::size_t filtered_size(std::size_t width, std::size_t height, std::size_t bits_per_pixel) {
  return width && height ? height * (1 + (width * bits_per_pixel + 7) / 8) : 0;
}

// Bytes of the inflated data: every row, of every pass if interlaced, with its filter byte.
std::size_t inflated_size(const Bytes& png, const ImageInfo& info) {
  const std::size_t bits = std::size_t(samples_per_pixel(png.u8(25))) * png.u8(24);
  const std::size_t w = std::size_t(info.width), h = std::size_t(info.height);
  if (png.u8(28) == 0) return filtered_size(w, h, bits);
  constexpr struct {
    unsigned x, y, step_x, step_y;
  } kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  std::size_t sum = 0;
  for (const auto& pass : kAdam7) {
    sum += filtered_size((w - pass.x + pass.step_x - 1) / pass.step_x * (w > pass.x),
                         (h - pass.y + pass.step_y - 1) / pass.step_y * (h > pass.y), bits);
  }
  return sum;
}

// The joined IDAT chunks; nullopt unless every chunk up to IEND is whole and has the right checksum.
std::optional<std::string> image_data(const Bytes& png) {
  std::string data;
  for (std::size_t at = kSignature; png.has(at, 12);) {
    const std::size_t length = png.u32be(at);
    if (!png.has(at + 8, length) || !png.has(at + 8 + length, 4)) return std::nullopt;
    if (crc32(png.part(at + 4, 4 + length)) != png.u32be(at + 8 + length)) return std::nullopt;
    const std::string_view type = png.part(at + 4, 4);
    if (type == "IDAT") data += png.part(at + 8, length);
    if (type == "IEND") return data;
    at += 12 + length;
  }
  return std::nullopt;
}

bool inflates_to(const std::string& data, std::size_t size) {
  constexpr std::size_t kBestRatio = 1032;  // of deflate
  if (size > data.size() * kBestRatio) return false;
  std::string out(size, '\0');
  return stbi_zlib_decode_buffer(out.data(), static_cast<int>(size), data.data(),
                                 static_cast<int>(data.size())) == static_cast<int>(size);
}

}  // namespace

InfoOrError inspect_png(std::string_view bytes) {
  const Bytes png(bytes);
  if (!png.has(0, kHeaderEnd) || png.u32be(8) != 13 || png.part(12, 4) != "IHDR") return DecodeError::Damaged;
  if (samples_per_pixel(png.u8(25)) == 0 || !is_depth(png.u8(24))) return DecodeError::Damaged;
  return checked(ImageFormat::Png, png.u32be(16), png.u32be(20));
}

ImageOrError decode_png(std::string_view bytes) {
  const InfoOrError header = inspect_png(bytes);
  if (const auto* error = std::get_if<DecodeError>(&header)) return *error;
  const ImageInfo& info = std::get<ImageInfo>(header);
  const Bytes png(bytes);
  const auto data = image_data(png);
  if (!data || !inflates_to(*data, inflated_size(png, info))) return DecodeError::Damaged;
  return decode_with_stb(bytes, info);
}

ImageOrError decode_with_stb(std::string_view bytes, const ImageInfo& info) {
  int width = 0, height = 0, channels = 0;
  stbi_uc* pixels = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                                          static_cast<int>(bytes.size()), &width, &height, &channels, 3);
  if (!pixels) return DecodeError::Damaged;
  Image image;
  if (width == info.width && height == info.height) {
    image.width = width;
    image.height = height;
    image.pixels.assign(pixels, pixels + std::size_t(width) * std::size_t(height) * 3);
  }
  stbi_image_free(pixels);
  if (image.pixels.empty()) return DecodeError::Damaged;
  return image;
}

}  // namespace cvemu::imaging
