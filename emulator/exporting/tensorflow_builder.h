// Puts TensorFlow graphs together, node by node. Every function returns the name of the node it added.
#pragma once
#include <cstdint>

#include "exporting/tensorflow_graph.h"

namespace cvemu::exporting {

class TensorFlowBuilder {
 public:
  using Ints = std::vector<std::int64_t>;
  using Attributes = std::vector<TensorFlowAttribute>;

  std::string placeholder(const std::string& name, const Ints& shape);
  std::string floats(const std::string& name, const Ints& shape, const std::vector<float>& values);
  std::string int32s(const std::string& name, const Ints& shape, const std::vector<std::int32_t>& values);
  std::string pool(const std::string& name, const std::string& op, const std::string& from,
                   std::int64_t side);
  std::string convolve(const std::string& name, const Convolution& c, const std::string& from, bool padded,
                       const std::string& with_bias);  // the last node's name
  std::string bias(const std::string& name, const std::string& from, const std::string& weights_name,
                   const std::vector<float>& values);
  std::string concat(const std::string& name, const std::string& a, const std::string& b, std::int32_t axis);
  std::string reshape(const std::string& name, const std::string& from,
                      const std::vector<std::int32_t>& shape);
  // Any operation on floats; `more` stands beside its attribute T.
  std::string add(const std::string& name, const std::string& op, const std::vector<std::string>& inputs,
                  const Attributes& more = {});
  // The rows of `from` at the indexes.
  std::string gather(const std::string& name, const std::string& from, const std::string& indexes,
                     TensorFlowType of);
  // The filter bank and both average pools.
  std::string filtered(const learning::Shape& shape, bool bgr, const std::string& input);

  TensorFlowGraph finish(std::vector<TensorFlowTensor> outputs);  // once

  static TensorFlowAttribute type(std::string name, TensorFlowType value);
  static TensorFlowAttribute text(std::string name, std::string value);
  static TensorFlowAttribute ints(std::string name, Ints values);
  static TensorFlowAttribute integer(std::string name, std::int64_t value);
  static TensorFlowAttribute flag(std::string name, bool value);

 private:
  std::string constant(const std::string& name, TensorFlowType type, const Ints& shape, std::string raw);
  void node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs,
            Attributes attributes);
  TensorFlowGraph graph_;
};

}  // namespace cvemu::exporting
