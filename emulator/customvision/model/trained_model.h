// A trained iteration as the endpoints of prediction use it.
#pragma once
#include <optional>
#include <vector>

#include "customvision/wire/wire_predictions.h"
#include "imaging/image.h"
#include "learning/model_bytes.h"

namespace cvemu::customvision {

// The tags that an iteration's model tells apart, and the answers made of what it says. Pure values.
class Labels {
 public:
  Labels() = default;
  explicit Labels(std::vector<Tag> tags) : tags_(std::move(tags)) {}

  const std::vector<Tag>& tags() const { return tags_; }
  // Azure: every tag, the most probable first (recorded).
  wire::Predictions classified(const std::vector<float>& probabilities) const;
  // Azure: tag after tag, the most probable first within a tag, low values included (recorded). Emulator:
  // boxes end at the image's border, so that they can be sent back as regions.
  wire::Predictions detected(const std::vector<learning::Detection>& detections) const;

 private:
  std::vector<Tag> tags_;  // one per label
};

struct TrainedModel {
  Labels labels;
  std::optional<learning::Model> model;  // an iteration may be without

  // Throws iteration_not_trained if there is no model.
  wire::Predictions predict(const imaging::Image& image) const;
};

Labels labels_of(Transaction& tx, const Iteration& iteration);
TrainedModel load_model(Transaction& tx, const Iteration& iteration);

// 0: certain, 1: no idea. Of boxes: how uncertain the most probable one is.
double uncertainty_of(const wire::Predictions& predictions, const Iteration& iteration);

}  // namespace cvemu::customvision
