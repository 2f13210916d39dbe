#include "customvision/model/predictor.h"

#include <algorithm>

#include "base/hashes.h"
#include "base/text.h"
#include "customvision/model/model_cache.h"
#include "store/customvision/prediction_rules.h"

namespace cvemu::customvision {

wire::Predictions scripted(std::string_view rule, const Labels& labels) {
  wire::Predictions predictions = wire::read_predictions(rule);
  const std::vector<Tag>& tags = labels.tags();
  for (wire::Prediction& one : predictions) {
    const auto tag =
        std::find_if(tags.begin(), tags.end(), [&](const Tag& t) { return t.name == one.tag_name; });
    if (tag == tags.end()) throw errors::prediction_rule(one.tag_name);
    one.tag = tag->id;
    one.tag_type = to_text(tag->type);
  }
  return predictions;
}

Predictor::Predictor(CustomVision& state, Transaction& tx, const Iteration& iteration)
    : database_(state.environment.database),
      project_(iteration.project),
      trained_(state.models.find(tx, iteration)),
      has_rules_(prediction_rules::any(tx)) {}

wire::Predictions Predictor::predict(std::string_view bytes, const imaging::Image& image) const {
  if (!has_rules_) return trained_->predict(image);
  const std::string digest = hex_encode(sha256(bytes));
  std::optional<PredictionRule> rule;
  {
    Transaction tx(database_);
    rule = prediction_rules::find(tx, project_, digest);
  }
  return rule ? scripted(rule->predictions, trained_->labels) : trained_->predict(image);
}

}  // namespace cvemu::customvision
