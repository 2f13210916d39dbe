#include "exporting/tensorflow_builder.h"
#include "learning/detector.h"

namespace cvemu::exporting {

namespace {

using Build = TensorFlowBuilder;
using learning::Detector;

TensorFlowGraph cells_graph(const Detector& detector) {
  const learning::Shape shape = detector_shape(detector.geometry);
  const Convolution head = yolo_head(detector);
  Build b;
  const std::string input = b.placeholder("Placeholder", {-1, shape.input, shape.input, 3});
  b.filtered(shape, is_bgr(detector.geometry), input);
  b.convolve("head", head, "cells", true, "model_outputs");
  return b.finish({{"model_outputs", {-1, shape.grid, shape.grid, head.outputs}}});
}

// Columns [first, first + count) of the rows of cells.
std::string columns(Build& b, const std::string& name, std::int32_t first, std::int32_t count) {
  const std::string begin = b.int32s(name + "/begin", {2}, {0, first});
  const std::string size = b.int32s(name + "/size", {2}, {-1, count});
  return b.add(name, "Slice", {"rows", begin, size}, {Build::type("Index", TensorFlowType::Int32)});
}

void decode_boxes(Build& b, const Detector& detector, int grid) {
  std::vector<float> corners;
  for (int cell = 0; cell < grid * grid; ++cell) {
    corners.push_back(static_cast<float>(cell % grid));
    corners.push_back(static_cast<float>(cell / grid));
  }
  const auto side = static_cast<float>(grid);
  b.add("centre_cells", "AddV2", {columns(b, "place", 0, 2), b.floats("corners", {grid * grid, 2}, corners)});
  b.add("centre", "Mul", {"centre_cells", b.floats("cell", {1}, {1 / side})});
  b.add("growth", "Exp", {columns(b, "size", 2, 2)});
  b.add("half_size", "Mul",
        {"growth", b.floats("half_anchor", {1, 2},
                            {detector.anchor_width / side / 2, detector.anchor_height / side / 2})});
  b.add("low", "Sub", {"centre", "half_size"});
  b.add("high", "AddV2", {"centre", "half_size"});
  b.concat("boxes", "low", "high", 1);
}

void score(Build& b, const Detector& detector) {
  const auto labels = static_cast<std::int32_t>(detector.labels.size());
  b.add("objectness", "Sigmoid", {columns(b, "object", 4, 1)});
  b.add("shares", "Softmax", {columns(b, "classes", learning::kBoxOutputs, labels)});
  b.add("share", "Max", {"shares", b.int32s("share/axis", {1}, {1})},
        {Build::type("Tidx", TensorFlowType::Int32), Build::flag("keep_dims", true)});
  b.add("score_column", "Mul", {"objectness", "share"});
  b.reshape("scores", "score_column", {-1});
  b.add("labels", "ArgMax", {"shares", b.int32s("labels/axis", {}, {1})},
        {Build::type("Tidx", TensorFlowType::Int32), Build::type("output_type", TensorFlowType::Int64)});
}

void non_max_suppression(Build& b) {
  b.add("kept", "NonMaxSuppressionV3",
        {"boxes", "scores", b.int32s("most", {}, {static_cast<std::int32_t>(learning::kMaxDetections)}),
         b.floats("overlap", {}, {learning::kSuppressOverlap}),
         b.floats("least", {}, {learning::kMinProbability})},
        {Build::type("T_threshold", TensorFlowType::Float)});
}

}  // namespace

TensorFlowGraph decoded_detector_graph(const Detector& detector) {
  const learning::Shape shape = detector_shape(detector.geometry);
  Build b;
  const std::string input = b.placeholder("image_tensor", {-1, shape.input, shape.input, 3});
  b.filtered(shape, false, input);
  b.convolve("head", plain_head(detector), "cells", true, "head/biased");
  b.reshape("rows", "head/biased", {-1, static_cast<std::int32_t>(detector.bias.size())});
  decode_boxes(b, detector, shape.grid);
  score(b, detector);
  non_max_suppression(b);
  b.gather("detected_boxes", "boxes", "kept", TensorFlowType::Float);
  b.gather("detected_scores", "scores", "kept", TensorFlowType::Float);
  b.gather("detected_classes", "labels", "kept", TensorFlowType::Int64);
  return b.finish({{"detected_boxes", {-1, 4}},
                   {"detected_scores", {-1}},
                   {"detected_classes", {-1}, TensorFlowType::Int64}});
}

TensorFlowGraph detector_graph(const Detector& detector) {
  return detector.geometry == learning::Geometry::General ? cells_graph(detector)
                                                          : decoded_detector_graph(detector);
}

}  // namespace cvemu::exporting
