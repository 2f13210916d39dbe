// Fits and evaluates a Detector: one learned 5x5 convolution over the grid of filter responses. Deterministic
// and pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "learning/features.h"
#include "learning/model.h"
#include "learning/regions.h"

namespace cvemu::learning {

struct DetectorSample {
  Cells cells;
  std::vector<Region> regions;  // none: a negative image
};

struct DetectorTask {
  Geometry geometry = Geometry::General;
  std::vector<std::string> labels;  // sorted by label_less
};

// At least one region among the samples.
Detector fit_detector(const DetectorTask& task, const std::vector<const DetectorSample*>& samples);

constexpr float kSuppressOverlap = 0.45F;  // Azure: Postprocess.Yolo.NmsThreshold of the exports
constexpr std::size_t kMaxDetections = 64;
constexpr float kMinProbability = 0.01F;

// probability = logistic(objectness) * softmax(classes), falling. Boxes may reach beyond the image, as
// those of the exported models do; see clipped().
std::vector<Detection> detect(const Detector& detector, const Cells& cells);

// The learned convolution alone: (kBoxOutputs + labels) x grid x grid. What the exported networks compute.
std::vector<float> head_outputs(const Detector& detector, const Cells& cells);

}  // namespace cvemu::learning
