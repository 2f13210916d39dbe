// The 64 fixed filters that look at every image: colours, brightness and edges, each minus a threshold.
// Written for this program, not trained. Convolved with 0..255 pixels and followed by ReLU.
#pragma once
#include <array>

#include "learning/model.h"

namespace cvemu::learning {

constexpr int kTaps = 27;  // 3 rows x 3 columns x (red, green, blue)

struct FilterBank {
  // [tap][filter], tap = (row * 3 + column) * 3 + channel; the factor 1/255 is inside.
  std::array<std::array<float, kFilters>, kTaps> weights;
  std::array<float, kFilters> bias;
};

const FilterBank& filter_bank();

}  // namespace cvemu::learning
