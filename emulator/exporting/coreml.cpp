#include "exporting/coreml.h"

#include <string_view>

#include "exporting/protobuf_writer.h"

namespace cvemu::exporting {

namespace {

using Proto = ProtobufWriter;
using Ints = std::vector<std::int64_t>;

namespace layer {
enum {
  kConvolution = 100,
  kPooling = 120,
  kActivation = 130,
  kInnerProduct = 140,
  kSoftmax = 175,
  kFlatten = 301,
  kConcat = 320
};
}  // namespace layer

enum PoolType { kMaximum = 0, kAverage = 1 };

// The layers of a network, one after the other; each is named after what it makes.
class Layers {
 public:
  explicit Layers(Precision precision) : precision_(precision) {}

  void add(std::string_view name, const std::vector<std::string>& inputs, int kind, const Proto& parameters) {
    Proto out;
    out.bytes(1, name);
    for (const std::string& input : inputs) out.bytes(2, input);
    out_.message(1, out.bytes(3, name).message(kind, parameters));
  }

  void pool(std::string_view name, const std::string& from, PoolType type, std::int64_t side) {
    Proto p;
    if (type != kMaximum) p.integer(1, type);
    add(name, {from}, layer::kPooling,
        p.integers(10, Ints{side, side}).integers(20, Ints{side, side}).bytes(30, ""));
  }

  void convolve(std::string_view name, const std::string& from, const Convolution& c, bool padded) {
    Proto p;
    p.integer(1, c.outputs).integer(2, c.inputs).integer(10, 1).integers(20, Ints{c.side, c.side});
    p.integers(30, Ints{1, 1}).bytes(padded ? 51 : 50, "").integer(70, 1);
    add(name, {from}, layer::kConvolution,
        p.message(90, weights(output_input_row_column(c))).message(91, weights(c.bias)));
  }

  void dense(std::string_view name, const std::string& from, const learning::Classifier& c) {
    Proto p;
    p.integer(1, learning::kFeatures).integer(2, static_cast<std::int64_t>(c.labels.size())).integer(10, 1);
    add(name, {from}, layer::kInnerProduct, p.message(20, weights(c.weights)).message(21, weights(c.bias)));
  }

  void filtered(const learning::Shape& shape, bool bgr) {
    pool("small", "data", kAverage, shape.first_pool);
    convolve("filters", "small", filters(bgr), shape.padding > 0);
    add("responses", {"filters"}, layer::kActivation, Proto().bytes(10, ""));
    pool("cells", "responses", kAverage, shape.last_pool);
  }

  Proto& proto() { return out_; }

 private:
  Proto weights(const std::vector<float>& values) const {
    if (precision_ == Precision::Half) return Proto().bytes(2, raw_halves(values));
    return Proto().bytes(1, raw_floats(values));
  }

  const Precision precision_;
  Proto out_;
};

Proto feature(std::string_view name, const Proto& type) {
  return Proto().bytes(1, name).message(3, type);
}

Proto image_input(int side, bool bgr) {
  constexpr int kRgb = 20, kBgr = 30;
  const Proto image = Proto().integer(1, side).integer(2, side).integer(3, bgr ? kBgr : kRgb);
  return feature("data", Proto().message(4, image));
}

// float16 weights came with version 2 of the format.
Proto new_model(Precision precision, const Proto& description) {
  return Proto().integer(1, precision == Precision::Half ? 2 : 1).message(2, description);
}

std::string write(const learning::Classifier& classifier, Precision precision) {
  const learning::Shape shape = classifier_shape(classifier.geometry);
  const bool bgr = is_bgr(classifier.geometry);
  Layers layers(precision);
  layers.filtered(shape, bgr);
  layers.pool("average", "cells", kAverage, shape.grid);
  layers.pool("maximum", "cells", kMaximum, shape.grid);
  layers.add("pools", {"average", "maximum"}, layer::kConcat, Proto());
  layers.add("features", {"pools"}, layer::kFlatten, Proto());
  layers.dense("scores", "features", classifier);
  if (classifier.link == learning::Link::Softmax) {
    layers.add("loss", {"scores"}, layer::kSoftmax, Proto());
  } else {
    layers.add("loss", {"scores"}, layer::kActivation, Proto().bytes(40, ""));
  }
  Proto labels;
  for (const std::string& label : classifier.labels) labels.bytes(1, label);
  layers.proto().message(100, labels);

  const Proto dictionary = Proto().message(6, Proto().bytes(2, ""));
  Proto description;
  description.message(1, image_input(shape.input, bgr)).message(10, feature("loss", dictionary));
  description.message(10, feature("classLabel", Proto().bytes(3, "")))
      .bytes(11, "classLabel")
      .bytes(12, "loss");
  constexpr int kClassifier = 403;
  return new_model(precision, description).message(kClassifier, layers.proto()).text();
}

std::string write(const learning::Detector& detector, Precision precision) {
  const learning::Shape shape = detector_shape(detector.geometry);
  const bool bgr = is_bgr(detector.geometry);
  const Convolution head = yolo_head(detector);
  Layers layers(precision);
  layers.filtered(shape, bgr);
  layers.convolve("model_outputs0", "cells", head, true);

  constexpr int kFloat32 = 65568, kNetwork = 500;
  const Proto array = Proto().integers(1, Ints{head.outputs, shape.grid, shape.grid}).integer(2, kFloat32);
  Proto description;
  description.message(1, image_input(shape.input, bgr));
  description.message(10, feature("model_outputs0", Proto().message(5, array)));
  return new_model(precision, description).message(kNetwork, layers.proto()).text();
}

}  // namespace

std::string write_coreml(const Model& model, Precision precision) {
  return std::visit([&](const auto& m) { return write(m, precision); }, model);
}

}  // namespace cvemu::exporting
