#include "imaging/resize.h"

#include <algorithm>

namespace cvemu::imaging {

namespace {

// How much of each old row or column goes into a new one, in 1/256.
struct Share {
  int index;
  std::uint32_t weight;
};

std::vector<std::vector<Share>> shares(int from, int to) {
  std::vector<std::vector<Share>> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    // The new cell covers old positions [begin, end), in units of 1/(256 * to).
    const std::int64_t begin = std::int64_t{i} * from * 256 / to, end = std::int64_t{i + 1} * from * 256 / to;
    for (std::int64_t old = begin / 256; old * 256 < end; ++old) {
      const std::int64_t part = std::min(end, (old + 1) * 256) - std::max(begin, old * 256);
      if (part > 0) all[static_cast<std::size_t>(i)].push_back({static_cast<int>(old), static_cast<std::uint32_t>(part)});
    }
    if (all[static_cast<std::size_t>(i)].empty())
      all[static_cast<std::size_t>(i)].push_back({static_cast<int>(begin / 256), 256});
  }
  return all;
}

}  // namespace

Image resize(const Image& image, int width, int height) {
  const auto columns = shares(image.width, width), rows = shares(image.height, height);
  Image out{width, height, {}};
  out.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (const auto& row : rows)
    for (const auto& column : columns) {
      std::uint64_t sum[3] = {0, 0, 0}, total = 0;
      for (const Share& y : row)
        for (const Share& x : column) {
          const std::uint64_t weight = std::uint64_t{y.weight} * x.weight;
          const auto* pixel = &image.pixels[(static_cast<std::size_t>(y.index) * static_cast<std::size_t>(image.width) +
                                             static_cast<std::size_t>(x.index)) * 3];
          for (int c = 0; c < 3; ++c) sum[c] += weight * pixel[c];
          total += weight;
        }
      for (const std::uint64_t channel : sum)
        out.pixels.push_back(static_cast<std::uint8_t>((channel + total / 2) / total));
    }
  return out;
}

Image shrink_to_fit(const Image& image, int max_side) {
  const int longer = std::max(image.width, image.height);
  if (longer <= max_side) return image;
  const auto scaled = [&](int side) { return std::max(1, static_cast<int>(std::int64_t{side} * max_side / longer)); };
  return resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace cvemu::imaging
