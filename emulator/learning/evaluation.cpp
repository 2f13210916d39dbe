#include "learning/evaluation.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace cvemu::learning {

namespace {

// One prediction of one tag.
struct Claim {
  int fold = 0;
  float probability = 0;
  bool right = false;
};

struct TagRecord {
  std::vector<Claim> claims;
  std::vector<int> actual;  // occurrences of the tag in each fold
};

struct MeanAndDeviation {
  double mean = 0, deviation = 0;
};

MeanAndDeviation summarise(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, std::sqrt(squares / n)};
}

double average_precision(std::vector<Claim> claims, int actual) {
  std::stable_sort(claims.begin(), claims.end(),
                   [](const Claim& a, const Claim& b) { return a.probability > b.probability; });
  double area = 0, recall = 0;
  int right = 0;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    right += claims[i].right;
    const bool tied = i + 1 < claims.size() && claims[i + 1].probability == claims[i].probability;
    if (tied || actual == 0) continue;
    const double next_recall = static_cast<double>(right) / actual;
    area += (next_recall - recall) * right / static_cast<double>(i + 1);
    recall = next_recall;
  }
  return area;
}

// A fold without the tag has no recall; one that neither has nor predicts it has no precision either.
Score score_tag(const TagRecord& record, double threshold) {
  const std::size_t folds = record.actual.size();
  std::vector<int> predicted(folds), right(folds);
  for (const Claim& claim : record.claims) {
    if (claim.probability < threshold) continue;
    ++predicted[std::size_t(claim.fold)];
    right[std::size_t(claim.fold)] += claim.right;
  }
  std::vector<double> precisions, recalls;
  int actual = 0;
  for (std::size_t f = 0; f < folds; ++f) {
    actual += record.actual[f];
    if (record.actual[f] > 0) recalls.push_back(static_cast<double>(right[f]) / record.actual[f]);
    if (predicted[f] > 0) {
      precisions.push_back(static_cast<double>(right[f]) / predicted[f]);
    } else if (record.actual[f] > 0) {
      precisions.push_back(0);
    }
  }
  const MeanAndDeviation precision = summarise(precisions), recall = summarise(recalls);
  return {precision.mean, precision.deviation, recall.mean, recall.deviation,
          average_precision(record.claims, actual)};
}

Performance score(const std::vector<TagRecord>& records, double threshold) {
  Performance out;
  for (const TagRecord& record : records) out.per_tag.push_back(score_tag(record, threshold));
  const auto n = static_cast<double>(std::max<std::size_t>(1, records.size()));
  for (const Score& tag : out.per_tag) {
    out.overall.precision += tag.precision / n;
    out.overall.precision_deviation += tag.precision_deviation / n;
    out.overall.recall += tag.recall / n;
    out.overall.recall_deviation += tag.recall_deviation / n;
    out.overall.average_precision += tag.average_precision / n;
  }
  return out;
}

std::vector<TagRecord> empty_records(int labels, const Folds& folds) {
  return std::vector<TagRecord>(std::size_t(labels),
                                TagRecord{{}, std::vector<int>(std::size_t(folds.count))});
}

std::vector<int> labels_in(const DetectorSample& sample) {
  std::vector<int> out;
  for (const Region& region : sample.regions) out.push_back(region.label);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Those outside the fold.
template <class Sample>
std::vector<const Sample*> without(const std::vector<Sample>& samples, const Folds& folds, int fold) {
  std::vector<const Sample*> out;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (folds.of_sample[i] != fold) out.push_back(&samples[i]);
  }
  return out;
}

bool has_regions(const std::vector<const DetectorSample*>& samples) {
  return std::any_of(samples.begin(), samples.end(),
                     [](const auto* sample) { return !sample->regions.empty(); });
}

