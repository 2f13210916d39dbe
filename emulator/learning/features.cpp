#include "learning/features.h"

#include <algorithm>

#include "imaging/resize.h"
#include "learning/filter_bank.h"
#include "learning/float4.h"

namespace cvemu::learning {

namespace {

using Responses = std::array<float, kFilters>;

// The image after the first average pooling; zero outside, as convolutions pad.
class Pooled {
 public:
  Pooled(const imaging::Image& image, int pool)
      : side_(image.width / pool), values_(std::size_t(side_ * side_ * 3)) {
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x) average(image, x, y, pool);
    }
  }

  const float* at(int x, int y) const {
    static constexpr float kOutside[3] = {};
    if (x < 0 || y < 0 || x >= side_ || y >= side_) return kOutside;
    return &values_[index(x, y)];
  }

 private:
  std::size_t index(int x, int y) const { return std::size_t((y * side_ + x) * 3); }

  void average(const imaging::Image& image, int x, int y, int pool) {
    int sums[3] = {};
    for (int dy = 0; dy < pool; ++dy) {
      const std::uint8_t* pixel = image.at(x * pool, y * pool + dy);
      for (int i = 0; i < pool * 3; ++i) sums[i % 3] += pixel[i];
    }
    for (std::size_t c = 0; c < 3; ++c) {
      values_[index(x, y) + c] = static_cast<float>(sums[c]) / static_cast<float>(pool * pool);
    }
  }

  int side_;
  std::vector<float> values_;
};

// The pixels under a filter, in the order of the taps.
std::array<float, kTaps> window(const Pooled& pooled, int left, int top) {
  std::array<float, kTaps> out;
  std::size_t tap = 0;
  for (int y = top; y < top + 3; ++y) {
    for (int x = left; x < left + 3; ++x, tap += 3) std::copy_n(pooled.at(x, y), 3, &out[tap]);
  }
  return out;
}

void add_positive(float* to, Float4 value) {
  store_float4(to, load_float4(to) + (value > 0 ? value : Float4{}));
}

// Sixteen filters at a time, so that their sums stay in registers.
void add_filters(const std::array<float, kTaps>& pixels, Responses& sum) {
  const FilterBank& bank = filter_bank();
  for (std::size_t first = 0; first < kFilters; first += 16) {
    const float* bias = &bank.bias[first];
    Float4 a = load_float4(bias), b = load_float4(bias + 4), c = load_float4(bias + 8),
           d = load_float4(bias + 12);
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      const float* weights = &bank.weights[tap][first];
      a += pixels[tap] * load_float4(weights);
      b += pixels[tap] * load_float4(weights + 4);
      c += pixels[tap] * load_float4(weights + 8);
      d += pixels[tap] * load_float4(weights + 12);
    }
    add_positive(&sum[first], a);
    add_positive(&sum[first + 4], b);
    add_positive(&sum[first + 8], c);
    add_positive(&sum[first + 12], d);
  }
}

// One cell of the last average pooling.
Responses cell(const Pooled& pooled, const Shape& shape, int column, int row) {
  Responses sum{};
  const int left = column * shape.last_pool - shape.padding;
  const int top = row * shape.last_pool - shape.padding;
  for (int y = 0; y < shape.last_pool; ++y) {
    for (int x = 0; x < shape.last_pool; ++x) add_filters(window(pooled, left + x, top + y), sum);
  }
  for (float& value : sum) value /= static_cast<float>(shape.last_pool * shape.last_pool);
  return sum;
}

template <class Use>
void for_each_cell(const imaging::Image& image, const Shape& shape, Use use) {
  const Pooled pooled(imaging::resize(image, shape.input, shape.input), shape.first_pool);
  for (int row = 0; row < shape.grid; ++row) {
    for (int column = 0; column < shape.grid; ++column) use(cell(pooled, shape, column, row));
  }
}

}  // namespace

Features classifier_features(const imaging::Image& image, Geometry geometry) {
  const Shape shape = classifier_shape(geometry);
  Features out{};
  for_each_cell(image, shape, [&](const Responses& responses) {
    for (std::size_t f = 0; f < kFilters; ++f) {
      out[f] += responses[f];
      out[kFilters + f] = std::max(out[kFilters + f], responses[f]);
    }
  });
  for (std::size_t f = 0; f < kFilters; ++f) out[f] /= static_cast<float>(shape.grid * shape.grid);
  return out;
}

Cells detector_cells(const imaging::Image& image, Geometry geometry) {
  Cells out;
  for_each_cell(image, detector_shape(geometry), [&](const Responses& responses) {
    out.insert(out.end(), responses.begin(), responses.end());
  });
  return out;
}

}  // namespace cvemu::learning
