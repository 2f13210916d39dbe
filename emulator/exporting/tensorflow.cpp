#include "exporting/tensorflow.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "exporting/protobuf_writer.h"
#include "exporting/tensorflow_graph.h"

namespace cvemu::exporting {

using learning::Geometry;

namespace {

using Kind = TensorFlowAttribute::Kind;

TensorFlowGraph frozen_graph(const Model& model) {
  if (const auto* detector = std::get_if<learning::Detector>(&model)) return detector_graph(*detector);
  const auto& classifier = std::get<learning::Classifier>(model);
  return classifier_graph(classifier, classifier.geometry == Geometry::General ? "loss" : "model_output");
}

// Azure: a classifier's output is "model_outputs" here where the frozen graph has "loss".
// Emulator: detectors are always decoded in the graph. The service leaves the cells of General (compact) to
// the public client, but that confines a box's centre to the cell that found it, and would move half of our
// boxes.
TensorFlowGraph js_graph(const Model& model) {
  if (const auto* detector = std::get_if<learning::Detector>(&model))
    return decoded_detector_graph(*detector);
  const auto& classifier = std::get<learning::Classifier>(model);
  return classifier_graph(classifier,
                          classifier.geometry == Geometry::General ? "model_outputs" : "model_output");
}

ProtobufWriter tensor_info(const TensorFlowTensor& tensor) {
  ProtobufWriter dimensions;
  for (const std::int64_t size : tensor.shape) dimensions.message(2, ProtobufWriter().integer(1, size));
  const int type = static_cast<int>(tensor.type);
  return ProtobufWriter().bytes(1, tensor.node + ":0").integer(2, type).message(3, dimensions);
}

const char* type_name(TensorFlowType type) {
  switch (type) {
    case TensorFlowType::Float:
      return "DT_FLOAT";
    case TensorFlowType::Int32:
      return "DT_INT32";
    case TensorFlowType::Int64:
      return "DT_INT64";
  }
  return "DT_INVALID";
}

// proto3's JSON: 64-bit numbers as strings, bytes in base64.
void write_shape(JsonWriter& json, const std::vector<std::int64_t>& shape) {
  json.begin_object().key("dim").begin_array();
  for (const std::int64_t size : shape) json.begin_object().field("size", std::to_string(size)).end_object();
  json.end_array().end_object();
}

void write_attribute(JsonWriter& json, const TensorFlowAttribute& a) {
  json.key(a.name).begin_object();
  switch (a.kind) {
    case Kind::Type:
      json.field("type", type_name(a.type));
      break;
    case Kind::Shape:
      write_shape(json.key("shape"), a.numbers);
      break;
    case Kind::Text:
      json.field("s", base64_encode(a.text));
      break;
    case Kind::Flag:
      json.field("b", a.numbers.front() != 0);
      break;
    case Kind::Int:
      json.field("i", std::to_string(a.numbers.front()));
      break;
    case Kind::Ints:
      json.key("list").begin_object().key("i").begin_array();
      for (const std::int64_t value : a.numbers) json.string(std::to_string(value));
      json.end_array().end_object();
      break;
    case Kind::Tensor:  // its values stand in weights.bin
      json.key("tensor").begin_object().field("dtype", type_name(a.type));
      write_shape(json.key("tensorShape"), a.numbers);
      json.end_object();
      break;
  }
  json.end_object();
}

void write_node(JsonWriter& json, const TensorFlowNode& node) {
  json.begin_object().field("name", node.name).field("op", node.op);
  if (!node.inputs.empty()) {
    json.key("input").begin_array();
    for (const std::string& input : node.inputs) json.string(input);
    json.end_array();
  }
  json.key("attr").begin_object();
  for (const TensorFlowAttribute& a : node.attributes) write_attribute(json, a);
  json.end_object().end_object();
}

// The manifest of weights.bin and, in the same order, its bytes.
std::string write_weights(JsonWriter& json, const TensorFlowGraph& graph) {
  std::string bytes;
  json.key("weightsManifest").begin_array().begin_object();
  json.key("paths").begin_array().string("weights.bin").end_array();
  json.key("weights").begin_array();
  for (const TensorFlowNode& node : graph.nodes) {
    if (node.op != "Const") continue;
    const TensorFlowAttribute& value = node.attributes.back();
    json.begin_object().field("name", node.name).key("shape").begin_array();
    for (const std::int64_t size : value.numbers) json.integer(size);
    json.end_array().field("dtype", value.type == TensorFlowType::Float ? "float32" : "int32").end_object();
    bytes += value.text;
  }
  json.end_array().end_object().end_array();
  return bytes;
}

}  // namespace

std::string write_frozen_graph(const Model& model) {
  return serialize(frozen_graph(model));
}

std::string write_saved_model(const Model& model) {
  const TensorFlowGraph graph = frozen_graph(model);
  ProtobufWriter info, signature, meta_graph;
  info.bytes(4, "serve").bytes(5, "1.15.0");
  signature.entry(1, graph.input.node, tensor_info(graph.input));
  for (const TensorFlowTensor& output : graph.outputs) signature.entry(2, output.node, tensor_info(output));
  signature.bytes(3, "tensorflow/serving/predict");
  meta_graph.message(1, info).bytes(2, serialize(graph)).entry(5, "serving_default", signature);
  return ProtobufWriter().integer(1, 1).message(2, meta_graph).text();
}

std::vector<File> write_tensorflow_js(const Model& model) {
  const TensorFlowGraph graph = js_graph(model);
  JsonWriter json;
  json.begin_object().field("format", "graph-model").field("generatedBy", "cvemu").null_field("convertedBy");
  // Azure: without this the public library takes the colours as blue first.
  if (!graph.bgr) {
    json.key("userDefinedMetadata").begin_object().field("Image.BitmapPixelFormat", "Rgb8").end_object();
  }
  json.key("modelTopology").begin_object().key("node").begin_array();
  for (const TensorFlowNode& node : graph.nodes) write_node(json, node);
  json.end_array().key("versions").begin_object().field("producer", 27).end_object().end_object();
  std::string weights = write_weights(json, graph);
  json.end_object();
  return {{"model.json", json.take()}, {"weights.bin", std::move(weights)}};
}

}  // namespace cvemu::exporting
