// The models as every format sees them: convolutions and a dense layer with their weights in the order asked
// for.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "learning/model.h"

namespace cvemu::exporting {

using Model = std::variant<learning::Classifier, learning::Detector>;

struct File {
  std::string name;
  std::string bytes;
};

struct Convolution {
  int outputs = 0, inputs = 0, side = 0;
  std::vector<float> weights;  // output, row, column, input
  std::vector<float> bias;
};

std::vector<float> output_input_row_column(const Convolution& c);  // ONNX, Core ML, OpenVINO
std::vector<float> row_column_input_output(const Convolution& c);  // TensorFlow

// Azure: General (compact) exports take blue first, [S1] exports red first.
constexpr bool is_bgr(learning::Geometry geometry) {
  return geometry == learning::Geometry::General;
}

// The filter bank over 0..255 pixels (or 0..1, as OpenVINO's input).
enum class PixelRange { To255, To1 };
Convolution filters(bool bgr, PixelRange range = PixelRange::To255);

// The detector's learned convolution as it is: kBoxOutputs + labels channels.
Convolution plain_head(const learning::Detector& detector);

// The same among five anchors, as every public YOLO decoder expects it: anchor by anchor, kBoxOutputs +
// labels channels each. Ours takes the place of the nearest anchor; the others never find anything.
Convolution yolo_head(const learning::Detector& detector);

// Azure: the anchors of the public decoders, width and height in cells.
constexpr int kAnchors = 5;
constexpr float kAnchorSizes[kAnchors][2] = {
    {0.573F, 0.677F}, {1.87F, 2.06F}, {3.34F, 5.47F}, {7.88F, 3.53F}, {9.77F, 9.17F}};

}  // namespace cvemu::exporting
