#include "exporting/manifest.h"

#include <utility>
#include <vector>

#include "base/hashes.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/times.h"

namespace cvemu::exporting {

using learning::Classifier;
using learning::Detector;
using learning::Geometry;

namespace {

std::string json_text(std::string_view text) {
  return JsonWriter().string(text).take();
}

using Members = std::vector<std::pair<std::string, std::string>>;  // names and ready values

std::string indented_json(const Members& members, std::string_view line_end, int indent) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    out += out.size() > 1 ? "," : "";
    out += line_end;
    out += std::string(std::size_t(indent), ' ') + json_text(name) + ": " + value;
  }
  out += line_end;
  return out + "}";
}

// How the file says that an image becomes the model's input, and its output an answer. Ours are always
// stretched.
struct Pipeline {
  const char* postprocess;
  const char* biases;
  const char* suppress_overlap;
  int side;
};

constexpr const char* kAnchorList = "[0.573, 0.677, 1.87, 2.06, 3.34, 5.47, 7.88, 3.53, 9.77, 9.17]";

Pipeline pipeline(const Classifier& c) {
  const bool single = c.link == learning::Link::Softmax;
  return {single ? "ClassificationMultiClass" : "ClassificationMultiLabel", "[]", "0.0",
          classifier_shape(c.geometry).input};
}

Pipeline pipeline(const Detector& d) {
  const int side = detector_shape(d.geometry).input;
  if (d.geometry == Geometry::S1) return {"SSD", "[]", "0.0", side};
  return {"Yolo", kAnchorList, "0.45", side};
}

}  // namespace

std::string manifest_text(const Manifest& m, const Model& model) {
  const bool detection = std::holds_alternative<Detector>(model);
  return indented_json({{"DomainType", json_text(detection ? "ObjectDetection" : "Classification")},
                        {"Platform", json_text(m.platform)},
                        {"Flavor", m.flavor.empty() ? "null" : json_text(m.flavor)},
                        {"ExporterVersion", json_text(m.exporter_version)},
                        {"ExportedDate", json_text(times::iso_naive(m.exported) + "Z")},
                        {"IterationId", json_text(m.iteration_id.text())},
                        {"ModelFileName", json_text(m.model_file)},
                        {"LabelFileName", json_text("labels.txt")},
                        {"MetadataPropsFileName", json_text("metadata_properties.json")},
                        {"ModelFileSHA1", json_text(hex_encode(sha1(m.model_bytes)))},
                        {"SchemaVersion", json_text("1.0")}},
                       "\r\n", 2);
}

std::string labels_text(const Model& model) {
  std::string out;
  for (const std::string& label : std::visit([](const auto& m) { return m.labels; }, model)) {
    out += (out.empty() ? "" : "\n") + label;
  }
  return out;
}

std::string metadata_text(const Model& model) {
  const Pipeline p = std::visit([](const auto& m) { return pipeline(m); }, model);
  const std::string side = std::to_string(p.side);
  // Azure: describes the training, not the graph; graphs want 0..255 although it says Normalized_0_1.
  const std::pair<const char*, std::string_view> properties[] = {
      {"CustomVision.Metadata.AdditionalModelInfo", ""},
      {"CustomVision.Metadata.Version", "1.2"},
      {"CustomVision.Postprocess.Method", p.postprocess},
      {"CustomVision.Postprocess.Yolo.Biases", p.biases},
      {"CustomVision.Postprocess.Yolo.NmsThreshold", p.suppress_overlap},
      {"CustomVision.Preprocess.CropHeight", "0"},
      {"CustomVision.Preprocess.CropMethod", "NoCrop"},
      {"CustomVision.Preprocess.CropWidth", "0"},
      {"CustomVision.Preprocess.MaxDimension", "0"},
      {"CustomVision.Preprocess.MaxScale", "0.0"},
      {"CustomVision.Preprocess.MinDimension", "0"},
      {"CustomVision.Preprocess.MinScale", "0.0"},
      {"CustomVision.Preprocess.NormalizeMean", "[0.0, 0.0, 0.0]"},
      {"CustomVision.Preprocess.NormalizeStd", "[1.0, 1.0, 1.0]"},
      {"CustomVision.Preprocess.ResizeMethod", "Stretch"},
      {"CustomVision.Preprocess.TargetHeight", side},
      {"CustomVision.Preprocess.TargetWidth", side},
      {"Image.BitmapPixelFormat", "Rgb8"},
      {"Image.ColorSpaceGamma", "SRGB"},
      {"Image.NominalPixelRange", "Normalized_0_1"}};
  Members members;
  for (const auto& [name, value] : properties) members.emplace_back(name, json_text(value));
  return indented_json(members, "\n", 4);
}

std::string licence_text() {
  return R"(This archive was written by cvemu, an emulator.

The model in it was trained from the images of whoever ran the emulator. The
authors of the emulator claim no rights in it. The other files of the archive
may be used, copied, changed and passed on by anyone, for any purpose.

Everything in it is provided "as is", without warranty of any kind. In no event
shall the authors of the emulator be liable for any claim or damages arising
from its use.
)";
}

}  // namespace cvemu::exporting
