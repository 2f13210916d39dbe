// What trainings left behind: a model for each completed iteration, and what models that had not seen an
// image predicted for it. The bytes are learning/model_bytes.h's.
#pragma once
#include <string>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct StoredModel {
  std::string bytes;
  int folds = 0;  // of the cross-validation
};

struct HeldOut {
  Uuid image;
  int fold = 0;
  std::string bytes;  // probabilities of a classifier, detections of a detector
};

namespace models {

void put(Transaction& tx, const Uuid& iteration, const StoredModel& model,
         const std::vector<HeldOut>& held_out);
std::optional<StoredModel> find(Transaction& tx, const Uuid& iteration);
// Without images that were deleted since. In the order of ids; no figure depends on it, for equal
// probabilities count together (learning/evaluation.h).
std::vector<HeldOut> held_out(Transaction& tx, const Uuid& iteration);
// For the copy of an iteration; the held-out predictions follow image by image.
void copy(Transaction& tx, const Uuid& from, const Uuid& to);
void put_held_out(Transaction& tx, const Uuid& iteration, const HeldOut& held_out);

}  // namespace models
}  // namespace cvemu
