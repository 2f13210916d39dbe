// What the models of a domain see of images, computed once per image and kept with the image.
#pragma once
#include <string>
#include <string_view>

#include "customvision/api/request_reader.h"
#include "imaging/image.h"
#include "learning/features.h"

namespace cvemu::customvision {

// The way a domain's models look at images.
struct FeatureSpec {
  bool detection = false;
  learning::Geometry geometry = learning::Geometry::General;

  std::string_view kind() const;  // the name under which features are kept
};

// Azure: the domains marked [S1] have an architecture of their own. Emulator: all others share one.
FeatureSpec feature_spec_of(const Uuid& domain);

// What is computed while an image is uploaded: features of classification. Emulator: the cells of detectors
// are a hundred times as large and wait for the first training. Empty: nothing.
std::string features_at_upload(const FeatureSpec& spec, const imaging::Image& image);

// The bytes of an image's features: those kept, or computed from its file and kept from now on. nullopt if
// the image is gone. Call outside any Transaction.
std::optional<std::string> features_of_image(CustomVision& state, const FeatureSpec& spec,
                                             const Uuid& project, const Uuid& image);
learning::Features read_features(std::string_view bytes);

}  // namespace cvemu::customvision
