#pragma once
#include <cstdint>
#include <vector>

namespace cvemu::imaging {

// 8-bit RGB, rows from the top, no padding.
struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  // width * height * 3
};

}  // namespace cvemu::imaging