// Whether each of one image's detections, most probable first, finds a box of its own.
std::vector<Claim> judge(const std::vector<Detection>& detections, const std::vector<Region>& truth, int fold,
                         double overlap_threshold) {
  std::vector<Claim> claims;
  std::vector<bool> found(truth.size());
  for (const Detection& detection : detections) {
    std::size_t best = truth.size();
    double most = overlap_threshold;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double common = overlap(detection.region, truth[i]);
      if (found[i] || truth[i].label != detection.region.label || common < most) continue;
      most = common;
      best = i;
    }
    if (best < truth.size()) found[best] = true;
    claims.push_back({fold, detection.probability, best < truth.size()});
  }
  return claims;
}

}  // namespace

Folds deal_folds(const std::vector<std::vector<int>>& tags_of_samples) {
  constexpr std::size_t kManySamples = 1000;
  std::map<int, int> images_of_tag;
  for (const auto& tags : tags_of_samples) {
    for (const int tag : tags) ++images_of_tag[tag];
  }
  int count = tags_of_samples.size() > kManySamples ? 3 : 5;
  for (const auto& [tag, images] : images_of_tag) count = std::min(count, images);
  Folds folds{std::max(2, count), {}};
  std::map<std::vector<int>, int> turn;
  for (const auto& tags : tags_of_samples) {
    const auto first = static_cast<int>(turn.size());  // not every small group begins with the same fold
    int& next = turn.try_emplace(tags, first).first->second;
    folds.of_sample.push_back(next++ % folds.count);
  }
  return folds;
}

HeldOutTags cross_validate(const ClassifierTask& task, const std::vector<ClassifierSample>& samples) {
  std::vector<std::vector<int>> tags;
  for (const ClassifierSample& sample : samples) tags.push_back(sample.tags);
  HeldOutTags out{deal_folds(tags), {}};
  out.probabilities.assign(samples.size(), std::vector<float>(task.labels.size()));
  for (int fold = 0; fold < out.folds.count; ++fold) {
    const auto training = without(samples, out.folds, fold);
    if (training.empty() || training.size() == samples.size()) continue;
    const Classifier classifier = fit_classifier(task, training);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (out.folds.of_sample[i] == fold) out.probabilities[i] = predict(classifier, samples[i].features);
    }
  }
  return out;
}

HeldOutBoxes cross_validate(const DetectorTask& task, const std::vector<DetectorSample>& samples) {
  std::vector<std::vector<int>> tags;
  for (const DetectorSample& sample : samples) tags.push_back(labels_in(sample));
  HeldOutBoxes out{deal_folds(tags), {}};
  out.detections.resize(samples.size());
  for (int fold = 0; fold < out.folds.count; ++fold) {
    const auto training = without(samples, out.folds, fold);
    if (!has_regions(training) || training.size() == samples.size()) continue;
    const Detector detector = fit_detector(task, training);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (out.folds.of_sample[i] == fold) out.detections[i] = detect(detector, samples[i].cells);
    }
  }
  return out;
}

Performance performance(const HeldOutTags& held_out, const std::vector<std::vector<int>>& truth, int labels,
                        double threshold) {
  std::vector<TagRecord> records = empty_records(labels, held_out.folds);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int fold = held_out.folds.of_sample[i];
    for (std::size_t k = 0; k < records.size(); ++k) {
      const bool has = std::find(truth[i].begin(), truth[i].end(), static_cast<int>(k)) != truth[i].end();
      records[k].actual[std::size_t(fold)] += has;
      records[k].claims.push_back({fold, held_out.probabilities[i][k], has});
    }
  }
  return score(records, threshold);
}

Performance performance(const HeldOutBoxes& held_out, const std::vector<std::vector<Region>>& truth,
                        int labels, double threshold, double overlap_threshold) {
  std::vector<TagRecord> records = empty_records(labels, held_out.folds);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int fold = held_out.folds.of_sample[i];
    for (const Region& region : truth[i]) ++records[std::size_t(region.label)].actual[std::size_t(fold)];
    const auto claims = judge(held_out.detections[i], truth[i], fold, overlap_threshold);
    for (std::size_t j = 0; j < claims.size(); ++j) {
      records[std::size_t(held_out.detections[i][j].region.label)].claims.push_back(claims[j]);
    }
  }
  return score(records, threshold);
}

}  // namespace cvemu::learning
