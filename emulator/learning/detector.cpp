#include "learning/detector.h"

#include <algorithm>
#include <cmath>

#include "learning/grid.h"
#include "learning/portable_math.h"

namespace cvemu::learning {

namespace {

constexpr std::size_t kMaxPositives = 1000;  // bounds time and memory of a fit
constexpr double kBoxPenalty = 0.05 * kHeadInputs;

// A cell that answers for an object.
struct Positive {
  CellPlace place;
  Region region;
};

class Training {
 public:
  Training(const DetectorTask& task, const std::vector<const DetectorSample*>& samples)
      : task_(task), samples_(samples), side_(detector_shape(task.geometry).grid) {
    for (const DetectorSample* sample : samples) grids_.emplace_back(sample->cells, side_);
    for (std::size_t i = 0; i < samples.size(); ++i) sort_cells(i);
    positives_ = subsampled(positives_, kMaxPositives);
  }

  Detector run() {
    set_anchor();
    std::vector<CellPlace> places;
    for (const Positive& positive : positives_) places.push_back(positive.place);
    const Matrix inputs = patches(grids_, places);
    const LinearModel boxes = fit_boxes(inputs);
    const LinearModel object = fit_objectness(places);
    const LinearModel classes = fit_classes(inputs);
    for (const LinearModel* part : {&boxes, &object, &classes}) append(*part);
    return std::move(out_);
  }

 private:
  // In units of cells.
  double centre_x(const Region& r) const { return (r.left + r.width / 2.0) * side_; }
  double centre_y(const Region& r) const { return (r.top + r.height / 2.0) * side_; }

  // Near the centre: within a fifth of the box, and at least half a cell. The nearest such box.
  const Region* object_at(const std::vector<Region>& regions, int column, int row) const {
    const Region* best = nullptr;
    double nearest = 1;
    for (const Region& r : regions) {
      const double reach_x = std::max(0.5, 0.2 * r.width * side_),
                   reach_y = std::max(0.5, 0.2 * r.height * side_);
      const double away = std::max(std::fabs(column + 0.5 - centre_x(r)) / reach_x,
                                   std::fabs(row + 0.5 - centre_y(r)) / reach_y);
      if (away > nearest) continue;
      nearest = away;
      best = &r;
    }
    return best;
  }

  bool is_inside(const std::vector<Region>& regions, int column, int row) const {
    return std::any_of(regions.begin(), regions.end(), [&](const Region& r) {
      return std::fabs(column + 0.5 - centre_x(r)) < r.width * side_ / 2.0 &&
             std::fabs(row + 0.5 - centre_y(r)) < r.height * side_ / 2.0;
    });
  }

  void sort_cells(std::size_t sample) {
    const std::vector<Region>& regions = samples_[sample]->regions;
    for (int row = 0; row < side_; ++row) {
      for (int column = 0; column < side_; ++column) {
        const CellPlace place{sample, column, row};
        if (const Region* region = object_at(regions, column, row)) {
          positives_.push_back({place, *region});
        } else {
          (is_inside(regions, column, row) ? inside_ : background_).push_back(place);
        }
      }
    }
  }

  void set_anchor() {
    double width = 0, height = 0;
    for (const Positive& p : positives_) {
      width += portable_log(std::max(1e-3F, p.region.width) * side_);
      height += portable_log(std::max(1e-3F, p.region.height) * side_);
    }
    const auto n = static_cast<double>(positives_.size());
    out_.geometry = task_.geometry;
    out_.labels = task_.labels;
    out_.anchor_width = static_cast<float>(portable_exp(width / n));
    out_.anchor_height = static_cast<float>(portable_exp(height / n));
  }

  LinearModel fit_boxes(const Matrix& inputs) const {
    Matrix targets(positives_.size(), 4);
    for (std::size_t i = 0; i < positives_.size(); ++i) {
      const auto& [place, r] = positives_[i];
      float* to = targets.row(i);
      to[0] = static_cast<float>(centre_x(r) - place.column);
      to[1] = static_cast<float>(centre_y(r) - place.row);
      to[2] = static_cast<float>(portable_log(std::max(1e-3F, r.width) * side_ / out_.anchor_width));
      to[3] = static_cast<float>(portable_log(std::max(1e-3F, r.height) * side_ / out_.anchor_height));
    }
    return fit_ridge(inputs, targets, kBoxPenalty);
  }

  LinearModel fit_classes(const Matrix& inputs) const {
    const std::size_t labels = task_.labels.size();
    Matrix targets(positives_.size(), labels);
    std::vector<float> counts(labels), weights;
    for (const Positive& p : positives_) ++counts[std::size_t(p.region.label)];
    for (std::size_t i = 0; i < positives_.size(); ++i) {
      const auto label = std::size_t(positives_[i].region.label);
      targets.row(i)[label] = 1;
      weights.push_back(1 / counts[label]);
    }
    return fit_logistic(inputs, targets, weights, {.link = Link::Softmax});
  }

