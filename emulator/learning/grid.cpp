#include "learning/grid.h"

#include <algorithm>

namespace cvemu::learning {

PaddedGrid::PaddedGrid(const Cells& cells, int side)
    : side_(side), values_(std::size_t((side + 2 * kBorder) * (side + 2 * kBorder) * kFilters)) {
  const std::size_t row = std::size_t(side) * kFilters;
  for (int y = 0; y < side; ++y) {
    const std::size_t to = std::size_t((y + kBorder) * (side + 2 * kBorder) + kBorder) * kFilters;
    std::copy_n(cells.begin() + y * side * kFilters, row, values_.begin() + static_cast<std::ptrdiff_t>(to));
  }
}

const float* PaddedGrid::strip(int column, int row, int y) const {
  return &values_[std::size_t((row + y) * (side_ + 2 * kBorder) + column) * kFilters];
}

void PaddedGrid::copy_patch(int column, int row, float* to) const {
  for (int y = 0; y < kHeadSide; ++y, to += kStrip) std::copy_n(strip(column, row, y), kStrip, to);
}

float PaddedGrid::product(const float* weights, int column, int row) const {
  float sum = 0;
  for (int y = 0; y < kHeadSide; ++y, weights += kStrip) sum += dot(weights, strip(column, row, y), kStrip);
  return sum;
}

Matrix patches(const std::vector<PaddedGrid>& grids, const std::vector<CellPlace>& places) {
  Matrix out(places.size(), kHeadInputs);
  for (std::size_t i = 0; i < places.size(); ++i) {
    grids[places[i].sample].copy_patch(places[i].column, places[i].row, out.row(i));
  }
  return out;
}

}  // namespace cvemu::learning
