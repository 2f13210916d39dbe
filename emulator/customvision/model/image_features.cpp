#include "customvision/model/image_features.h"

#include <algorithm>
#include <stdexcept>

#include "customvision/files.h"
#include "imaging/decode.h"
#include "learning/model_bytes.h"
#include "store/customvision/features.h"
#include "store/customvision/images.h"

namespace cvemu::customvision {

namespace {

std::string compute(const FeatureSpec& spec, const imaging::Image& image) {
  if (spec.detection) return learning::to_bytes(learning::detector_cells(image, spec.geometry));
  return learning::to_bytes(learning::classifier_features(image, spec.geometry));
}

void keep(CustomVision& state, const FeatureSpec& spec, const Uuid& image, std::string_view bytes) {
  Transaction tx(state.environment.database);
  if (!images::find_any(tx, image)) return;  // deleted meanwhile
  features::put(tx, image, spec.kind(), bytes);
  tx.commit();
}

}  // namespace

std::string_view FeatureSpec::kind() const {
  const bool s1 = geometry == learning::Geometry::S1;
  if (detection) return s1 ? "detector S1" : "detector General";
  return s1 ? "classifier S1" : "classifier General";
}

FeatureSpec feature_spec_of(const Uuid& id) {
  const Domain* domain = find_domain(id);
  if (!domain) return {};
  const bool s1 = domain->name.ends_with("[S1]");
  return {domain->is_detection(), s1 ? learning::Geometry::S1 : learning::Geometry::General};
}

std::string features_at_upload(const FeatureSpec& spec, const imaging::Image& image) {
  return spec.detection ? "" : compute(spec, image);
}

std::optional<std::string> features_of_image(CustomVision& state, const FeatureSpec& spec,
                                             const Uuid& project, const Uuid& image) {
  std::optional<std::string> file;
  {
    Transaction tx(state.environment.database);
    if (auto bytes = features::find(tx, image, spec.kind())) return bytes;
    file = state.files.read_image(tx, project, image);
  }
  if (!file) return std::nullopt;
  const ByteBudget::Share share = state.decoding.take(imaging::memory_to_decode(*file));
  const auto decoded = imaging::decode(*file);
  const auto* pixels = std::get_if<imaging::Image>(&decoded);
  if (!pixels) return std::nullopt;
  std::string bytes = compute(spec, *pixels);
  keep(state, spec, image, bytes);
  return bytes;
}

learning::Features read_features(std::string_view bytes) {
  const std::vector<float> values = learning::floats_from_bytes(bytes);
  learning::Features features{};
  if (values.size() != features.size()) throw std::runtime_error("what was kept of an image is damaged");
  std::copy(values.begin(), values.end(), features.begin());
  return features;
}

}  // namespace cvemu::customvision
