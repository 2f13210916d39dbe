#include "learning/model_bytes.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace cvemu::learning_model_bytes_test {

using namespace cvemu::learning;

namespace {

Classifier classifier() {
  Classifier model{
      Geometry::S1, Link::Sigmoid, {"cat", "Hund"}, std::vector<float>(2 * kFeatures), {0.5F, -2}};
  for (std::size_t i = 0; i < model.weights.size(); ++i) model.weights[i] = static_cast<float>(i) / 7;
  return model;
}

}  // namespace

TEST_CASE("model bytes: a classifier comes back as it was") {
  const Classifier before = classifier();
  const auto after = std::get<Classifier>(model_from_bytes(to_bytes(Model(before))));
  CHECK(after.geometry == before.geometry);
  CHECK(after.link == before.link);
  CHECK(after.labels == before.labels);
  CHECK(after.weights == before.weights);
  CHECK(after.bias == before.bias);
}

TEST_CASE("model bytes: a detector comes back as it was") {
  const Detector before{Geometry::General,  {"one"}, std::vector<float>(6 * kHeadInputs, 0.25F),
                        {1, 2, 3, 4, 5, 6}, 2.5F,    3.5F};
  const auto after = std::get<Detector>(model_from_bytes(to_bytes(Model(before))));
  CHECK(after.labels == before.labels);
  CHECK(after.weights == before.weights);
  CHECK(after.bias == before.bias);
  CHECK(after.anchor_width == before.anchor_width);
  CHECK(after.anchor_height == before.anchor_height);
}

TEST_CASE("model bytes: floats and detections come back as they were") {
  const std::vector<float> values{1, 0.1F, -3};
  CHECK(floats_from_bytes(to_bytes(values)) == values);
  CHECK(floats_from_bytes(to_bytes(std::vector<float>())).empty());
  const auto detections =
      detections_from_bytes(to_bytes(std::vector<Detection>{{{3, 0.1F, 0.2F, 0.3F, 0.4F}, 0.9F}}));
  REQUIRE(detections.size() == 1);
  CHECK(detections[0].region.label == 3);
  CHECK(detections[0].region.height == 0.4F);
  CHECK(detections[0].probability == 0.9F);
}

TEST_CASE("model bytes: anything else is refused, wherever it is cut") {
  const std::string bytes = to_bytes(Model(classifier()));
  for (std::size_t size = 0; size < bytes.size(); size += 3)
    CHECK_THROWS_AS(model_from_bytes(std::string_view(bytes).substr(0, size)), std::runtime_error);
  CHECK_THROWS_AS(model_from_bytes(bytes + '\0'), std::runtime_error);
  CHECK_THROWS_AS(floats_from_bytes("\xff\xff\xff\xff"), std::runtime_error);
  CHECK_THROWS_AS(detections_from_bytes("\xff\xff\xff\xff"), std::runtime_error);
}

}  // namespace cvemu::learning_model_bytes_test
