// Answers that tests set for predictions, instead of a model's.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct PredictionRule {
  std::optional<Uuid> project;        // unset: any
  std::optional<std::string> digest;  // SHA-256 of the image's file, hex in lower case; unset: any image
  std::string predictions;            // JSON array of {tagName, probability, boundingBox}
};

namespace prediction_rules {

void add(Transaction& tx, const PredictionRule& rule);
std::vector<PredictionRule> list(Transaction& tx);  // newest first
bool any(Transaction& tx);
// The one that counts: for this very image before those for any, the newest of equals.
std::optional<PredictionRule> find(Transaction& tx, const Uuid& project, std::string_view digest);
void clear(Transaction& tx);

}  // namespace prediction_rules
}  // namespace cvemu
