// The neighbourhoods that the detector's learned convolution sees.
#pragma once
#include "learning/features.h"
#include "learning/linear.h"

namespace cvemu::learning {

// A grid of filter responses with two cells of zeros around it.
class PaddedGrid {
 public:
  PaddedGrid(const Cells& cells, int side);
  int side() const { return side_; }
  // kHeadInputs values: five rows of five cells around a cell.
  void copy_patch(int column, int row, float* to) const;
  float product(const float* weights, int column, int row) const;

 private:
  static constexpr int kBorder = kHeadSide / 2;
  static constexpr std::size_t kStrip = std::size_t(kHeadSide) * kFilters;  // one row of a patch
  const float* strip(int column, int row, int y) const;
  int side_;
  std::vector<float> values_;
};

// One cell of one sample.
struct CellPlace {
  std::size_t sample = 0;
  int column = 0, row = 0;
};

Matrix patches(const std::vector<PaddedGrid>& grids, const std::vector<CellPlace>& places);

// At most `count` of the values, evenly spaced.
template <class T>
std::vector<T> subsampled(const std::vector<T>& values, std::size_t count) {
  if (values.size() <= count) return values;
  std::vector<T> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(values[i * values.size() / count]);
  return out;
}

}  // namespace cvemu::learning
