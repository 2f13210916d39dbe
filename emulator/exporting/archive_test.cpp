#include "exporting/archive.h"

#include <doctest/doctest.h>

#include "base/hashes.h"
#include "base/text.h"
#include "exporting/manifest.h"
#include "exporting/onnx.h"

namespace cvemu::exporting_archive_test {

using namespace cvemu::exporting;
using learning::Classifier;
using learning::Detector;
using learning::Geometry;

namespace {

Classifier classifier(Geometry geometry, learning::Link link = learning::Link::Softmax) {
  return {
      geometry, link, {"Apple", "banana"}, std::vector<float>(2 * learning::kFeatures, 0.25F), {0.5F, -0.5F}};
}

Detector detector(Geometry geometry) {
  return {geometry, {"Apple"}, std::vector<float>(6 * learning::kHeadInputs, 0.125F), std::vector<float>(6),
          3,        4};
}

ExportRequest request(std::string platform, std::string flavor, Model model) {
  const Instant exported{std::chrono::sys_days{std::chrono::year{2024} / 5 / 2} +
                         std::chrono::milliseconds{1500}};
  return {std::move(platform), std::move(flavor), *Uuid::parse("0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11"),
          exported, std::move(model)};
}

std::string archive(const ExportRequest& r) {
  auto result = build_archive(r);
  REQUIRE(std::holds_alternative<std::string>(result));
  return std::get<std::string>(result);
}

std::string refusal(const ExportRequest& r) {
  auto result = build_archive(r);
  REQUIRE(std::holds_alternative<Refusal>(result));
  return std::get<Refusal>(result).reason;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("manifest: keys, order, line ends and the model's checksum as the service writes them") {
  const Model model = classifier(Geometry::General);
  const ExportRequest r = request("onnx", "OnnxFloat16", model);
  const std::string zip = archive(r);
  const std::string onnx = write_onnx(std::get<Classifier>(model), Precision::Half);
  CHECK(contains(zip, onnx));
  CHECK(contains(zip,
                 "{\r\n"
                 "  \"DomainType\": \"Classification\",\r\n"
                 "  \"Platform\": \"ONNX\",\r\n"
                 "  \"Flavor\": \"ONNXFloat16\",\r\n"
                 "  \"ExporterVersion\": \"2.0\",\r\n"
                 "  \"ExportedDate\": \"2024-05-02T00:00:01.5Z\",\r\n"
                 "  \"IterationId\": \"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11\",\r\n"
                 "  \"ModelFileName\": \"model.onnx\",\r\n"
                 "  \"LabelFileName\": \"labels.txt\",\r\n"
                 "  \"MetadataPropsFileName\": \"metadata_properties.json\",\r\n"
                 "  \"ModelFileSHA1\": \"" +
                     hex_encode(sha1(onnx)) +
                     "\",\r\n"
                     "  \"SchemaVersion\": \"1.0\"\r\n}"));
  CHECK(contains(archive(request("ONNX", "", model)), "\"Flavor\": null,\r\n"));
  CHECK(
      contains(archive(request("ONNX", "", detector(Geometry::S1))), "\"DomainType\": \"ObjectDetection\""));
}

TEST_CASE("labels: one per line, no line end after the last") {
  CHECK(labels_text(classifier(Geometry::S1)) == "Apple\nbanana");
}

TEST_CASE("metadata: tells what the project is and that images are stretched") {
  const std::string multilabel = metadata_text(classifier(Geometry::S1, learning::Link::Sigmoid));
  CHECK(contains(multilabel, "    \"CustomVision.Postprocess.Method\": \"ClassificationMultiLabel\",\n"));
  CHECK(contains(multilabel, "\"CustomVision.Preprocess.ResizeMethod\": \"Stretch\""));
  CHECK(contains(multilabel, "\"CustomVision.Preprocess.TargetHeight\": \"300\""));
  CHECK(multilabel.back() == '}');
  CHECK(contains(metadata_text(detector(Geometry::General)),
                 "\"CustomVision.Postprocess.Yolo.NmsThreshold\": \"0.45\""));
  CHECK(contains(metadata_text(detector(Geometry::S1)), "\"SSD\""));
}

TEST_CASE("archives: every flavor holds the files that its clients look for") {
  const struct {
    const char *platform, *flavor;
    std::vector<std::string> files;
  } rows[] = {
      {"ONNX", "ONNX12", {"model.onnx"}},
      {"CoreML", "", {"model.mlmodel"}},
      {"TensorFlow", "tensorflownormal", {"model.pb"}},
      {"TensorFlow", "TensorFlowLite", {"model.tflite"}},
      {"TensorFlow", "tensorflowjs", {"model.json", "weights.bin"}},
      {"TensorFlow", "TensorFlowSavedModel", {"saved_model.pb"}},
      {"DockerFile", "ARM", {"Dockerfile", "app/model.tflite", "app/labels.txt", "app/cvexport.manifest"}},
      {"dockerfile", "windows", {"azureml/score.py", "app/metadata_properties.json"}}};
  for (const auto& row : rows) {
    for (const Model& model : {Model(classifier(Geometry::General)), Model(detector(Geometry::General))}) {
      const ExportRequest r = request(row.platform, row.flavor, model);
      const std::string zip = archive(r);
      CHECK(zip == archive(r));
      for (const std::string& file : row.files) CHECK(contains(zip, file));
      CHECK(contains(zip, "LICENSE"));
    }
  }
}

TEST_CASE("refusals: what cannot honestly be written says why") {
  const Model model = classifier(Geometry::General);
  CHECK(contains(refusal(request("VAIDK", "", model)), "proprietary"));
  CHECK(contains(refusal(request("OpenVino", "", model)), "OpenVINO"));
  CHECK(contains(refusal(request("ONNX", "ONNX99", model)), "ONNX99"));
  CHECK(contains(refusal(request("Abacus", "", model)), "Abacus"));
  CHECK(contains(refusal(request("CoreML", "", detector(Geometry::S1))), "[S1]"));
}

TEST_CASE("names: the service's spelling, and the blob's name") {
  const auto format = known_format("tensorflow", "TENSORFLOWLITEFLOAT16");
  REQUIRE(format);
  CHECK(format->flavor == "TensorFlowLiteFloat16");
  CHECK(archive_name(*Uuid::parse("0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11"), *format) ==
        "0d1f8a526a0f4e0c9f6e2b6a1f0c7d11.TensorFlow.TensorFlowLiteFloat16.zip");
  CHECK(archive_name(Uuid(0, 0), *known_format("onnx", "")) == "00000000000000000000000000000000.ONNX.zip");
  CHECK(!known_format("ONNX", "Linux"));
}

}  // namespace cvemu::exporting_archive_test
