#include "imaging/resize.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "imaging/test_files.h"

namespace cvemu::imaging_resize_test {

using namespace cvemu::imaging;

TEST_CASE("resize: a whole factor gives the mean of each block") {
  Image image(4, 2);
  for (int i = 0; i < 8; ++i) std::fill_n(image.at(i % 4, i / 4), 3, static_cast<std::uint8_t>(i * 10));
  const Image half = resize(image, 2, 1);
  CHECK(half.at(0, 0)[0] == 25);  // 0 10 40 50
  CHECK(half.at(1, 0)[0] == 45);  // 20 30 60 70
}

TEST_CASE("resize: a fraction weighs the pixels by the area covered") {
  Image image(3, 1);
  image.at(1, 0)[1] = 90;
  const Image two = resize(image, 2, 1);
  CHECK(two.at(0, 0)[1] == 30);  // a third of its area
  CHECK(two.at(1, 0)[1] == 30);
}

TEST_CASE("resize: one colour stays that colour at any size") {
  Image image(17, 31);
  std::fill(image.pixels.begin(), image.pixels.end(), std::uint8_t{201});
  for (const auto& [w, h] : {std::pair{1, 1}, {5, 40}, {224, 224}, {16, 31}}) {
    const Image out = resize(image, w, h);
    CHECK(std::all_of(out.pixels.begin(), out.pixels.end(), [](int v) { return v == 201; }));
  }
}

TEST_CASE("shrink_to_fit: keeps the aspect ratio and never enlarges") {
  const Image image = testing::corners(900, 1600);
  const Image thumbnail = shrink_to_fit(image, 256);
  CHECK(thumbnail.width == 144);
  CHECK(thumbnail.height == 256);
  CHECK(shrink_to_fit(image, 1600) == image);
  CHECK(shrink_to_fit(testing::corners(1000, 1), 10).height == 1);
}

}  // namespace cvemu::imaging_resize_test
