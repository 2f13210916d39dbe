#include "learning/proposals.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/resize.h"

namespace cvemu::learning {

namespace {

constexpr int kSide = 32;
constexpr float kDistinct = 12;  // a smaller difference from the edge colour is noise

using Map = std::array<float, kSide * kSide>;

bool is_edge(int cell) {
  const int x = cell % kSide, y = cell / kSide;
  return x == 0 || y == 0 || x == kSide - 1 || y == kSide - 1;
}

// How far each cell's colour is from the mean colour of the edge.
Map difference_from_edge(const imaging::Image& image) {
  const imaging::Image small = imaging::resize(image, kSide, kSide);
  float edge[3] = {};
  int cells = 0;
  for (int i = 0; i < kSide * kSide; ++i) {
    if (!is_edge(i)) continue;
    ++cells;
    for (int c = 0; c < 3; ++c) edge[c] += small.at(i % kSide, i / kSide)[c];
  }
  Map out{};
  for (int i = 0; i < kSide * kSide; ++i) {
    float sum = 0;
    for (int c = 0; c < 3; ++c) {
      const float d = small.at(i % kSide, i / kSide)[c] - edge[c] / static_cast<float>(cells);
      sum += d * d;
    }
    out[std::size_t(i)] = std::sqrt(sum);
  }
  return out;
}

struct Blob {
  int left = kSide, top = kSide, right = -1, bottom = -1, cells = 0;
  float sum = 0;

  void add(int cell, float value) {
    left = std::min(left, cell % kSide);
    right = std::max(right, cell % kSide);
    top = std::min(top, cell / kSide);
    bottom = std::max(bottom, cell / kSide);
    sum += value;
    ++cells;
  }
};

// The connected cells from `start` on whose value reaches `limit`; marks them as seen.
Blob flood(const Map& map, float limit, int start, std::array<bool, kSide * kSide>& seen) {
  Blob blob;
  std::vector<int> waiting{start};
  seen[std::size_t(start)] = true;
  const auto visit = [&](int cell) {
    if (seen[std::size_t(cell)] || map[std::size_t(cell)] < limit) return;
    seen[std::size_t(cell)] = true;
    waiting.push_back(cell);
  };
  while (!waiting.empty()) {
    const int cell = waiting.back();
    waiting.pop_back();
    blob.add(cell, map[std::size_t(cell)]);
    if (cell % kSide > 0) visit(cell - 1);
    if (cell % kSide < kSide - 1) visit(cell + 1);
    if (cell >= kSide) visit(cell - kSide);
    if (cell < kSide * (kSide - 1)) visit(cell + kSide);
  }
  return blob;
}

// Confident if it stands out and fills its box.
Detection proposal(const Blob& blob, float strongest) {
  const auto width = static_cast<float>(blob.right - blob.left + 1);
  const auto height = static_cast<float>(blob.bottom - blob.top + 1);
  const float contrast = blob.sum / static_cast<float>(blob.cells) / strongest;
  const float fill = static_cast<float>(blob.cells) / (width * height);
  return {{0, static_cast<float>(blob.left) / kSide, static_cast<float>(blob.top) / kSide, width / kSide,
           height / kSide},
          contrast * fill};
}

}  // namespace

std::vector<Detection> propose_regions(const imaging::Image& image, std::size_t most) {
  constexpr int kFewestCells = 4;
  const Map map = difference_from_edge(image);
  const float strongest = *std::max_element(map.begin(), map.end());
  std::vector<Detection> found;
  if (strongest < kDistinct) return found;
  for (const float part : {0.7F, 0.5F, 0.35F}) {
    std::array<bool, kSide * kSide> seen{};
    for (int cell = 0; cell < kSide * kSide; ++cell) {
      if (seen[std::size_t(cell)] || map[std::size_t(cell)] < part * strongest) continue;
      const Blob blob = flood(map, part * strongest, cell, seen);
      if (blob.cells >= kFewestCells) found.push_back(proposal(blob, strongest));
    }
  }
  return non_max_suppression(std::move(found), 0.5F, most);
}

}  // namespace cvemu::learning
