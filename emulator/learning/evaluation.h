// How good a model is on images it has not seen. Azure: the documentation says that precision and recall come
// from k-fold cross-validation over the training images. Every image is predicted by a model fitted without
// it; those predictions are values to be stored, and answer any threshold later. Deterministic and pure; any
// thread.
#pragma once
#include <vector>

#include "learning/classifier.h"
#include "learning/detector.h"

namespace cvemu::learning {

// Five folds; fewer when a tag has fewer images; three above a thousand images (Emulator: to save time).
struct Folds {
  int count = 0;
  std::vector<int> of_sample;
};
// Images with the same tags are dealt out in turn, by their order.
Folds deal_folds(const std::vector<std::vector<int>>& tags_of_samples);

struct HeldOutTags {
  Folds folds;
  std::vector<std::vector<float>> probabilities;  // per sample, one per label
};
HeldOutTags cross_validate(const ClassifierTask& task, const std::vector<ClassifierSample>& samples);

struct HeldOutBoxes {
  Folds folds;
  std::vector<std::vector<Detection>> detections;  // per sample
};
HeldOutBoxes cross_validate(const DetectorTask& task, const std::vector<DetectorSample>& samples);

struct Score {
  double precision = 0, precision_deviation = 0;  // mean and population deviation over the folds
  double recall = 0, recall_deviation = 0;
  double average_precision = 0;  // area under precision by recall, whatever the threshold
};
struct Performance {
  std::vector<Score> per_tag;
  Score overall;  // Emulator: plain mean over the tags; the service's weighting is not known
};

// A tag counts as predicted from `threshold` up.
Performance performance(const HeldOutTags& held_out, const std::vector<std::vector<int>>& truth, int labels,
                        double threshold);
// A box is right if it overlaps a box of the same label, not yet found by a more probable one, by at least
// `overlap_threshold`.
Performance performance(const HeldOutBoxes& held_out, const std::vector<std::vector<Region>>& truth,
                        int labels, double threshold, double overlap_threshold);

}  // namespace cvemu::learning
