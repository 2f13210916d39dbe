// What a model sees of an image. Computed once, at upload; training and prediction never decode again.
// Pure functions; any thread.
#pragma once
#include <array>
#include <vector>

#include "imaging/image.h"
#include "learning/model.h"

namespace cvemu::learning {

// Average of the 64 filters, then the maximum of each.
using Features = std::array<float, kFeatures>;

// The whole image stretched to the model's input.
Features classifier_features(const imaging::Image& image, Geometry geometry);

// grid x grid x kFilters filter responses, row by row.
using Cells = std::vector<float>;
Cells detector_cells(const imaging::Image& image, Geometry geometry);

}  // namespace cvemu::learning
