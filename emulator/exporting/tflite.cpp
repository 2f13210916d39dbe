#include "exporting/tflite.h"

#include <map>

#include "exporting/flatbuffer_writer.h"
#include "exporting/protobuf_writer.h"

namespace cvemu::exporting {

namespace {

using Place = FlatbufferWriter::Place;
using Field = FlatbufferWriter::Field;
using Ints = std::vector<std::int32_t>;

enum Op {
  kAveragePool = 1,
  kConcatenation = 2,
  kConvolution = 3,
  kDequantize = 6,
  kFullyConnected = 9,
  kLogistic = 14,
  kMaxPool = 17,
  kSoftmax = 25
};
enum Options {
  kNoOptions = 0,
  kConvOptions = 1,
  kPoolOptions = 5,
  kDenseOptions = 8,
  kSoftmaxOptions = 9,
  kConcatOptions = 10
};
enum TensorType { kFloat32 = 0, kFloat16 = 1 };
enum Padding { kSame = 0, kValid = 1 };

// Collects the model front to back; file() writes it back to front.
class LiteModel {
 public:
  explicit LiteModel(Precision precision) : precision_(precision) {}

  int tensor(const std::string& name, Ints shape, TensorType type = kFloat32, std::string data = {}) {
    tensors_.push_back({name, std::move(shape), type, std::move(data)});
    return static_cast<int>(tensors_.size()) - 1;
  }

  // Half precision is stored as float16 and widened again when the model is loaded.
  int weights(const std::string& name, const Ints& shape, const std::vector<float>& values) {
    if (precision_ == Precision::Single) return tensor(name, shape, kFloat32, raw_floats(values));
    const int stored = tensor(name + "_half", shape, kFloat16, raw_halves(values));
    const int widened = tensor(name, shape);
    operation(kDequantize, {stored}, widened, kNoOptions, {});
    return widened;
  }

  void operation(Op op, Ints inputs, int output, Options kind, std::vector<Field> options) {
    operations_.push_back({op, std::move(inputs), output, kind, std::move(options)});
  }

  int pool(const std::string& name, Op op, int from, int side) {
    const Ints& shape = tensors_[std::size_t(from)].shape;
    const int out = tensor(name, {1, shape[1] / side, shape[2] / side, shape[3]});
    operation(op, {from}, out, kPoolOptions,
              {Field::byte(0, kValid), Field::int32(1, side), Field::int32(2, side), Field::int32(3, side),
               Field::int32(4, side)});
    return out;
  }

  int convolve(const std::string& name, const Convolution& c, int from, bool padded, bool relu) {
    const Ints& shape = tensors_[std::size_t(from)].shape;
    const int side = padded ? shape[1] : shape[1] - c.side + 1;
    const int w = weights(name + "_weights", {c.outputs, c.side, c.side, c.inputs}, c.weights);
    const int b = weights(name + "_bias", {c.outputs}, c.bias);
    const int out = tensor(name, {1, side, side, c.outputs});
    operation(kConvolution, {from, w, b}, out, kConvOptions,
              {Field::byte(0, padded ? kSame : kValid), Field::int32(1, 1), Field::int32(2, 1),
               Field::byte(3, relu ? 1 : 0), Field::int32(4, 1), Field::int32(5, 1)});
    return out;
  }

  std::string file(int input, int output) {
    FlatbufferWriter out;
    const std::vector<Place> buffers = write_buffers(out);
    const Place subgraph = write_subgraph(out, input, output);
    const Place codes = write_codes(out);
    const Place description = out.text("cvemu");
    const Place buffer_list = out.places(buffers);
    const Place subgraphs = out.places({subgraph});
    const Place model = out.table({Field::int32(0, 3), Field::to(1, codes), Field::to(2, subgraphs),
                                   Field::to(3, description), Field::to(4, buffer_list)});
    return out.finish(model, "TFL3");
  }

 private:
  struct Tensor {
    std::string name;
    Ints shape;
    TensorType type;
    std::string data;
  };
  struct Operation {
    Op op;
    Ints inputs;
    int output;
    Options kind;
    std::vector<Field> options;
  };

  // Buffer 0 is empty by rule; tensor i has buffer i + 1.
  std::vector<Place> write_buffers(FlatbufferWriter& out) const {
    std::vector<Place> buffers{out.table({})};
    for (const Tensor& tensor : tensors_) {
      buffers.push_back(tensor.data.empty() ? out.table({})
                                            : out.table({Field::to(0, out.bytes(tensor.data))}));
    }
    return buffers;
  }

