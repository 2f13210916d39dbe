// What training produces: small plain-float networks over a fixed, authored bank of 64 3x3 filters (filter_bank.h).
// Values only; exporting/ writes them as files, classifier.h and detector.h evaluate them.
#pragma once
#include <string>
#include <vector>

namespace cvemu::learning {

// Which of the service's compact architectures the model stands for; fixes the input size and the pooling.
enum class Geometry {
  General,  // classification 224x224, detection 416x416; exported input is BGR
  S1,       // classification 300x300, detection 320x320; exported input is RGB
};

enum class Link { Softmax, Sigmoid };  // Multiclass; Multilabel

constexpr int kFeatures = 128;  // average and maximum of each of the 64 filters
constexpr int kFilters = 64;

// probabilities = link(weights * features + bias); one row per label, in the order of `labels`
// (case-insensitive by name: the order of labels.txt).
struct Classifier {
  Geometry geometry = Geometry::General;
  Link link = Link::Softmax;
  std::vector<std::string> labels;
  std::vector<float> weights;  // labels x kFeatures, row-major
  std::vector<float> bias;     // labels
};

// One learned 5x5 convolution over the grid of filter responses: per cell tx, ty, tw, th, objectness, classes.
struct Detector {
  Geometry geometry = Geometry::General;
  std::vector<std::string> labels;
  std::vector<float> weights;  // (5 + labels) x kFilters x 5 x 5, row-major (output, filter, y, x)
  std::vector<float> bias;     // 5 + labels
  float anchor_width = 1, anchor_height = 1;  // in cells
};

}  // namespace cvemu::learning
