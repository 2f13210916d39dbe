// Fits and evaluates a Classifier. Deterministic and pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "learning/features.h"
#include "learning/model.h"

namespace cvemu::learning {

struct ClassifierSample {
  Features features;
  // Indexes into the labels, rising. Multiclass: exactly one. Multilabel: any number; none is a negative
  // image.
  std::vector<int> tags;
};

// What is to be learned, apart from the images.
struct ClassifierTask {
  Geometry geometry = Geometry::General;
  Link link = Link::Softmax;
  std::vector<std::string> labels;  // sorted by label_less
};

// At least one sample and one label. A label without samples is learned as improbable.
Classifier fit_classifier(const ClassifierTask& task, const std::vector<const ClassifierSample*>& samples);

// One probability per label.
std::vector<float> predict(const Classifier& classifier, const Features& features);

// 0 = certain, 1 = no idea: the mean binary entropy of the probabilities (softmax: the entropy over the
// labels).
float uncertainty(const std::vector<float>& probabilities, Link link);

}  // namespace cvemu::learning
