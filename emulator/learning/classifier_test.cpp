#include "learning/classifier.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "learning/evaluation.h"
#include "learning/synthetic.h"

namespace cvemu::learning_classifier_test {

using namespace cvemu::learning;

namespace {

using Draw = synthetic::Image (*)(synthetic::Random&, int);

std::vector<ClassifierSample> make_samples(synthetic::Random& random, Draw draw, int labels, int count,
                                           Geometry g) {
  std::vector<ClassifierSample> out;
  for (int i = 0; i < count; ++i)
    out.push_back({classifier_features(draw(random, i % labels).image, g), {i % labels}});
  return out;
}

std::vector<const ClassifierSample*> pointers(const std::vector<ClassifierSample>& samples) {
  std::vector<const ClassifierSample*> out;
  for (const ClassifierSample& sample : samples) out.push_back(&sample);
  return out;
}

double accuracy(const Classifier& classifier, const std::vector<ClassifierSample>& samples) {
  int right = 0;
  for (const ClassifierSample& sample : samples) {
    const auto p = predict(classifier, sample.features);
    right += std::max_element(p.begin(), p.end()) - p.begin() == sample.tags.front();
  }
  return right / static_cast<double>(samples.size());
}

std::vector<std::vector<int>> tags_of(const std::vector<ClassifierSample>& samples) {
  std::vector<std::vector<int>> out;
  for (const ClassifierSample& sample : samples) out.push_back(sample.tags);
  return out;
}

}  // namespace

TEST_CASE("classification: at least 97 % of held-back easy images, from 50 per tag") {
  for (const Geometry geometry : {Geometry::General, Geometry::S1}) {
    synthetic::Random random(11);
    const auto training = make_samples(random, synthetic::easy, 2, 100, geometry);
    const auto held_back = make_samples(random, synthetic::easy, 2, 100, geometry);
    const ClassifierTask task{geometry, Link::Softmax, {"circle", "square"}};
    const double measured = accuracy(fit_classifier(task, pointers(training)), held_back);
    CAPTURE(measured);
    CHECK(measured >= 0.97);
  }
}

TEST_CASE("classification: on hard images the model is weak and the reported figures say so") {
  synthetic::Random random(12);
  const auto training = make_samples(random, synthetic::hard, 3, 300, Geometry::General);
  const auto held_back = make_samples(random, synthetic::hard, 3, 300, Geometry::General);
  const ClassifierTask task{Geometry::General, Link::Softmax, {"circle", "square", "triangle"}};
  const Classifier classifier = fit_classifier(task, pointers(training));
  HeldOutTags measured{{1, std::vector<int>(held_back.size())}, {}};
  for (const ClassifierSample& sample : held_back) {
    measured.probabilities.push_back(predict(classifier, sample.features));
  }
  const Score truth = performance(measured, tags_of(held_back), 3, 0.5).overall;
  const Score reported = performance(cross_validate(task, training), tags_of(training), 3, 0.5).overall;
  CAPTURE(truth.precision);
  CAPTURE(reported.precision);
  CAPTURE(truth.recall);
  CAPTURE(reported.recall);
  CHECK(accuracy(classifier, held_back) < 0.8);
  CHECK(std::fabs(reported.precision - truth.precision) <= 0.10);
  CHECK(std::fabs(reported.recall - truth.recall) <= 0.10);
}

TEST_CASE("multilabel: each tag is decided by itself, and a negative image has none") {
  synthetic::Random random(13);
  std::vector<ClassifierSample> samples;
  for (int i = 0; i < 80; ++i) {
    std::vector<int> tags;
    cvemu::imaging::Image image = synthetic::background(random, 320, 240);
    for (int tag = 0; tag < 2; ++tag) {
      if ((i >> tag & 1) == 0) continue;
      synthetic::Object object{tag ? synthetic::Shape::Square : synthetic::Shape::Circle, {}, 0, 120, 45};
      object.colour[tag * 2] = 230;
      object.x = tag ? 240 : 80;
      synthetic::draw(image, object, random);
      tags.push_back(tag);
    }
    samples.push_back({classifier_features(image, Geometry::General), tags});
  }
  const ClassifierTask task{Geometry::General, Link::Sigmoid, {"circle", "square"}};
  const std::vector<ClassifierSample> training(samples.begin(), samples.begin() + 60);
  const Classifier classifier = fit_classifier(task, pointers(training));
  int right = 0;
  for (std::size_t i = 60; i < 80; ++i) {
    const auto p = predict(classifier, samples[i].features);
    for (int tag = 0; tag < 2; ++tag) right += (p[std::size_t(tag)] >= 0.5F) == ((i >> tag & 1) != 0);
  }
  CHECK(right >= 38);
}

TEST_CASE("fits are stable: the same samples give the same weights; probabilities sum to 1") {
  synthetic::Random random(14);
  const auto samples = make_samples(random, synthetic::easy, 2, 10, Geometry::General);
  const ClassifierTask task{Geometry::General, Link::Softmax, {"a", "b"}};
  const Classifier first = fit_classifier(task, pointers(samples)),
                   second = fit_classifier(task, pointers(samples));
  CHECK(first.weights == second.weights);
  const auto p = predict(first, samples[0].features);
  CHECK(p[0] + p[1] == doctest::Approx(1));
}

TEST_CASE("uncertainty: none for a sure answer, all for an even one") {
  CHECK(uncertainty({1, 0}, Link::Softmax) == 0);
  CHECK(uncertainty({0.5F, 0.5F}, Link::Softmax) == doctest::Approx(1));
  CHECK(uncertainty({0.5F, 0.5F, 0.5F}, Link::Sigmoid) == doctest::Approx(1));
  CHECK(uncertainty({0.9F, 0.1F}, Link::Softmax) < uncertainty({0.6F, 0.4F}, Link::Softmax));
}

TEST_CASE("labels are ordered by name without regard to case") {
  std::vector<std::string> labels{"banana", "Apple", "cherry", "apple", "Banana"};
  std::sort(labels.begin(), labels.end(), label_less);
  CHECK(labels == std::vector<std::string>{"Apple", "apple", "Banana", "banana", "cherry"});
}

}  // namespace cvemu::learning_classifier_test
