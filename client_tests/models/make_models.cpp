// Trains models on drawn pictures and writes, for each, every export and what the emulator itself answers for
// a few new pictures. The scripts beside this file run the exports in other runtimes and compare.
//
//   make_models FOLDER
//   FOLDER/<model>/model.json       labels, input side, colour order, expected answers
//   FOLDER/<model>/<picture>.rgb    the picture at the model's input size: rows of red, green, blue bytes
//   FOLDER/<model>/<platform>[.<flavor>].zip
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "exporting/archive.h"
#include "imaging/resize.h"
#include "learning/classifier.h"
#include "learning/detector.h"
#include "learning/synthetic.h"

using namespace cvemu;
using namespace cvemu::learning;
namespace fs = std::filesystem;

namespace {

constexpr int kPictures = 30;

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

struct Format {
  const char* platform;
  const char* flavor;
};
constexpr Format kFormats[] = {{"ONNX", ""},
                               {"ONNX", "ONNXFloat16"},
                               {"CoreML", ""},
                               {"CoreML", "CoreMLFloat16"},
                               {"TensorFlow", ""},
                               {"TensorFlow", "TensorFlowLite"},
                               {"TensorFlow", "TensorFlowLiteFloat16"},
                               {"TensorFlow", "TensorFlowJs"},
                               {"TensorFlow", "TensorFlowSavedModel"},
                               {"DockerFile", "Linux"}};

void write_exports(const fs::path& folder, const exporting::Model& model) {
  for (const Format& format : kFormats) {
    const auto zip = exporting::build_archive({format.platform, format.flavor, Uuid(1, 2), Instant{}, model});
    if (const auto* refusal = std::get_if<exporting::Refusal>(&zip)) {
      std::cout << folder.filename().string() << ": " << refusal->reason << "\n";
      continue;
    }
    const std::string flavor = *format.flavor ? std::string(".") + format.flavor : "";
    write_file(folder / (format.platform + flavor + ".zip"), std::get<std::string>(zip));
  }
}

// The part of model.json that all models have, up to the list of pictures.
JsonWriter begin_description(const std::vector<std::string>& labels, Geometry geometry, int side) {
  JsonWriter json;
  json.begin_object()
      .field("bgr", geometry == Geometry::General)
      .field("side", side)
      .key("labels")
      .begin_array();
  for (const std::string& label : labels) json.string(label);
  json.end_array().key("pictures").begin_array();
  return json;
}

std::string raw_pixels(const imaging::Image& image, int side) {
  const imaging::Image small = imaging::resize(image, side, side);
  return {small.pixels.begin(), small.pixels.end()};
}

void make_classifier(const fs::path& folder, Geometry geometry, Link link) {
  const int side = classifier_shape(geometry).input;
  synthetic::Random random(21);
  std::vector<ClassifierSample> samples;
  std::vector<const ClassifierSample*> pointers;
  const ClassifierTask task{geometry, link, {"Circle", "square", "Triangle \xC3\xA9"}};
  for (int i = 0; i < 60; ++i) {
    samples.push_back({classifier_features(synthetic::hard(random, i % 3).image, geometry), {i % 3}});
  }
  for (const ClassifierSample& sample : samples) pointers.push_back(&sample);
  const Classifier classifier = fit_classifier(task, pointers);

  fs::create_directories(folder);
  JsonWriter json = begin_description(task.labels, geometry, side);
  for (int i = 0; i < kPictures; ++i) {
    const imaging::Image image = synthetic::hard(random, i % 3).image;
    write_file(folder / (std::to_string(i) + ".rgb"), raw_pixels(image, side));
    json.begin_array();
    for (const float p : predict(classifier, classifier_features(image, geometry))) json.single(p);
    json.end_array();
  }
  write_file(folder / "model.json", json.end_array().end_object().take());
  write_exports(folder, classifier);
}

void write_detections(JsonWriter& json, const std::vector<Detection>& detections) {
  json.begin_array();
  for (const Detection& d : detections) {
    json.begin_array().integer(d.region.label).single(d.probability);
    json.single(d.region.left)
        .single(d.region.top)
        .single(d.region.width)
        .single(d.region.height)
        .end_array();
  }
  json.end_array();
}

void make_detector(const fs::path& folder, Geometry geometry) {
  const int side = detector_shape(geometry).input;
  synthetic::Random random(22);
  std::vector<DetectorSample> samples;
  std::vector<const DetectorSample*> pointers;
  for (int i = 0; i < 40; ++i) {
    const synthetic::Image picture = synthetic::scene(random);
    samples.push_back({detector_cells(picture.image, geometry), picture.objects});
  }
  for (const DetectorSample& sample : samples) pointers.push_back(&sample);
  const DetectorTask task{geometry, {"Circle", "square"}};
  const Detector detector = fit_detector(task, pointers);

  fs::create_directories(folder);
  JsonWriter json = begin_description(task.labels, geometry, side);
  for (int i = 0; i < kPictures; ++i) {
    const imaging::Image image = synthetic::scene(random).image;
    write_file(folder / (std::to_string(i) + ".rgb"), raw_pixels(image, side));
    write_detections(json, detect(detector, detector_cells(image, geometry)));
  }
  write_file(folder / "model.json", json.end_array().end_object().take());
  write_exports(folder, detector);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_models FOLDER\n";
    return 2;
  }
  const fs::path folder = arguments[1];
  make_classifier(folder / "general_multiclass", Geometry::General, Link::Softmax);
  make_classifier(folder / "general_multilabel", Geometry::General, Link::Sigmoid);
  make_classifier(folder / "s1_multiclass", Geometry::S1, Link::Softmax);
  make_classifier(folder / "s1_multilabel", Geometry::S1, Link::Sigmoid);
  make_detector(folder / "general_detector", Geometry::General);
  make_detector(folder / "s1_detector", Geometry::S1);
  return 0;
}
