// One way to a prediction for every endpoint: a rule set by a test if there is one for the image, else the
// model.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "customvision/api/request_reader.h"
#include "customvision/model/trained_model.h"

namespace cvemu::customvision {

// What a rule says, in its order; ids and types come from the iteration. Throws prediction_rule if it names a
// tag that the iteration does not have.
wire::Predictions scripted(std::string_view rule, const Labels& labels);

class Predictor {
 public:
  // Reads what it needs within the transaction and does without one afterwards.
  Predictor(CustomVision& state, Transaction& tx, const Iteration& iteration);

  // `bytes` are the image's file. Throws iteration_not_trained if there is neither rule nor model, and
  // prediction_rule if a rule names a tag that the iteration does not have. Outside any Transaction.
  wire::Predictions predict(std::string_view bytes, const imaging::Image& image) const;

 private:
  Database& database_;
  const Uuid project_;
  const std::shared_ptr<const TrainedModel> trained_;
  const bool has_rules_;
};

}  // namespace cvemu::customvision
