#include "exporting/tensorflow_builder.h"

#include "exporting/protobuf_writer.h"

namespace cvemu::exporting {

using std::string;

namespace {

using Kind = TensorFlowAttribute::Kind;

}  // namespace

TensorFlowAttribute TensorFlowBuilder::type(string name, TensorFlowType value) {
  return {std::move(name), Kind::Type, value, {}, {}};
}
TensorFlowAttribute TensorFlowBuilder::text(string name, string value) {
  return {std::move(name), Kind::Text, {}, {}, std::move(value)};
}
TensorFlowAttribute TensorFlowBuilder::ints(string name, Ints values) {
  return {std::move(name), Kind::Ints, {}, std::move(values), {}};
}
TensorFlowAttribute TensorFlowBuilder::integer(string name, std::int64_t value) {
  return {std::move(name), Kind::Int, {}, {value}, {}};
}
TensorFlowAttribute TensorFlowBuilder::flag(string name, bool value) {
  return {std::move(name), Kind::Flag, {}, {value}, {}};
}

void TensorFlowBuilder::node(const string& name, const string& op, const std::vector<string>& inputs,
                             Attributes attributes) {
  graph_.nodes.push_back({name, op, inputs, std::move(attributes)});
}

string TensorFlowBuilder::placeholder(const string& name, const Ints& shape) {
  graph_.input = {name, shape};
  node(name, "Placeholder", {},
       {type("dtype", TensorFlowType::Float), {"shape", Kind::Shape, {}, shape, {}}});
  return name;
}

string TensorFlowBuilder::constant(const string& name, TensorFlowType kind, const Ints& shape, string raw) {
  node(name, "Const", {}, {type("dtype", kind), {"value", Kind::Tensor, kind, shape, std::move(raw)}});
  return name;
}

string TensorFlowBuilder::floats(const string& name, const Ints& shape, const std::vector<float>& values) {
  return constant(name, TensorFlowType::Float, shape, raw_floats(values));
}

string TensorFlowBuilder::int32s(const string& name, const Ints& shape,
                                 const std::vector<std::int32_t>& values) {
  return constant(name, TensorFlowType::Int32, shape, raw_int32(values));
}

string TensorFlowBuilder::add(const string& name, const string& op, const std::vector<string>& inputs,
                              const Attributes& more) {
  Attributes attributes{type("T", TensorFlowType::Float)};
  attributes.insert(attributes.end(), more.begin(), more.end());
  node(name, op, inputs, std::move(attributes));
  return name;
}

string TensorFlowBuilder::pool(const string& name, const string& op, const string& from, std::int64_t side) {
  return add(name, op, {from},
             {ints("ksize", {1, side, side, 1}), ints("strides", {1, side, side, 1}),
              text("padding", "VALID"), text("data_format", "NHWC")});
}

string TensorFlowBuilder::convolve(const string& name, const Convolution& c, const string& from, bool padded,
                                   const string& with_bias) {
  const string weights =
      floats(name + "/weights", {c.side, c.side, c.inputs, c.outputs}, row_column_input_output(c));
  add(name, "Conv2D", {from, weights},
      {ints("strides", {1, 1, 1, 1}), ints("dilations", {1, 1, 1, 1}),
       text("padding", padded ? "SAME" : "VALID"), text("data_format", "NHWC")});
  return bias(with_bias, name, name + "/bias", c.bias);
}

string TensorFlowBuilder::bias(const string& name, const string& from, const string& weights_name,
                               const std::vector<float>& values) {
  const string weights = floats(weights_name, {static_cast<std::int64_t>(values.size())}, values);
  return add(name, "BiasAdd", {from, weights}, {text("data_format", "NHWC")});
}

string TensorFlowBuilder::concat(const string& name, const string& a, const string& b, std::int32_t axis) {
  const string axis_name = int32s(name + "/axis", {}, {axis});
  return add(name, "ConcatV2", {a, b, axis_name}, {type("Tidx", TensorFlowType::Int32), integer("N", 2)});
}

string TensorFlowBuilder::reshape(const string& name, const string& from,
                                  const std::vector<std::int32_t>& shape) {
  const string to = int32s(name + "/shape", {static_cast<std::int64_t>(shape.size())}, shape);
  return add(name, "Reshape", {from, to}, {type("Tshape", TensorFlowType::Int32)});
}

string TensorFlowBuilder::gather(const string& name, const string& from, const string& indexes,
                                 TensorFlowType of) {
  const string axis = int32s(name + "/axis", {}, {0});
  node(name, "GatherV2", {from, indexes, axis},
       {type("Tparams", of), type("Tindices", TensorFlowType::Int32), type("Taxis", TensorFlowType::Int32),
        integer("batch_dims", 0)});
  return name;
}

string TensorFlowBuilder::filtered(const learning::Shape& shape, bool bgr, const string& input) {
  graph_.bgr = bgr;
  pool("small", "AvgPool", input, shape.first_pool);
  convolve("filters", filters(bgr), "small", shape.padding > 0, "filters/biased");
  add("responses", "Relu", {"filters/biased"});
  return pool("cells", "AvgPool", "responses", shape.last_pool);
}

TensorFlowGraph TensorFlowBuilder::finish(std::vector<TensorFlowTensor> outputs) {
  graph_.outputs = std::move(outputs);
  return std::move(graph_);
}

}  // namespace cvemu::exporting
