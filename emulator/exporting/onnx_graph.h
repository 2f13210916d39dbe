// Puts an ONNX file together: nodes, weights, inputs and outputs. Field numbers are those of onnx.proto.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exporting/protobuf_writer.h"

namespace cvemu::exporting {

enum class OnnxType { Float = 1, Int64 = 7, String = 8, Float16 = 10 };

// A node's attribute; the kind follows from the value given.
class OnnxAttribute {
 public:
  OnnxAttribute(std::string_view name, std::int64_t value);
  OnnxAttribute(std::string_view name, const std::vector<std::int64_t>& values);
  OnnxAttribute(std::string_view name, const std::vector<std::string>& values);
  const ProtobufWriter& proto() const { return proto_; }

 private:
  ProtobufWriter proto_;
};

// A dimension: a size, or 0 for any number (Azure: "None"); and what it means.
struct OnnxDimension {
  std::int64_t size = 0;
  std::string_view denotation = {};
};

class OnnxGraph {
 public:
  // `weights` says how floats are stored: Float16 adds a Cast back, so that all arithmetic stays float32.
  explicit OnnxGraph(OnnxType weights = OnnxType::Float) : weights_(weights) {}

  using Names = std::vector<std::string>;
  void node(std::string_view op, const Names& inputs, const Names& outputs,
            const std::vector<OnnxAttribute>& attributes = {}, std::string_view domain = {});
  std::string floats(const std::string& name, const std::vector<std::int64_t>& shape,
                     const std::vector<float>& v);
  // Float32, whatever the weights are.
  std::string constants(const std::string& name, const std::vector<std::int64_t>& shape,
                        const std::vector<float>& v);
  std::string int64s(const std::string& name, const std::vector<std::int64_t>& shape,
                     const std::vector<std::int64_t>& v);
  void image_input(std::string_view name, OnnxType type, int side, bool any_batch);
  void output(std::string_view name, OnnxType type, const std::vector<OnnxDimension>& shape);
  void map_output(std::string_view name);  // sequence(map(string, float))

  // bgr: what the metadata tells clients about the order of the colours.
  std::string file(int ir_version, int opset, bool uses_ml, bool bgr, std::string_view name) const;

 private:
  void initializer(const std::string& name, OnnxType type, const std::vector<std::int64_t>& shape,
                   const std::string& raw);
  OnnxType weights_;
  ProtobufWriter nodes_, initializers_, inputs_, weight_inputs_, outputs_;
};

}  // namespace cvemu::exporting
