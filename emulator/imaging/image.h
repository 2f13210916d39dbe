// A decoded image: rows from top to bottom, three bytes (red, green, blue) per pixel, no padding. A value.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cvemu::imaging {

struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width * height * 3

  Image() = default;
  Image(int w, int h) : width(w), height(h), pixels(std::size_t(w) * std::size_t(h) * 3) {}

  std::uint8_t* at(int x, int y) { return pixels.data() + offset(x, y); }
  const std::uint8_t* at(int x, int y) const { return pixels.data() + offset(x, y); }
  bool operator==(const Image&) const = default;

 private:
  std::size_t offset(int x, int y) const {
    return (std::size_t(y) * std::size_t(width) + std::size_t(x)) * 3;
  }
};

}  // namespace cvemu::imaging
