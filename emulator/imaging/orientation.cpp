#include "imaging/orientation.h"

#include <algorithm>
#include <utility>

#include "imaging/bytes.h"

namespace cvemu::imaging {

int exif_orientation(std::string_view tiff) {
  constexpr int kOrientationTag = 0x0112;
  const Bytes bytes(tiff);
  const bool little = tiff.starts_with("II");
  if (!little && !tiff.starts_with("MM")) return 1;
  const auto u16 = [&](std::size_t at) { return little ? bytes.u16le(at) : bytes.u16be(at); };
  const auto u32 = [&](std::size_t at) { return little ? bytes.u32le(at) : bytes.u32be(at); };

  const std::size_t directory = u32(4);
  const int entries = u16(directory);
  for (int i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + std::size_t(i) * 12;
    if (!bytes.has(entry, 12)) break;
    if (u16(entry) != kOrientationTag) continue;
    const int value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

Image oriented(Image image, int orientation) {
  if (orientation <= 1) return image;
  const bool swap = swaps_sides(orientation);
  Image out(swap ? image.height : image.width, swap ? image.width : image.height);
  const bool mirror_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirror_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int from_x = swap ? y : x;
      int from_y = swap ? x : y;
      if (mirror_x) from_x = image.width - 1 - from_x;
      if (mirror_y) from_y = image.height - 1 - from_y;
      std::copy_n(std::as_const(image).at(from_x, from_y), 3, out.at(x, y));
    }
  }
  return out;
}

}  // namespace cvemu::imaging
