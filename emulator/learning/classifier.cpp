#include "learning/classifier.h"

#include <algorithm>

#include "learning/linear.h"
#include "learning/portable_math.h"

namespace cvemu::learning {

namespace {

using Samples = std::vector<const ClassifierSample*>;

Matrix inputs_of(const Samples& samples) {
  Matrix out(samples.size(), kFeatures);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::copy(samples[i]->features.begin(), samples[i]->features.end(), out.row(i));
  }
  return out;
}

Matrix targets_of(const Samples& samples, std::size_t labels) {
  Matrix out(samples.size(), labels);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const int tag : samples[i]->tags) out.row(i)[tag] = 1;
  }
  return out;
}

// Multiclass: every tag has the same say, however many images it has.
std::vector<float> weights_of(const Samples& samples, const ClassifierTask& task) {
  std::vector<float> out(samples.size(), 1.0F);
  if (task.link == Link::Sigmoid) return out;
  std::vector<int> counts(task.labels.size());
  for (const ClassifierSample* sample : samples) ++counts[std::size_t(sample->tags.front())];
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out[i] = 1.0F / static_cast<float>(counts[std::size_t(samples[i]->tags.front())]);
  }
  return out;
}

double entropy_term(double p) {
  return p > 1e-12 ? -p * portable_log(p) : 0;
}

}  // namespace

Classifier fit_classifier(const ClassifierTask& task, const Samples& samples) {
  LinearModel model = fit_logistic(inputs_of(samples), targets_of(samples, task.labels.size()),
                                   weights_of(samples, task), {.link = task.link});
  return {task.geometry, task.link, task.labels, std::move(model.weights), std::move(model.bias)};
}

std::vector<float> predict(const Classifier& classifier, const Features& features) {
  std::vector<float> out = classifier.bias;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] += dot(features.data(), &classifier.weights[k * kFeatures], kFeatures);
  }
  apply_link(classifier.link, out);
  return out;
}

float uncertainty(const std::vector<float>& probabilities, Link link) {
  if (probabilities.empty()) return 1;
  double sum = 0;
  for (const float p : probabilities) {
    sum += entropy_term(p);
    if (link == Link::Sigmoid) sum += entropy_term(1.0 - p);
  }
  const auto n = static_cast<double>(probabilities.size());
  const double most = link == Link::Sigmoid ? n * portable_log(2) : portable_log(std::max(2.0, n));
  return static_cast<float>(std::clamp(sum / most, 0.0, 1.0));
}

}  // namespace cvemu::learning