  // Once with evenly spaced negatives, once more with those that the first fit takes for objects.
  LinearModel fit_objectness(const std::vector<CellPlace>& positives) const {
    const std::size_t n = positives.size();
    std::vector<CellPlace> places = positives;
    append_to(places, subsampled(inside_, n));
    append_to(places, subsampled(background_, 3 * n));
    constexpr int kRoughly = 100, kFully = 400;
    const LinearModel first = fit_objects(places, n, kRoughly);
    append_to(places, hard_negatives(first, n));
    return fit_objects(places, n, kFully);
  }

  LinearModel fit_objects(const std::vector<CellPlace>& places, std::size_t positives, int iterations) const {
    Matrix targets(places.size(), 1);
    std::fill_n(targets.values.begin(), positives, 1.0F);
    const std::vector<float> weights(places.size(), 1.0F);
    return fit_logistic(patches(grids_, places), targets, weights,
                        {.link = Link::Sigmoid, .max_iterations = iterations});
  }

  std::vector<CellPlace> hard_negatives(const LinearModel& objects, std::size_t most) const {
    std::vector<std::pair<float, CellPlace>> scored;
    for (const auto* places : {&inside_, &background_}) {
      for (const CellPlace& place : *places) {
        const float score = grids_[place.sample].product(objects.weights.data(), place.column, place.row);
        if (score + objects.bias[0] > 0) scored.emplace_back(score, place);
      }
    }
    std::stable_sort(scored.begin(), scored.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<CellPlace> out;
    for (std::size_t i = 0; i < std::min(most, scored.size()); ++i) out.push_back(scored[i].second);
    return out;
  }

  static void append_to(std::vector<CellPlace>& all, const std::vector<CellPlace>& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  void append(const LinearModel& part) {
    out_.weights.insert(out_.weights.end(), part.weights.begin(), part.weights.end());
    out_.bias.insert(out_.bias.end(), part.bias.begin(), part.bias.end());
  }

  const DetectorTask& task_;
  const std::vector<const DetectorSample*>& samples_;
  const int side_;
  std::vector<PaddedGrid> grids_;
  std::vector<Positive> positives_;
  std::vector<CellPlace> inside_, background_;
  Detector out_;
};

// Reads one cell of head_outputs.
class CellReader {
 public:
  CellReader(const Detector& detector, const std::vector<float>& outputs)
      : detector_(detector), outputs_(outputs), side_(detector_shape(detector.geometry).grid) {}

  Detection at(int column, int row) const {
    const std::size_t cell = std::size_t(row * side_ + column);
    std::vector<float> classes;
    for (std::size_t k = kBoxOutputs; k < detector_.bias.size(); ++k) classes.push_back(value(k, cell));
    apply_link(Link::Softmax, classes);
    const auto best = std::max_element(classes.begin(), classes.end());
    const float width = size(value(2, cell), detector_.anchor_width);
    const float height = size(value(3, cell), detector_.anchor_height);
    const auto label = static_cast<int>(best - classes.begin());
    const float x = (value(0, cell) + static_cast<float>(column)) / static_cast<float>(side_);
    const float y = (value(1, cell) + static_cast<float>(row)) / static_cast<float>(side_);
    return {{label, x - width / 2, y - height / 2, width, height},
            static_cast<float>(logistic(value(4, cell))) * *best};
  }

 private:
  float value(std::size_t output, std::size_t cell) const {
    return outputs_[output * std::size_t(side_ * side_) + cell];
  }
  float size(float t, float anchor) const {
    return static_cast<float>(portable_exp(t)) * anchor / static_cast<float>(side_);
  }

  const Detector& detector_;
  const std::vector<float>& outputs_;
  const int side_;
};

}  // namespace

Detector fit_detector(const DetectorTask& task, const std::vector<const DetectorSample*>& samples) {
  return Training(task, samples).run();
}

std::vector<float> head_outputs(const Detector& detector, const Cells& cells) {
  const int side = detector_shape(detector.geometry).grid;
  const PaddedGrid grid(cells, side);
  std::vector<float> out;
  for (std::size_t k = 0; k < detector.bias.size(); ++k) {
    const float* weights = &detector.weights[k * kHeadInputs];
    for (int row = 0; row < side; ++row) {
      for (int column = 0; column < side; ++column) {
        out.push_back(grid.product(weights, column, row) + detector.bias[k]);
      }
    }
  }
  return out;
}

std::vector<Detection> detect(const Detector& detector, const Cells& cells) {
  const int side = detector_shape(detector.geometry).grid;
  const std::vector<float> outputs = head_outputs(detector, cells);
  const CellReader reader(detector, outputs);
  std::vector<Detection> found;
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const Detection detection = reader.at(column, row);
      if (detection.probability >= kMinProbability) found.push_back(detection);
    }
  }
  return non_max_suppression(std::move(found), kSuppressOverlap, kMaxDetections);
}

}  // namespace cvemu::learning
