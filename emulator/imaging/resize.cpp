#include "imaging/resize.h"

#include <algorithm>

namespace cvemu::imaging {

namespace {

// One axis: target pixel i covers [i * from, (i + 1) * from) where source pixel j covers [j * to, (j + 1) *
// to).
struct Span {
  int first = 0;
  std::vector<std::uint32_t> weights;  // sum: from
};

std::vector<Span> make_spans(int from, int to) {
  std::vector<Span> spans;
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t begin = i * from, end = begin + from;
    Span& span = spans.emplace_back();
    span.first = static_cast<int>(begin / to);
    for (std::int64_t j = span.first; j * to < end; ++j) {
      span.weights.push_back(
          static_cast<std::uint32_t>(std::min(end, (j + 1) * to) - std::max(begin, j * to)));
    }
  }
  return spans;
}

void shrink_row(const std::uint8_t* row, const std::vector<Span>& columns, std::vector<std::uint32_t>& out) {
  std::uint32_t* to = out.data();
  for (const Span& span : columns) {
    const std::uint8_t* pixel = row + std::size_t(span.first) * 3;
    std::uint32_t r = 0, g = 0, b = 0;
    for (const std::uint32_t weight : span.weights) {
      r += weight * pixel[0];
      g += weight * pixel[1];
      b += weight * pixel[2];
      pixel += 3;
    }
    *to++ = r;
    *to++ = g;
    *to++ = b;
  }
}

}  // namespace

Image resize(const Image& image, int width, int height) {
  if (width == image.width && height == image.height) return image;
  const std::vector<Span> columns = make_spans(image.width, width);
  const std::vector<Span> rows = make_spans(image.height, height);
  const std::uint64_t area = std::uint64_t(image.width) * std::uint64_t(image.height);
  Image out(width, height);
  std::vector<std::uint32_t> row(std::size_t(width) * 3);
  std::vector<std::uint64_t> sums(row.size());
  int shrunk = -1;  // the source row that `row` holds
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), area / 2);
    const Span& span = rows[std::size_t(y)];
    for (std::size_t k = 0; k < span.weights.size(); ++k) {
      const int source = span.first + static_cast<int>(k);
      if (source != shrunk) shrink_row(image.at(0, source), columns, row);
      shrunk = source;
      for (std::size_t i = 0; i < row.size(); ++i) sums[i] += std::uint64_t{row[i]} * span.weights[k];
    }
    std::uint8_t* to = out.at(0, y);
    for (std::size_t i = 0; i < sums.size(); ++i) to[i] = static_cast<std::uint8_t>(sums[i] / area);
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
