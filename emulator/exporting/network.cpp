#include "exporting/network.h"

#include <algorithm>

#include "learning/filter_bank.h"
#include "learning/portable_math.h"

namespace cvemu::exporting {

namespace {

double log_ratio(float a, float b) {
  return learning::portable_log(static_cast<double>(a) / b);
}

std::size_t nearest_anchor(const learning::Detector& detector) {
  std::size_t best = 0;
  double nearest = 1e9;
  for (std::size_t i = 0; i < kAnchors; ++i) {
    const double w = log_ratio(detector.anchor_width, kAnchorSizes[i][0]);
    const double h = log_ratio(detector.anchor_height, kAnchorSizes[i][1]);
    if (w * w + h * h >= nearest) continue;
    nearest = w * w + h * h;
    best = i;
  }
  return best;
}

}  // namespace

std::vector<float> output_input_row_column(const Convolution& c) {
  const std::size_t inputs = std::size_t(c.inputs), places = std::size_t(c.side * c.side);
  std::vector<float> out;
  for (std::size_t o = 0; o < std::size_t(c.outputs); ++o) {
    for (std::size_t i = 0; i < inputs; ++i) {
      for (std::size_t p = 0; p < places; ++p) out.push_back(c.weights[(o * places + p) * inputs + i]);
    }
  }
  return out;
}

std::vector<float> row_column_input_output(const Convolution& c) {
  const std::size_t per_output = std::size_t(c.inputs * c.side * c.side);
  std::vector<float> out;
  for (std::size_t k = 0; k < per_output; ++k) {
    for (std::size_t o = 0; o < std::size_t(c.outputs); ++o) out.push_back(c.weights[o * per_output + k]);
  }
  return out;
}

Convolution filters(bool bgr, PixelRange range) {
  const learning::FilterBank& bank = learning::filter_bank();
  const float factor = range == PixelRange::To1 ? 255.0F : 1.0F;
  Convolution out{learning::kFilters, 3, 3, {}, {bank.bias.begin(), bank.bias.end()}};
  for (std::size_t f = 0; f < learning::kFilters; ++f) {
    for (std::size_t place = 0; place < 9; ++place) {
      for (std::size_t c = 0; c < 3; ++c) {
        out.weights.push_back(bank.weights[place * 3 + (bgr ? 2 - c : c)][f] * factor);
      }
    }
  }
  return out;
}

Convolution plain_head(const learning::Detector& detector) {
  return {static_cast<int>(detector.bias.size()), learning::kFilters, learning::kHeadSide, detector.weights,
          detector.bias};
}

Convolution yolo_head(const learning::Detector& detector) {
  constexpr float kNever = -20;  // as objectness: 2e-9
  const std::size_t channels = detector.bias.size(), ours = nearest_anchor(detector);
  Convolution out = plain_head(detector);
  out.outputs = static_cast<int>(channels * kAnchors);
  out.weights.assign(detector.weights.size() * kAnchors, 0.0F);
  out.bias.assign(channels * kAnchors, 0.0F);
  for (std::size_t anchor = 0; anchor < kAnchors; ++anchor) out.bias[anchor * channels + 4] = kNever;
  std::copy(detector.weights.begin(), detector.weights.end(),
            out.weights.begin() + static_cast<std::ptrdiff_t>(ours * detector.weights.size()));
  float* bias = &out.bias[ours * channels];
  std::copy(detector.bias.begin(), detector.bias.end(), bias);
  bias[2] += static_cast<float>(log_ratio(detector.anchor_width, kAnchorSizes[ours][0]));
  bias[3] += static_cast<float>(log_ratio(detector.anchor_height, kAnchorSizes[ours][1]));
  return out;
}

}  // namespace cvemu::exporting
