// A TensorFlow graph: the nodes and, beside them, the constants, because TensorFlow.js keeps those apart.
// Field numbers are those of graph.proto.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporting/network.h"

namespace cvemu::exporting {

enum class TensorFlowType { Float = 1, Int32 = 3, Int64 = 9 };

struct TensorFlowAttribute {
  enum class Kind { Type, Shape, Text, Flag, Ints, Tensor, Int };
  std::string name;
  Kind kind = Kind::Type;
  TensorFlowType type = TensorFlowType::Float;  // Type, Tensor
  std::vector<std::int64_t> numbers;            // Shape (-1: any), Ints, Flag and Int (one)
  std::string text;                             // Text; Tensor: the raw little-endian values
};

struct TensorFlowNode {
  std::string name, op;
  std::vector<std::string> inputs;
  std::vector<TensorFlowAttribute> attributes;
};

struct TensorFlowTensor {
  std::string node;
  std::vector<std::int64_t> shape;  // -1: any
  TensorFlowType type = TensorFlowType::Float;
};

struct TensorFlowGraph {
  std::vector<TensorFlowNode> nodes;
  TensorFlowTensor input;
  std::vector<TensorFlowTensor> outputs;  // nothing may follow them
  bool bgr = true;
};

TensorFlowGraph classifier_graph(const learning::Classifier& classifier, const std::string& output);

// Azure: General (compact) ends in the cells of a YOLO head, whose clients decode it; [S1] decodes and
// suppresses in the graph.
TensorFlowGraph detector_graph(const learning::Detector& detector);
// The second form whatever the detector, and red first, as the public JavaScript client takes such graphs.
TensorFlowGraph decoded_detector_graph(const learning::Detector& detector);

std::string serialize(const TensorFlowGraph& graph);  // a GraphDef: the frozen graph

}  // namespace cvemu::exporting
