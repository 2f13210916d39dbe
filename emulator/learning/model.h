// What training produces: small plain-float networks over a fixed, authored bank of 64 3x3 filters
// (filter_bank.h). Values only; exporting/ writes them as files, classifier.h and detector.h fit and evaluate
// them.
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

constexpr int kFilters = 64;
constexpr int kFeatures = 2 * kFilters;  // average and maximum of each filter
constexpr int kHeadSide = 5;             // of the detector's learned convolution
constexpr int kHeadInputs = kFilters * kHeadSide * kHeadSide;
constexpr int kBoxOutputs = 5;  // tx, ty, tw, th, objectness

// The layers before the learned one.
struct Shape {
  int input;       // side of the square image
  int first_pool;  // average of so many pixels each way
  int padding;     // of the filters
  int last_pool;   // average of so many filter responses each way
  int grid;        // side of the result
};

constexpr Shape classifier_shape(Geometry geometry) {
  return geometry == Geometry::General ? Shape{224, 4, 0, 3, 18} : Shape{300, 6, 0, 3, 16};
}
constexpr Shape detector_shape(Geometry geometry) {
  return geometry == Geometry::General ? Shape{416, 4, 1, 8, 13} : Shape{320, 4, 1, 8, 10};
}

// probabilities = link(weights * features + bias); one row per label, in the order of `labels`
// (case-insensitive by name: the order of labels.txt).
struct Classifier {
  Geometry geometry = Geometry::General;
  Link link = Link::Softmax;
  std::vector<std::string> labels;
  std::vector<float> weights;  // labels x kFeatures, row-major
  std::vector<float> bias;     // labels
};

// One learned 5x5 convolution over the grid of filter responses: per cell tx, ty, tw, th, objectness,
// classes.
struct Detector {
  Geometry geometry = Geometry::General;
  std::vector<std::string> labels;
  std::vector<float> weights;  // (kBoxOutputs + labels) x 5 x 5 x kFilters, row-major (output, y, x, filter)
  std::vector<float> bias;     // kBoxOutputs + labels
  float anchor_width = 1;      // in cells
  float anchor_height = 1;
};

// The order of labels.txt. Azure: by name without regard to case (78 of 80 public exports).
bool label_less(const std::string& a, const std::string& b);

}  // namespace cvemu::learning
