#include "imaging/resize.h"

#include <algorithm>

namespace cvemu::imaging {

namespace {

// One axis: target pixel i covers [i * from, (i + 1) * from) where source pixel j covers [j * to, (j + 1) *
// to).
struct Span {
  int first = 0;
  std::vector<float> weights;  // whole numbers; their sum is `from`
};

std::vector<Span> make_spans(int from, int to) {
  std::vector<Span> spans;
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t begin = i * from, end = begin + from;
    Span& span = spans.emplace_back();
    span.first = static_cast<int>(begin / to);
    for (std::int64_t j = span.first; j * to < end; ++j) {
      span.weights.push_back(static_cast<float>(std::min(end, (j + 1) * to) - std::max(begin, j * to)));
    }
  }
  return spans;
}

// Sums of whole numbers below 2^24 (255 times the height): exact in a float.
void add_row(std::vector<float>& sums, const std::uint8_t* row, float weight) {
  constexpr std::size_t kBlock = 16;  // a fixed count, so that every compiler makes vector code of it
  const std::size_t count = sums.size();
  std::size_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (std::size_t k = 0; k < kBlock; ++k) sums[i + k] += weight * row[i + k];
  }
  for (; i < count; ++i) sums[i] += weight * row[i];
}

// Sums below 2^53 and a quotient that is never within rounding of the next whole number: exact in a double.
void write_row(std::uint8_t* to, const std::vector<float>& sums, const std::vector<Span>& columns,
               double area) {
  for (const Span& span : columns) {
    const float* pixel = sums.data() + std::size_t(span.first) * 3;
    double rgb[3] = {};
    for (const double weight : span.weights) {
      for (int c = 0; c < 3; ++c) rgb[c] += weight * pixel[c];
      pixel += 3;
    }
    for (const double sum : rgb) *to++ = static_cast<std::uint8_t>(sum / area + 0.5);
  }
}

}  // namespace

Image resize(const Image& image, int width, int height) {
  if (width == image.width && height == image.height) return image;
  const std::vector<Span> columns = make_spans(image.width, width);
  const std::vector<Span> rows = make_spans(image.height, height);
  const double area = static_cast<double>(image.width) * image.height;
  Image out(width, height);
  std::vector<float> sums(std::size_t(image.width) * 3);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    const Span& span = rows[std::size_t(y)];
    for (std::size_t k = 0; k < span.weights.size(); ++k) {
      add_row(sums, image.at(0, span.first + static_cast<int>(k)), span.weights[k]);
    }
    write_row(out.at(0, y), sums, columns, area);
  }
  return out;
}

Image shrink_to_fit(const Image& image, int max_side) {
  const int longer = std::max(image.width, image.height);
  if (longer <= max_side) return image;
  const auto scaled = [&](int side) {
    const std::int64_t rounded = (std::int64_t{side} * max_side + longer / 2) / longer;
    return std::max(1, static_cast<int>(rounded));
  };
  return resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace cvemu::imaging
