#include "exporting/tensorflow_graph.h"

#include "exporting/protobuf_writer.h"
#include "exporting/tensorflow_builder.h"

namespace cvemu::exporting {

namespace {

using Kind = TensorFlowAttribute::Kind;
using Build = TensorFlowBuilder;

ProtobufWriter shape_proto(const std::vector<std::int64_t>& shape) {
  ProtobufWriter out;
  for (const std::int64_t size : shape) out.message(2, ProtobufWriter().integer(1, size));
  return out;
}

ProtobufWriter tensor_proto(const TensorFlowAttribute& a) {
  ProtobufWriter out;
  out.integer(1, static_cast<int>(a.type)).message(2, shape_proto(a.numbers));
  if (!a.numbers.empty()) return out.bytes(4, a.text);
  // A single number must stand in its own field: OpenCV's importer crashes on tensor_content there.
  if (a.type == TensorFlowType::Float) return out.bytes(5, a.text);
  return out.integers(7, std::vector<std::int64_t>{static_cast<unsigned char>(a.text[0])});
}

ProtobufWriter attribute_proto(const TensorFlowAttribute& a) {
  ProtobufWriter out;
  switch (a.kind) {
    case Kind::Type:
      return out.integer(6, static_cast<int>(a.type));
    case Kind::Shape:
      return out.message(7, shape_proto(a.numbers));
    case Kind::Text:
      return out.bytes(2, a.text);
    case Kind::Flag:
      return out.integer(5, a.numbers.front());
    case Kind::Int:
      return out.integer(3, a.numbers.front());
    case Kind::Ints:
      return out.message(1, ProtobufWriter().integers(3, a.numbers));
    case Kind::Tensor:
      return out.message(8, tensor_proto(a));
  }
  return out;
}

}  // namespace

TensorFlowGraph classifier_graph(const learning::Classifier& classifier, const std::string& output) {
  const learning::Shape shape = classifier_shape(classifier.geometry);
  const bool general = classifier.geometry == learning::Geometry::General;
  const auto labels = static_cast<std::int64_t>(classifier.labels.size());
  Build b;
  const std::string input =
      b.placeholder(general ? "Placeholder" : "data", {-1, shape.input, shape.input, 3});
  b.filtered(shape, is_bgr(classifier.geometry), input);
  b.pool("average", "AvgPool", "cells", shape.grid);
  b.pool("maximum", "MaxPool", "cells", shape.grid);
  b.concat("pools", "average", "maximum", 3);
  b.reshape("features", "pools", {-1, learning::kFeatures});
  const Convolution dense{static_cast<int>(labels), learning::kFeatures, 1, classifier.weights,
                          classifier.bias};
  const std::string weights =
      b.floats("fc/weights", {learning::kFeatures, labels}, row_column_input_output(dense));
  b.add("fc/MatMul", "MatMul", {"features", weights},
        {Build::flag("transpose_a", false), Build::flag("transpose_b", false)});
  b.bias("fc/fc", "fc/MatMul", "fc/bias", classifier.bias);
  b.add(output, classifier.link == learning::Link::Softmax ? "Softmax" : "Sigmoid", {"fc/fc"});
  return b.finish({{output, {-1, labels}}});
}

std::string serialize(const TensorFlowGraph& graph) {
  ProtobufWriter out;
  for (const TensorFlowNode& node : graph.nodes) {
    ProtobufWriter proto;
    proto.bytes(1, node.name).bytes(2, node.op);
    for (const std::string& input : node.inputs) proto.bytes(3, input);
    for (const TensorFlowAttribute& a : node.attributes) proto.entry(5, a.name, attribute_proto(a));
    out.message(1, proto);
  }
  constexpr int kProducer = 27;  // TensorFlow 1.12 and later
  return out.message(4, ProtobufWriter().integer(1, kProducer)).text();
}

}  // namespace cvemu::exporting
