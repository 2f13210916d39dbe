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

// Sums of whole numbers below 2^24 (255 times the height): exact in a float. Blocks of a fixed size with a
// place of their own, which nothing else can point to: so every compiler makes vector code of them.
void add_row(std::vector<float>& sums, const std::uint8_t* row, float weight) {
  constexpr std::size_t kBlock = 16;
  float* sum = sums.data();
  const float* const end = sum + sums.size();
  for (; end - sum >= std::ptrdiff_t(kBlock); sum += kBlock, row += kBlock) {
    float block[kBlock];
    for (std::size_t k = 0; k < kBlock; ++k) block[k] = row[k];
    for (std::size_t k = 0; k < kBlock; ++k) sum[k] += weight * block[k];
  }
  while (sum != end) *sum++ += weight * *row++;
}

// Sums below 2^53 are exact in a double. A quotient that is no whole number and a half lies at least 1 / (2 *
// area) from one; kTie is less than that (decode.h limits the area) and more than the rounding of the
// product: so halves go up, and nothing else changes sides, as if it had been divided.
void write_row(std::uint8_t* to, const std::vector<float>& sums, const std::vector<Span>& columns,
               double area) {
  constexpr double kTie = 1e-9;
  const double per_area = 1 / area;
  const auto rounded = [&](double sum) {
    return static_cast<std::uint8_t>(static_cast<int>(sum * per_area + (0.5 + kTie)));
  };
  for (const Span& span : columns) {
    const float* pixel = sums.data() + std::size_t(span.first) * 3;
    double red = 0, green = 0, blue = 0;
    for (const double weight : span.weights) {
      red += weight * pixel[0];
      green += weight * pixel[1];
      blue += weight * pixel[2];
      pixel += 3;
    }
    to[0] = rounded(red);
    to[1] = rounded(green);
    to[2] = rounded(blue);
    to += 3;
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
