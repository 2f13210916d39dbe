// The bodies of predictions, performance and suggestions; see wire.h.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "customvision/wire/wire.h"
#include "learning/evaluation.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision::wire {

struct Prediction {
  float probability = 0;
  Uuid tag;
  std::string tag_name, tag_type;
  std::optional<Box> box;  // object detection only
};
using Predictions = std::vector<Prediction>;

struct ImagePrediction {
  Uuid id, project, iteration;
  Instant created;
  Predictions predictions;
};

// Which members an answer has. Azure: tagType came with Training 3.3 and Prediction 3.1; version 3.0 wrote
// dates with seven digits (recorded).
struct PredictionForm {
  bool tag_types = true, ticks = false;
};

struct TagThreshold {
  Uuid tag;
  double least = 0, most = 1;  // of the probability
};

// PredictionQueryToken. What is unset is echoed as null.
struct PredictionQuery {
  std::optional<std::string> session, continuation, order_by, application;
  std::int64_t max_count = 0;
  std::optional<std::vector<TagThreshold>> tags;
  std::optional<Uuid> iteration;
  std::optional<Instant> start, end;
};

// SuggestedTagAndRegionQueryToken, and TagFilter, which has the first two members.
struct SuggestionQuery {
  std::vector<Uuid> tags;
  double threshold = 0;
  std::optional<std::string> session, continuation, sort_by;
  std::int64_t max_count = 0;
};

// An image and what was suggested for it.
struct Suggestion {
  ImagePrediction prediction;  // its id is the image's
  double uncertainty = 0;
};

struct TagScore {
  Tag tag;
  learning::Score score;
};

// nullopt if the body names no URL.
std::optional<std::string> read_image_url(std::string_view body);
PredictionQuery read_prediction_query(std::string_view body);
SuggestionQuery read_suggestion_query(std::string_view body);
// A JSON array as to_json makes it, or as a rule of the control API: members that are missing stay as they
// are.
Predictions read_predictions(std::string_view json);
// How predictions are kept: as the newest version answers them.
std::string to_json(const Predictions& predictions);

void write(JsonWriter& json, const ImagePrediction& prediction, const PredictionForm& form);
void write(JsonWriter& json, const PredictionQuery& query);
void write(JsonWriter& json, const StoredPrediction& prediction, const ImageLinks& links, const Uuid& domain,
           const PredictionForm& form);
void write(JsonWriter& json, const std::vector<TagScore>& per_tag, const learning::Score& overall);
// Of an image that was held back from training.
void write_image_performance(JsonWriter& json, const TrainingImage& image, const ImageLinks& links,
                             const Predictions& predictions, const PredictionForm& form);
void write(JsonWriter& json, const Suggestion& suggestion, const PredictionForm& form);
void write(JsonWriter& json, const SuggestionQuery& query);
void write_stored_suggestion(JsonWriter& json, const Suggestion& suggestion, const TrainingImage& image,
                             const ImageLinks& links, const Uuid& domain, const PredictionForm& form);
struct RegionProposal {
  float confidence = 0;
  Box box;
};
void write(JsonWriter& json, const Uuid& project, const Uuid& image,
           const std::vector<RegionProposal>& proposals);

}  // namespace cvemu::customvision::wire
