#include "exporting/tensorflow_graph.h"

#include "exporting/protobuf_writer.h"

namespace cvemu::exporting {

using learning::Geometry;

namespace {

using Kind = TensorFlowAttribute::Kind;
using Ints = std::vector<std::int64_t>;

TensorFlowAttribute type_of(std::string name, TensorFlowType type) {
  return {std::move(name), Kind::Type, type, {}, {}};
}
TensorFlowAttribute text(std::string name, std::string value) {
  return {std::move(name), Kind::Text, {}, {}, std::move(value)};
}
TensorFlowAttribute ints(std::string name, Ints values) {
  return {std::move(name), Kind::Ints, {}, std::move(values), {}};
}

class Builder {
 public:
  std::string placeholder(const std::string& name, Ints shape) {
    graph_.input = name;
    graph_.input_shape = shape;
    return add(name, "Placeholder", {},
               {type_of("dtype", TensorFlowType::Float), {"shape", Kind::Shape, {}, shape, {}}});
  }

  std::string floats(const std::string& name, Ints shape, const std::vector<float>& values) {
    return constant(name, TensorFlowType::Float, std::move(shape), raw_floats(values));
  }
  std::string int32s(const std::string& name, Ints shape, const std::vector<std::int32_t>& values) {
    return constant(name, TensorFlowType::Int32, std::move(shape), raw_int32(values));
  }

  std::string pool(const std::string& name, const std::string& op, const std::string& from,
                   std::int64_t side) {
    return add(name, op, {from},
               {kFloat(), ints("ksize", {1, side, side, 1}), ints("strides", {1, side, side, 1}),
                text("padding", "VALID"), text("data_format", "NHWC")});
  }

  // Convolution and bias.
  std::string convolve(const std::string& name, const Convolution& c, const std::string& from, bool padded,
                       const std::string& bias_name) {
    const std::string weights =
        floats(name + "/weights", {c.side, c.side, c.inputs, c.outputs}, row_column_input_output(c));
    add(name, "Conv2D", {from, weights},
        {kFloat(), ints("strides", {1, 1, 1, 1}), ints("dilations", {1, 1, 1, 1}),
         text("padding", padded ? "SAME" : "VALID"), text("data_format", "NHWC")});
    return bias(bias_name, name, name + "/bias", c.bias);
  }

  std::string bias(const std::string& name, const std::string& from, const std::string& weights_name,
                   const std::vector<float>& values) {
    const std::string weights = floats(weights_name, {static_cast<std::int64_t>(values.size())}, values);
    return add(name, "BiasAdd", {from, weights}, {kFloat(), text("data_format", "NHWC")});
  }

  std::string add(const std::string& name, const std::string& op, std::vector<std::string> inputs,
                  std::vector<TensorFlowAttribute> attributes) {
    graph_.nodes.push_back({name, op, std::move(inputs), std::move(attributes)});
    return name;
  }

  std::string filtered(const learning::Shape& shape, bool bgr, const std::string& input) {
    graph_.bgr = bgr;
    pool("small", "AvgPool", input, shape.first_pool);
    convolve("filters", filters(bgr), "small", shape.padding > 0, "filters/biased");
    add("responses", "Relu", {"filters/biased"}, {kFloat()});
    return pool("cells", "AvgPool", "responses", shape.last_pool);
  }

  TensorFlowGraph finish(const std::string& output, Ints shape) {
    graph_.output = output;
    graph_.output_shape = std::move(shape);
    return std::move(graph_);
  }

  static TensorFlowAttribute kFloat() { return type_of("T", TensorFlowType::Float); }

 private:
  std::string constant(const std::string& name, TensorFlowType type, Ints shape, std::string raw) {
    return add(name, "Const", {},
               {type_of("dtype", type), {"value", Kind::Tensor, type, std::move(shape), std::move(raw)}});
  }
  TensorFlowGraph graph_;
};

ProtobufWriter shape_proto(const Ints& shape) {
  ProtobufWriter out;
  for (const std::int64_t size : shape) out.message(2, ProtobufWriter().integer(1, size));
  return out;
}

ProtobufWriter tensor_proto(const TensorFlowAttribute& a) {
  ProtobufWriter out;
  out.integer(1, static_cast<int>(a.type)).message(2, shape_proto(a.numbers));
  // A single number must stand in int_val: OpenCV's importer crashes on tensor_content there.
  if (a.numbers.empty()) return out.integers(7, Ints{static_cast<signed char>(a.text[0])});
  return out.bytes(4, a.text);
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

TensorFlowGraph tensorflow_graph(const learning::Classifier& classifier, const std::string& output) {
  const learning::Shape shape = classifier_shape(classifier.geometry);
  const bool general = classifier.geometry == Geometry::General;
  const auto labels = static_cast<std::int64_t>(classifier.labels.size());
  Builder b;
  const std::string input =
      b.placeholder(general ? "Placeholder" : "data", {-1, shape.input, shape.input, 3});
  b.filtered(shape, is_bgr(classifier.geometry), input);
  b.pool("average", "AvgPool", "cells", shape.grid);
  b.pool("maximum", "MaxPool", "cells", shape.grid);
  const std::string axis = b.int32s("axis", {}, {3});
  b.add("pools", "ConcatV2", {"average", "maximum", axis},
        {Builder::kFloat(), type_of("Tidx", TensorFlowType::Int32), {"N", Kind::Int, {}, {2}, {}}});
  const std::string flat = b.int32s("features/shape", {2}, {-1, learning::kFeatures});
  b.add("features", "Reshape", {"pools", flat},
        {Builder::kFloat(), type_of("Tshape", TensorFlowType::Int32)});

  const Convolution dense{static_cast<int>(labels), learning::kFeatures, 1, classifier.weights,
                          classifier.bias};
  const std::string weights =
      b.floats("fc/weights", {learning::kFeatures, labels}, row_column_input_output(dense));
  b.add("fc/MatMul", "MatMul", {"features", weights},
        {Builder::kFloat(),
         {"transpose_a", Kind::Flag, {}, {0}, {}},
         {"transpose_b", Kind::Flag, {}, {0}, {}}});
  b.bias("fc/fc", "fc/MatMul", "fc/bias", classifier.bias);
  b.add(output, classifier.link == learning::Link::Softmax ? "Softmax" : "Sigmoid", {"fc/fc"},
        {Builder::kFloat()});
  return b.finish(output, {-1, labels});
}

TensorFlowGraph tensorflow_graph(const learning::Detector& detector, const std::string& output) {
  const learning::Shape shape = detector_shape(detector.geometry);
  const Convolution head = yolo_head(detector);
  Builder b;
  const std::string input = b.placeholder("Placeholder", {-1, shape.input, shape.input, 3});
  b.filtered(shape, is_bgr(detector.geometry), input);
  b.convolve("head", head, "cells", true, output);
  return b.finish(output, {-1, shape.grid, shape.grid, head.outputs});
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
