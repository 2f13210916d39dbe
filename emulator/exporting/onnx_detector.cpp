#include "exporting/onnx_detector.h"

#include "learning/detector.h"

namespace cvemu::exporting {

namespace {

using Ints = std::vector<std::int64_t>;
using learning::Geometry;

constexpr std::int64_t kHeadPadding = learning::kHeadSide / 2;

// Azure: General (compact) exports end in the raw cells of a YOLO head; the client decodes them.
std::string write_yolo(const learning::Detector& detector, Precision precision) {
  const learning::Shape shape = detector_shape(detector.geometry);
  const bool bgr = is_bgr(detector.geometry);
  OnnxGraph graph(onnx_type(precision));
  graph.image_input("data", onnx_type(precision), shape.input, true);
  onnx_filters(graph, shape, bgr, precision, "data");
  const Convolution head = yolo_head(detector);
  onnx_convolution(graph, head, "cells", "head", kHeadPadding);
  onnx_result(graph, "head", "model_outputs0", precision, {{0}, {head.outputs}, {shape.grid}, {shape.grid}});
  return graph.file(3, precision == Precision::Half ? 9 : 7, false, bgr, "cvemu_detector");
}

// Azure: [S1] exports decode and suppress inside the graph.
class DecodedGraph {
 public:
  DecodedGraph(const learning::Detector& detector, Precision precision)
      : detector_(detector), precision_(precision), graph_(onnx_type(precision)) {}

  std::string write() {
    const learning::Shape shape = detector_shape(detector_.geometry);
    graph_.image_input("image_tensor", onnx_type(precision_), shape.input, false);
    onnx_filters(graph_, shape, is_bgr(detector_.geometry), precision_, "image_tensor");
    onnx_convolution(graph_, plain_head(detector_), "cells", "head", kHeadPadding);
    split_head(shape.grid);
    decode_boxes(shape.grid);
    score();
    non_max_suppression();
    return graph_.file(6, 11, false, is_bgr(detector_.geometry), "cvemu_detector");
  }

 private:
  // [1, outputs, grid, grid] to [1, cells, 2] places, [1, cells, 2] sizes, objectness and classes.
  void split_head(std::int64_t grid) {
    const auto outputs = static_cast<std::int64_t>(detector_.bias.size());
    graph_.node("Transpose", {"head"}, {"head_last"}, {{"perm", Ints{0, 2, 3, 1}}});
    graph_.node("Reshape", {"head_last", graph_.int64s("head_shape", {3}, {1, grid * grid, outputs})},
                {"rows"});
    graph_.node("Split", {"rows"}, {"place", "size", "object", "classes"},
                {{"axis", std::int64_t{2}}, {"split", Ints{2, 2, 1, outputs - learning::kBoxOutputs}}});
  }

  void decode_boxes(std::int64_t grid) {
    std::vector<float> corners;
    for (std::int64_t cell = 0; cell < grid * grid; ++cell) {
      corners.push_back(static_cast<float>(cell % grid));
      corners.push_back(static_cast<float>(cell / grid));
    }
    const auto side = static_cast<float>(grid);
    graph_.node("Add", {"place", graph_.constants("corners", {1, grid * grid, 2}, corners)},
                {"centre_cells"});
    graph_.node("Mul", {"centre_cells", graph_.constants("cell", {1}, {1 / side})}, {"centre"});
    graph_.node("Exp", {"size"}, {"growth"});
    const std::string half = graph_.constants(
        "half_anchor", {1, 1, 2}, {detector_.anchor_width / side / 2, detector_.anchor_height / side / 2});
    graph_.node("Mul", {"growth", half}, {"half_size"});
    graph_.node("Sub", {"centre", "half_size"}, {"low"});
    graph_.node("Add", {"centre", "half_size"}, {"high"});
    graph_.node("Concat", {"low", "high"}, {"boxes"}, {{"axis", std::int64_t{2}}});
  }

  void score() {
    graph_.node("Sigmoid", {"object"}, {"objectness"});
    graph_.node("Softmax", {"classes"}, {"shares"}, {{"axis", std::int64_t{2}}});
    graph_.node("ReduceMax", {"shares"}, {"share"}, {{"axes", Ints{2}}, {"keepdims", std::int64_t{1}}});
    graph_.node("Mul", {"objectness", "share"}, {"score_column"});
    graph_.node("Transpose", {"score_column"}, {"scores"}, {{"perm", Ints{0, 2, 1}}});
    graph_.node("ArgMax", {"shares"}, {"labels"}, {{"axis", std::int64_t{2}}, {"keepdims", std::int64_t{0}}});
  }

  // Every row of NonMaxSuppression's answer is (batch, class, cell); only the cell matters.
  void non_max_suppression() {
    const std::string most =
        graph_.int64s("most", {1}, {static_cast<std::int64_t>(learning::kMaxDetections)});
    graph_.node("NonMaxSuppression",
                {"boxes", "scores", most, graph_.constants("overlap", {1}, {learning::kSuppressOverlap}),
                 graph_.constants("least", {1}, {learning::kMinProbability})},
                {"kept_rows"});
    graph_.node("Gather", {"kept_rows", graph_.int64s("cell_column", {}, {2})}, {"kept"},
                {{"axis", std::int64_t{1}}});
    graph_.node("Gather", {"boxes", "kept"}, {"kept_boxes"}, {{"axis", std::int64_t{1}}});
    graph_.node("Gather", {"labels", "kept"}, {"detected_classes"}, {{"axis", std::int64_t{1}}});
    graph_.node("Squeeze", {"score_column"}, {"score_row"}, {{"axes", Ints{2}}});
    graph_.node("Gather", {"score_row", "kept"}, {"kept_scores"}, {{"axis", std::int64_t{1}}});
    onnx_result(graph_, "kept_boxes", "detected_boxes", precision_, {{1}, {0}, {4}});
    graph_.output("detected_classes", OnnxType::Int64, {{1}, {0}});
    onnx_result(graph_, "kept_scores", "detected_scores", precision_, {{1}, {0}});
  }

  const learning::Detector& detector_;
  const Precision precision_;
  OnnxGraph graph_;
};

}  // namespace

std::string write_onnx(const learning::Detector& detector, Precision precision) {
  if (detector.geometry == Geometry::General) return write_yolo(detector, precision);
  return DecodedGraph(detector, precision).write();
}

}  // namespace cvemu::exporting
