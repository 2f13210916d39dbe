#include "learning/features.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "learning/filter_bank.h"

namespace cvemu::learning_features_test {

using namespace cvemu::learning;
using cvemu::imaging::Image;

namespace {

Image plain(int r, int g, int b) {
  Image image(50, 40);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i] = static_cast<std::uint8_t>(r);
    image.pixels[i + 1] = static_cast<std::uint8_t>(g);
    image.pixels[i + 2] = static_cast<std::uint8_t>(b);
  }
  return image;
}

}  // namespace

TEST_CASE("features: one colour gives the filters' own formula, average and maximum alike") {
  for (const Geometry geometry : {Geometry::General, Geometry::S1}) {
    const Features f = classifier_features(plain(255, 0, 0), geometry);
    CHECK(f[0] == doctest::Approx(0.9));     // red minus green, threshold 0.1
    CHECK(f[2] == doctest::Approx(0.5));     // threshold 0.5
    CHECK(f[3] == 0);                        // green minus red
    CHECK(f[36] == doctest::Approx(0.299));  // luma
    CHECK(f[43] == doctest::Approx(1));      // red itself
    for (std::size_t i = 0; i < kFilters; ++i) CHECK(f[i] == doctest::Approx(f[kFilters + i]));
    for (std::size_t i = 46; i < kFilters; ++i) CHECK(f[i] == 0);  // no edges
  }
}

TEST_CASE("features: an edge wakes the edge filters, an object the maxima") {
  Image image = plain(0, 0, 0);
  for (int y = 0; y < image.height; ++y) std::fill_n(image.at(25, y), 25 * 3, std::uint8_t{255});
  const Features f = classifier_features(image, Geometry::General);
  CHECK(f[46 + kFilters] > 0.1F);  // dark left, bright right
  CHECK(f[48 + kFilters] == 0);    // the other sign
  CHECK(f[43 + kFilters] > f[43]);
}

TEST_CASE("detector cells: a grid of filter responses, brighter where the image is") {
  Image image = plain(0, 0, 0);
  std::fill_n(image.at(0, 0), 50 * 20 * 3, std::uint8_t{255});
  for (const Geometry geometry : {Geometry::General, Geometry::S1}) {
    const Cells cells = detector_cells(image, geometry);
    const auto side = std::size_t(detector_shape(geometry).grid);
    REQUIRE(cells.size() == side * side * kFilters);
    const auto luma = [&](std::size_t column, std::size_t row) {
      return cells[(row * side + column) * kFilters + 36];
    };
    CHECK(luma(side / 2, 1) == doctest::Approx(1));
    CHECK(luma(side / 2, side - 2) == doctest::Approx(0));
  }
}

}  // namespace cvemu::learning_features_test
