#include "exporting/onnx_graph.h"

namespace cvemu::exporting {

namespace {

// What the numbers below belong to.
namespace attribute {
enum { kName = 1, kInt = 3, kInts = 8, kStrings = 9, kType = 20 };
enum { kTypeInt = 2, kTypeInts = 7, kTypeStrings = 8 };
}  // namespace attribute
namespace graph {
enum { kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12 };
}  // namespace graph
namespace model {
enum { kIrVersion = 1, kProducer = 2, kProducerVersion = 3, kGraph = 7, kOpset = 8, kMetadata = 14 };
}  // namespace model

std::int64_t number(OnnxType type) {
  return static_cast<std::int64_t>(type);
}

ProtobufWriter tensor_type(OnnxType type, const std::vector<OnnxDimension>& dimensions) {
  ProtobufWriter shape;
  for (const OnnxDimension& d : dimensions) {
    ProtobufWriter dimension;
    d.size > 0 ? dimension.integer(1, d.size) : dimension.bytes(2, "None");
    if (!d.denotation.empty()) dimension.bytes(3, d.denotation);
    shape.message(1, dimension);
  }
  return ProtobufWriter().message(1, ProtobufWriter().integer(1, number(type)).message(2, shape));
}

ProtobufWriter value_info(std::string_view name, const ProtobufWriter& type) {
  return ProtobufWriter().bytes(1, name).message(2, type);
}

ProtobufWriter metadata(std::string_view key, std::string_view value) {
  return ProtobufWriter().bytes(1, key).bytes(2, value);
}

}  // namespace

OnnxAttribute::OnnxAttribute(std::string_view name, std::int64_t value) {
  proto_.bytes(attribute::kName, name).integer(attribute::kInt, value);
  proto_.integer(attribute::kType, attribute::kTypeInt);
}

OnnxAttribute::OnnxAttribute(std::string_view name, const std::vector<std::int64_t>& values) {
  proto_.bytes(attribute::kName, name);
  for (const std::int64_t value : values) proto_.integer(attribute::kInts, value);
  proto_.integer(attribute::kType, attribute::kTypeInts);
}

OnnxAttribute::OnnxAttribute(std::string_view name, const std::vector<std::string>& values) {
  proto_.bytes(attribute::kName, name);
  for (const std::string& value : values) proto_.bytes(attribute::kStrings, value);
  proto_.integer(attribute::kType, attribute::kTypeStrings);
}

void OnnxGraph::node(std::string_view op, const Names& inputs, const Names& outputs,
                     const std::vector<OnnxAttribute>& attributes, std::string_view domain) {
  ProtobufWriter out;
  for (const std::string& name : inputs) out.bytes(1, name);
  for (const std::string& name : outputs) out.bytes(2, name);
  out.bytes(3, outputs.front()).bytes(4, op);
  for (const OnnxAttribute& a : attributes) out.message(5, a.proto());
  if (!domain.empty()) out.bytes(7, domain);
  nodes_.message(graph::kNode, out);
}

void OnnxGraph::initializer(const std::string& name, OnnxType type, const std::vector<std::int64_t>& shape,
                            const std::string& raw) {
  ProtobufWriter tensor;
  std::vector<OnnxDimension> dimensions;
  for (const std::int64_t size : shape) {
    tensor.integer(1, size);
    dimensions.push_back({size});
  }
  tensor.integer(2, number(type)).bytes(8, name).bytes(9, raw);
  initializers_.message(graph::kInitializer, tensor);
  weight_inputs_.message(graph::kInput, value_info(name, tensor_type(type, dimensions)));
}

std::string OnnxGraph::floats(const std::string& name, const std::vector<std::int64_t>& shape,
                              const std::vector<float>& v) {
  if (weights_ == OnnxType::Float) {
    initializer(name, OnnxType::Float, shape, raw_floats(v));
    return name;
  }
  initializer(name, OnnxType::Float16, shape, raw_halves(v));
  node("Cast", {name}, {name + "_float"}, {{"to", number(OnnxType::Float)}});
  return name + "_float";
}

std::string OnnxGraph::constants(const std::string& name, const std::vector<std::int64_t>& shape,
                                 const std::vector<float>& v) {
  initializer(name, OnnxType::Float, shape, raw_floats(v));
  return name;
}

std::string OnnxGraph::int64s(const std::string& name, const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& v) {
  initializer(name, OnnxType::Int64, shape, raw_int64(v));
  return name;
}

void OnnxGraph::image_input(std::string_view name, OnnxType type, int side, bool any_batch) {
  ProtobufWriter image = tensor_type(type, {{any_batch ? 0 : 1, "DATA_BATCH"},
                                            {3, "DATA_CHANNEL"},
                                            {side, "DATA_FEATURE"},
                                            {side, "DATA_FEATURE"}});
  inputs_.message(graph::kInput, value_info(name, image.bytes(6, "IMAGE")));
}

void OnnxGraph::output(std::string_view name, OnnxType type, const std::vector<OnnxDimension>& shape) {
  outputs_.message(graph::kOutput, value_info(name, tensor_type(type, shape)));
}

void OnnxGraph::map_output(std::string_view name) {
  const ProtobufWriter map =
      ProtobufWriter().integer(1, number(OnnxType::String)).message(2, tensor_type(OnnxType::Float, {}));
  const ProtobufWriter sequence = ProtobufWriter().message(1, ProtobufWriter().message(5, map));
  outputs_.message(graph::kOutput, value_info(name, ProtobufWriter().message(4, sequence)));
}

std::string OnnxGraph::file(int ir_version, int opset, bool uses_ml, bool bgr, std::string_view name) const {
  // Up to version 3 every weight is an input, too; the checker insists.
  const std::string body = nodes_.text() + ProtobufWriter().bytes(graph::kName, name).text() +
                           initializers_.text() + inputs_.text() +
                           (ir_version <= 3 ? weight_inputs_.text() : "") + outputs_.text();
  ProtobufWriter out;
  out.integer(model::kIrVersion, ir_version).bytes(model::kProducer, "cvemu");
  out.bytes(model::kProducerVersion, "1").bytes(model::kGraph, body);
  out.message(model::kOpset, ProtobufWriter().bytes(1, "").integer(2, opset));
  if (uses_ml) out.message(model::kOpset, ProtobufWriter().bytes(1, "ai.onnx.ml").integer(2, 1));
  // Azure: public sample code divides by 255 unless the range is named.
  out.message(model::kMetadata, metadata("Image.BitmapPixelFormat", bgr ? "Bgr8" : "Rgb8"));
  out.message(model::kMetadata, metadata("Image.NominalPixelRange", "NominalRange_0_255"));
  return out.text();
}

}  // namespace cvemu::exporting
