// A TensorFlow graph: the nodes and, beside them, the constants, because TensorFlow.js keeps those apart.
// Field numbers are those of graph.proto.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporting/network.h"

namespace cvemu::exporting {

enum class TensorFlowType { Float = 1, Int32 = 3 };

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

struct TensorFlowGraph {
  std::vector<TensorFlowNode> nodes;
  std::string input, output;  // names of nodes; nothing may follow the output
  std::vector<std::int64_t> input_shape, output_shape;
  bool bgr = true;
};

TensorFlowGraph tensorflow_graph(const learning::Classifier& classifier, const std::string& output);
TensorFlowGraph tensorflow_graph(const learning::Detector& detector, const std::string& output);

std::string serialize(const TensorFlowGraph& graph);  // a GraphDef: the frozen graph

}  // namespace cvemu::exporting
