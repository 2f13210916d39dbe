#include "exporting/onnx.h"

#include "exporting/onnx_detector.h"
#include "exporting/onnx_graph.h"

namespace cvemu::exporting {

using learning::Geometry;

namespace {

using Ints = std::vector<std::int64_t>;

std::vector<OnnxAttribute> window(int side) {
  return {{"kernel_shape", Ints{side, side}}, {"strides", Ints{side, side}}};
}

}  // namespace

OnnxType onnx_type(Precision precision) {
  return precision == Precision::Half ? OnnxType::Float16 : OnnxType::Float;
}

std::string onnx_convolution(OnnxGraph& graph, const Convolution& c, const std::string& input,
                             const std::string& output, int padding) {
  const std::string weights =
      graph.floats(output + "_weights", {c.outputs, c.inputs, c.side, c.side}, output_input_row_column(c));
  const std::string bias = graph.floats(output + "_bias", {c.outputs}, c.bias);
  graph.node("Conv", {input, weights, bias}, {output},
             {{"kernel_shape", Ints{c.side, c.side}}, {"pads", Ints{padding, padding, padding, padding}}});
  return output;
}

std::string onnx_filters(OnnxGraph& graph, const learning::Shape& shape, bool bgr, Precision precision,
                         const std::string& input) {
  std::string image = input;
  if (precision == Precision::Half) {
    graph.node("Cast", {input}, {"image"}, {{"to", std::int64_t{1}}});
    image = "image";
  }
  graph.node("AveragePool", {image}, {"small"}, window(shape.first_pool));
  onnx_convolution(graph, filters(bgr), "small", "filters", shape.padding);
  graph.node("Relu", {"filters"}, {"responses"});
  graph.node("AveragePool", {"responses"}, {"cells"}, window(shape.last_pool));
  return "cells";
}

void onnx_result(OnnxGraph& graph, const std::string& from, const std::string& name, Precision precision,
                 const std::vector<OnnxDimension>& shape) {
  const auto type = static_cast<std::int64_t>(onnx_type(precision));
  precision == Precision::Half ? graph.node("Cast", {from}, {name}, {{"to", type}})
                               : graph.node("Identity", {from}, {name});
  graph.output(name, onnx_type(precision), shape);
}

std::string write_onnx(const learning::Classifier& classifier, Precision precision) {
  const bool general = classifier.geometry == Geometry::General;
  const learning::Shape shape = classifier_shape(classifier.geometry);
  const auto labels = static_cast<std::int64_t>(classifier.labels.size());
  OnnxGraph graph(onnx_type(precision));
  graph.image_input("data", onnx_type(precision), shape.input, general);
  onnx_filters(graph, shape, is_bgr(classifier.geometry), precision, "data");
  graph.node("AveragePool", {"cells"}, {"average"}, window(shape.grid));
  graph.node("MaxPool", {"cells"}, {"maximum"}, window(shape.grid));
  graph.node("Concat", {"average", "maximum"}, {"pools"}, {{"axis", std::int64_t{1}}});
  graph.node("Flatten", {"pools"}, {"features"}, {{"axis", std::int64_t{1}}});
  const std::string weights = graph.floats("weights", {labels, learning::kFeatures}, classifier.weights);
  const std::string bias = graph.floats("bias", {labels}, classifier.bias);
  graph.node("Gemm", {"features", weights, bias}, {"scores"}, {{"transB", std::int64_t{1}}});

  const std::string probabilities = general ? "loss1" : "probabilities";
  if (classifier.link == learning::Link::Softmax) {
    graph.node("Softmax", {"scores"}, {probabilities}, {{"axis", std::int64_t{1}}});
  } else {
    graph.node("Sigmoid", {"scores"}, {probabilities});
  }
  if (general) {
    graph.node("ArgMax", {"loss1"}, {"best"}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{1}}});
    graph.node("LabelEncoder", {"best"}, {"classLabel"}, {{"classes_strings", classifier.labels}},
               "ai.onnx.ml");
    graph.node("ZipMap", {"loss1"}, {"loss"}, {{"classlabels_strings", classifier.labels}}, "ai.onnx.ml");
    graph.output("classLabel", OnnxType::String, {{0}, {1}});
    graph.map_output("loss");
  } else {
    onnx_result(graph, probabilities, "model_output", precision, {{1}, {labels}});
  }
  return graph.file(3, precision == Precision::Half ? 9 : 7, general, is_bgr(classifier.geometry),
                    "cvemu_classifier");
}

}  // namespace cvemu::exporting
