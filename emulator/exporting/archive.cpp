#include "exporting/archive.h"

#include "base/text.h"
#include "exporting/coreml.h"
#include "exporting/docker.h"
#include "exporting/manifest.h"
#include "exporting/onnx.h"
#include "exporting/tensorflow.h"
#include "exporting/tflite.h"
#include "exporting/zip.h"

namespace cvemu::exporting {

using learning::Detector;
using learning::Geometry;

namespace {

using Files = std::vector<File>;

struct Format {
  std::string_view platform, flavor;
  std::string_view exporter_version;
  std::string_view model_file;         // as the manifest names it
  Files (*write)(const Model& model);  // the first file is the model; null: `refusal` says why
  const char* refusal = nullptr;
  bool decoded_s1 = false;       // can hold an [S1] detector, whose clients expect boxes, not cells
  std::string_view folder = {};  // of the files that describe the model
};

Files onnx(const Model& model) {
  return {{"model.onnx", std::visit([](const auto& m) { return write_onnx(m, Precision::Single); }, model)}};
}
Files onnx_half(const Model& model) {
  return {{"model.onnx", std::visit([](const auto& m) { return write_onnx(m, Precision::Half); }, model)}};
}
Files coreml(const Model& model) {
  return {{"model.mlmodel", write_coreml(model, Precision::Single)}};
}
Files coreml_half(const Model& model) {
  return {{"model.mlmodel", write_coreml(model, Precision::Half)}};
}
Files frozen_graph(const Model& model) {
  return {{"model.pb", write_frozen_graph(model)}};
}
Files saved_model(const Model& model) {
  return {{"saved_model.pb", write_saved_model(model)}};
}
Files tflite(const Model& model) {
  return {{"model.tflite", write_tflite(model, Precision::Single)}};
}
Files tflite_half(const Model& model) {
  return {{"model.tflite", write_tflite(model, Precision::Half)}};
}

Files docker(const Model& model, DockerFlavor flavor) {
  // Azure: float16 weights since exporter version 2.2. Emulator: float32, so that answers equal the
  // prediction API's.
  Files files{{"app/model.tflite", write_tflite(model, Precision::Single)}};
  for (File& file : docker_files(flavor)) files.push_back(std::move(file));
  return files;
}
Files docker_linux(const Model& model) {
  return docker(model, DockerFlavor::Linux);
}
Files docker_windows(const Model& model) {
  return docker(model, DockerFlavor::Windows);
}
Files docker_arm(const Model& model) {
  return docker(model, DockerFlavor::Arm);
}

constexpr const char* kNoVaidk =
    "VAIDK models are in a proprietary format (Qualcomm DLC) that only its vendor's tools can write.";
constexpr const char* kNoOpenVino =
    "OpenVINO models are not written by the emulator: no runtime is available to prove them right.";
constexpr const char* kUndecoded =
    "Detectors of General (compact) [S1] cannot be exported as CoreML or TensorFlow Lite: their clients "
    "expect boxes.";

// Azure: versions and file names as seen in public exports.
constexpr Format kFormats[] = {
    {"ONNX", "", "2.0", "model.onnx", onnx, nullptr, true},
    {"ONNX", "ONNX10", "2.0", "model.onnx", onnx, nullptr, true},
    {"ONNX", "ONNX12", "2.0", "model.onnx", onnx, nullptr, true},
    {"ONNX", "ONNXFloat16", "2.0", "model.onnx", onnx_half, nullptr, true},
    {"CoreML", "", "2.1", "model.mlmodel", coreml},
    {"CoreML", "CoreMLFloat16", "2.1", "model.mlmodel", coreml_half},
    {"TensorFlow", "", "2.1", "model.pb", frozen_graph, nullptr, true},
    {"TensorFlow", "TensorFlowNormal", "2.1", "model.pb", frozen_graph, nullptr, true},
    {"TensorFlow", "TensorFlowLite", "2.0", "model.tflite", tflite},
    {"TensorFlow", "TensorFlowLiteFloat16", "2.0", "model.tflite", tflite_half},
    // Azure: the manifest says model.zip although the archive holds model.json and weights.bin.
    {"TensorFlow", "TensorFlowJs", "2.0", "model.zip", write_tensorflow_js, nullptr, true},
    {"TensorFlow", "TensorFlowSavedModel", "2.0", "saved_model.pb", saved_model, nullptr, true},
    {"DockerFile", "Linux", "2.2", "model.tflite", docker_linux, nullptr, true, "app/"},
    {"DockerFile", "Windows", "2.2", "model.tflite", docker_windows, nullptr, true, "app/"},
    {"DockerFile", "ARM", "2.2", "model.tflite", docker_arm, nullptr, true, "app/"},
    {"OpenVino", "", "", "", nullptr, kNoOpenVino},
    {"OpenVino", "NoPostProcess", "", "", nullptr, kNoOpenVino},
    {"VAIDK", "", "", "", nullptr, kNoVaidk},
};

const Format* find_format(std::string_view platform, std::string_view flavor) {
  for (const Format& format : kFormats) {
    if (iequals(format.platform, platform) && iequals(format.flavor, flavor)) return &format;
  }
  return nullptr;
}

bool is_s1_detector(const Model& model) {
  const auto* detector = std::get_if<Detector>(&model);
  return detector && detector->geometry == Geometry::S1;
}

}  // namespace

std::variant<std::string, Refusal> build_archive(const ExportRequest& request) {
  const Format* format = find_format(request.platform, request.flavor);
  if (!format)
    return Refusal{"There is no flavor '" + request.flavor + "' of platform '" + request.platform + "'."};
  if (!format->write) return Refusal{format->refusal};
  if (is_s1_detector(request.model) && !format->decoded_s1) return Refusal{kUndecoded};

  Files files = format->write(request.model);
  const Manifest manifest{format->platform,   format->flavor,       format->exporter_version,
                          request.exported,   request.iteration_id, format->model_file,
                          files.front().bytes};
  const std::string folder(format->folder);
  files.push_back({folder + "cvexport.manifest", manifest_text(manifest, request.model)});
  files.push_back({folder + "labels.txt", labels_text(request.model)});
  files.push_back({folder + "metadata_properties.json", metadata_text(request.model)});
  files.push_back({"LICENSE", licence_text()});
  return write_zip(files);
}

std::optional<ExportFormat> known_format(std::string_view platform, std::string_view flavor) {
  const Format* format = find_format(platform, flavor);
  if (!format) return std::nullopt;
  return ExportFormat{format->platform, format->flavor};
}

std::string archive_name(const Uuid& iteration_id, const ExportFormat& format) {
  std::string name = iteration_id.compact() + "." + std::string(format.platform);
  if (!format.flavor.empty()) name += "." + std::string(format.flavor);
  return name + ".zip";
}

}  // namespace cvemu::exporting