  Place write_subgraph(FlatbufferWriter& out, int input, int output) const {
    std::vector<Place> tensors, operations;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      const Tensor& t = tensors_[i];
      const Place name = out.text(t.name), shape = out.int32s(t.shape);
      tensors.push_back(out.table({Field::to(0, shape), Field::byte(1, t.type),
                                   Field::int32(2, static_cast<int>(i) + 1), Field::to(3, name)}));
    }
    for (const Operation& o : operations_) operations.push_back(write_operation(out, o));
    const Place name = out.text("main");
    const Place operation_list = out.places(operations), tensor_list = out.places(tensors);
    const Place outputs = out.int32s(Ints{output}), inputs = out.int32s(Ints{input});
    return out.table({Field::to(0, tensor_list), Field::to(1, inputs), Field::to(2, outputs),
                      Field::to(3, operation_list), Field::to(4, name)});
  }

  Place write_operation(FlatbufferWriter& out, const Operation& o) const {
    const Place outputs = out.int32s(Ints{o.output}), inputs = out.int32s(o.inputs);
    const auto code = static_cast<std::int32_t>(std::distance(codes().begin(), codes().find(o.op)));
    std::vector<Field> fields{Field::int32(0, code), Field::to(1, inputs), Field::to(2, outputs)};
    if (o.kind != kNoOptions) {
      fields.push_back(Field::byte(3, o.kind));
      fields.push_back(Field::to(4, out.table(o.options)));
    }
    return out.table(std::move(fields));
  }

  // The operations used, each with its version.
  const std::map<Op, int>& codes() const {
    if (codes_.empty()) {
      for (const Operation& o : operations_) codes_[o.op] = o.op == kDequantize ? 3 : 1;
    }
    return codes_;
  }

  Place write_codes(FlatbufferWriter& out) const {
    std::vector<Place> places;
    for (const auto& [op, version] : codes()) {
      places.push_back(out.table({Field::byte(0, op), Field::int32(2, version), Field::int32(3, op)}));
    }
    return out.places(places);
  }

  const Precision precision_;
  std::vector<Tensor> tensors_;
  std::vector<Operation> operations_;
  mutable std::map<Op, int> codes_;
};

int filtered(LiteModel& model, const learning::Shape& shape, bool bgr, int input) {
  const int small = model.pool("small", kAveragePool, input, shape.first_pool);
  const int responses = model.convolve("responses", filters(bgr), small, shape.padding > 0, true);
  return model.pool("cells", kAveragePool, responses, shape.last_pool);
}

std::string write(const learning::Classifier& classifier, Precision precision) {
  const learning::Shape shape = classifier_shape(classifier.geometry);
  const int labels = static_cast<int>(classifier.labels.size());
  LiteModel model(precision);
  const bool general = classifier.geometry == learning::Geometry::General;
  const int input = model.tensor(general ? "Placeholder" : "data", {1, shape.input, shape.input, 3});
  const int cells = filtered(model, shape, is_bgr(classifier.geometry), input);
  const int average = model.pool("average", kAveragePool, cells, shape.grid);
  const int maximum = model.pool("maximum", kMaxPool, cells, shape.grid);
  const int pools = model.tensor("pools", {1, 1, 1, learning::kFeatures});
  model.operation(kConcatenation, {average, maximum}, pools, kConcatOptions, {Field::int32(0, 3)});
  const int weights = model.weights("weights", {labels, learning::kFeatures}, classifier.weights);
  const int bias = model.weights("bias", {labels}, classifier.bias);
  const int scores = model.tensor("scores", {1, labels});
  model.operation(kFullyConnected, {pools, weights, bias}, scores, kDenseOptions, {});
  const int output = model.tensor(general ? "model_outputs" : "model_output", {1, labels});
  if (classifier.link == learning::Link::Softmax) {
    model.operation(kSoftmax, {scores}, output, kSoftmaxOptions, {Field::single(0, 1)});
  } else {
    model.operation(kLogistic, {scores}, output, kNoOptions, {});
  }
  return model.file(input, output);
}

std::string write(const learning::Detector& detector, Precision precision) {
  const learning::Shape shape = detector_shape(detector.geometry);
  LiteModel model(precision);
  const bool general = detector.geometry == learning::Geometry::General;
  const int input = model.tensor(general ? "Placeholder" : "image_tensor", {1, shape.input, shape.input, 3});
  const int cells = filtered(model, shape, is_bgr(detector.geometry), input);
  const int output = model.convolve("model_outputs", yolo_head(detector), cells, true, false);
  return model.file(input, output);
}

}  // namespace

std::string write_tflite(const Model& model, Precision precision) {
  return std::visit([&](const auto& m) { return write(m, precision); }, model);
}

}  // namespace cvemu::exporting
