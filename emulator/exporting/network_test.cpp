#include "exporting/network.h"

#include <doctest/doctest.h>

#include <cmath>

namespace cvemu::exporting_network_test {

using namespace cvemu::exporting;
using cvemu::learning::Detector;
using cvemu::learning::Geometry;

TEST_CASE("weights: the orders of the other formats hold the same numbers") {
  const Convolution c{2, 3, 2, {}, {0, 0}};
  Convolution filled = c;
  for (int i = 0; i < 2 * 2 * 2 * 3; ++i) filled.weights.push_back(static_cast<float>(i));
  const auto oihw = output_input_row_column(filled), hwio = row_column_input_output(filled);
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t i = 0; i < 3; ++i) {
        const float value = filled.weights[(o * 4 + p) * 3 + i];
        CHECK(oihw[(o * 3 + i) * 4 + p] == value);
        CHECK(hwio[(p * 3 + i) * 2 + o] == value);
      }
    }
  }
}

TEST_CASE("filters: blue first is red first with the colours exchanged") {
  const Convolution rgb = filters(false), bgr = filters(true);
  for (std::size_t i = 0; i < rgb.weights.size(); i += 3) {
    CHECK(rgb.weights[i] == bgr.weights[i + 2]);
    CHECK(rgb.weights[i + 1] == bgr.weights[i + 1]);
  }
}

TEST_CASE("yolo head: our cells stand at the nearest public anchor, the others never find anything") {
  Detector detector{
      Geometry::General,           {"a"}, std::vector<float>(6 * cvemu::learning::kHeadInputs, 1.0F),
      std::vector<float>(6, 0.5F), 3.34F, 5.47F};
  const Convolution head = yolo_head(detector);
  CHECK(head.outputs == 30);
  for (std::size_t anchor = 0; anchor < kAnchors; ++anchor) {
    CHECK(head.bias[anchor * 6 + 4] == (anchor == 2 ? 0.5F : -20.0F));
  }
  CHECK(head.bias[2 * 6 + 2] == doctest::Approx(0.5));  // the anchor's own size: nothing to add
  detector.anchor_width = 3;
  CHECK(yolo_head(detector).bias[2 * 6 + 2] == doctest::Approx(0.5 + std::log(3 / 3.34)));
}

}  // namespace cvemu::exporting_network_test
