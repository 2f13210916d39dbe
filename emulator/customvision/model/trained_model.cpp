#include "customvision/model/trained_model.h"

#include <algorithm>

#include "customvision/errors.h"
#include "customvision/model/training.h"
#include "learning/classifier.h"
#include "learning/detector.h"
#include "store/customvision/models.h"

namespace cvemu::customvision {

namespace {

wire::Prediction prediction_of(const Tag& tag, float probability) {
  return {probability, tag.id, tag.name, std::string(to_text(tag.type)), std::nullopt};
}

std::vector<float> probabilities_of(const wire::Predictions& predictions) {
  std::vector<float> all;
  for (const wire::Prediction& one : predictions) all.push_back(one.probability);
  return all;
}

}  // namespace

wire::Predictions Labels::classified(const std::vector<float>& probabilities) const {
  wire::Predictions all;
  for (std::size_t i = 0; i < tags_.size() && i < probabilities.size(); ++i)
    all.push_back(prediction_of(tags_[i], probabilities[i]));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return all;
}

wire::Predictions Labels::detected(const std::vector<learning::Detection>& detections) const {
  wire::Predictions all;
  for (std::size_t label = 0; label < tags_.size(); ++label)
    for (const auto& [region, probability] : detections) {  // falling probability
      if (region.label != static_cast<int>(label)) continue;
      const learning::Region inside = learning::clipped(region);
      all.push_back(prediction_of(tags_[label], probability));
      all.back().box = Box{inside.left, inside.top, inside.width, inside.height};
    }
  return all;
}

wire::Predictions TrainedModel::predict(const imaging::Image& image) const {
  if (!model) throw errors::iteration_not_trained();
  if (const auto* classifier = std::get_if<learning::Classifier>(&*model))
    return labels.classified(
        learning::predict(*classifier, learning::classifier_features(image, classifier->geometry)));
  const auto& detector = std::get<learning::Detector>(*model);
  return labels.detected(learning::detect(detector, learning::detector_cells(image, detector.geometry)));
}

Labels labels_of(Transaction& tx, const Iteration& iteration) {
  return Labels(learned_tags(iteration, tags::list(tx, iteration.id)));
}

TrainedModel load_model(Transaction& tx, const Iteration& iteration) {
  TrainedModel trained{labels_of(tx, iteration), std::nullopt};
  if (const auto stored = models::find(tx, iteration.id))
    trained.model = learning::model_from_bytes(stored->bytes);
  return trained;
}

double uncertainty_of(const wire::Predictions& predictions, const Iteration& iteration) {
  const std::vector<float> probabilities = probabilities_of(predictions);
  if (iteration.classification_type == ClassificationType::Multiclass)
    return learning::uncertainty(probabilities, learning::Link::Softmax);
  if (iteration.classification_type) return learning::uncertainty(probabilities, learning::Link::Sigmoid);
  if (probabilities.empty()) return 1;
  return learning::uncertainty({*std::max_element(probabilities.begin(), probabilities.end())},
                               learning::Link::Sigmoid);
}

}  // namespace cvemu::customvision
