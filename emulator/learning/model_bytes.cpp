#include "learning/model_bytes.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace cvemu::learning {

namespace {

static_assert(std::endian::native == std::endian::little && sizeof(float) == 4);

constexpr std::uint32_t kClassifier = 1, kDetector = 2;

class Writer {
 public:
  void number(std::uint32_t value) { append(&value, sizeof value); }
  void real(float value) { append(&value, sizeof value); }
  void text(const std::string& value) {
    number(static_cast<std::uint32_t>(value.size()));
    append(value.data(), value.size());
  }
  void reals(std::span<const float> values) {
    number(static_cast<std::uint32_t>(values.size()));
    append(values.data(), values.size_bytes());
  }
  void texts(const std::vector<std::string>& values) {
    number(static_cast<std::uint32_t>(values.size()));
    for (const std::string& value : values) text(value);
  }
  std::string take() { return std::move(out_); }

 private:
  void append(const void* from, std::size_t size) {
    if (size > 0) out_.append(static_cast<const char*>(from), size);
  }
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  std::uint32_t number() { return value<std::uint32_t>(); }
  float real() { return value<float>(); }
  std::string text() { return std::string(take(number())); }
  std::vector<float> reals() {
    const std::string_view bytes = take(std::size_t{4} * number());
    std::vector<float> out(bytes.size() / 4);
    if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    for (std::uint32_t count = number(); count > 0; --count) out.push_back(text());
    return out;
  }
  void end() const {
    if (!left_.empty()) fail();
  }
  [[noreturn]] static void fail() { throw std::runtime_error("what was kept of a model is damaged"); }

 private:
  template <class T>
  T value() {
    T out;
    std::memcpy(&out, take(sizeof out).data(), sizeof out);
    return out;
  }
  std::string_view take(std::size_t size) {
    if (size > left_.size()) fail();
    const std::string_view bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return bytes;
  }
  std::string_view left_;
};

void write(Writer& out, const Classifier& model) {
  out.number(kClassifier);
  out.number(static_cast<std::uint32_t>(model.geometry));
  out.number(static_cast<std::uint32_t>(model.link));
  out.texts(model.labels);
  out.reals(model.weights);
  out.reals(model.bias);
}

void write(Writer& out, const Detector& model) {
  out.number(kDetector);
  out.number(static_cast<std::uint32_t>(model.geometry));
  out.texts(model.labels);
  out.reals(model.weights);
  out.reals(model.bias);
  out.real(model.anchor_width);
  out.real(model.anchor_height);
}

Geometry read_geometry(Reader& in) {
  const std::uint32_t value = in.number();
  if (value > static_cast<std::uint32_t>(Geometry::S1)) Reader::fail();
  return static_cast<Geometry>(value);
}

Link read_link(Reader& in) {
  const std::uint32_t value = in.number();
  if (value > static_cast<std::uint32_t>(Link::Sigmoid)) Reader::fail();
  return static_cast<Link>(value);
}

Classifier read_classifier(Reader& in) {
  Classifier model;
  model.geometry = read_geometry(in);
  model.link = read_link(in);
  model.labels = in.texts();
  model.weights = in.reals();
  model.bias = in.reals();
  const std::size_t labels = model.labels.size();
  if (model.bias.size() != labels || model.weights.size() != labels * kFeatures) Reader::fail();
  return model;
}

Detector read_detector(Reader& in) {
  Detector model;
  model.geometry = read_geometry(in);
  model.labels = in.texts();
  model.weights = in.reals();
  model.bias = in.reals();
  model.anchor_width = in.real();
  model.anchor_height = in.real();
  const std::size_t outputs = kBoxOutputs + model.labels.size();
  if (model.bias.size() != outputs || model.weights.size() != outputs * kHeadInputs) Reader::fail();
  return model;
}

Model read_model(Reader& in) {
  const std::uint32_t kind = in.number();
  if (kind == kClassifier) return read_classifier(in);
  if (kind == kDetector) return read_detector(in);
  Reader::fail();
}

}  // namespace

std::string to_bytes(const Model& model) {
  Writer out;
  std::visit([&](const auto& one) { write(out, one); }, model);
  return out.take();
}

Model model_from_bytes(std::string_view bytes) {
  Reader in(bytes);
  Model model = read_model(in);
  in.end();
  return model;
}

std::string to_bytes(std::span<const float> values) {
  Writer out;
  out.reals(values);
  return out.take();
}

std::vector<float> floats_from_bytes(std::string_view bytes) {
  Reader in(bytes);
  std::vector<float> values = in.reals();
  in.end();
  return values;
}

std::string to_bytes(const std::vector<Detection>& detections) {
  Writer out;
  out.number(static_cast<std::uint32_t>(detections.size()));
  for (const auto& [region, probability] : detections) {
    out.number(static_cast<std::uint32_t>(region.label));
    for (const float value : {region.left, region.top, region.width, region.height, probability})
      out.real(value);
  }
  return out.take();
}

std::vector<Detection> detections_from_bytes(std::string_view bytes) {
  Reader in(bytes);
  std::vector<Detection> detections;
  for (std::uint32_t count = in.number(); count > 0; --count) {
    Detection detection;
    detection.region.label = static_cast<int>(in.number());
    detection.region.left = in.real();
    detection.region.top = in.real();
    detection.region.width = in.real();
    detection.region.height = in.real();
    detection.probability = in.real();
    detections.push_back(detection);
  }
  in.end();
  return detections;
}

}  // namespace cvemu::learning
