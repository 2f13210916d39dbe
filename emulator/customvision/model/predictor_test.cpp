#include "customvision/model/predictor.h"

#include <doctest/doctest.h>

#include "http/message.h"

namespace cvemu::model_predictor_test {

using namespace cvemu::customvision;

namespace {

Tag tag(unsigned number, const char* name, TagType type = TagType::Regular) {
  return {Uuid(), Uuid(0, number), name, std::nullopt, type, 0};
}

const Labels kLabels({tag(1, "cat"), tag(2, "dog", TagType::Negative)});

}  // namespace

TEST_CASE("A rule's probabilities and boxes are answered as they are; ids and types are the iteration's") {
  const auto answered = scripted(
      R"([{"tagName":"dog","probability":0.25},
          {"tagName":"cat","probability":0.125,"boundingBox":{"left":0.5,"top":0.25,"width":0.125,"height":0.5}}])",
      kLabels);
  REQUIRE(answered.size() == 2);
  CHECK(answered[0].probability == 0.25f);
  CHECK(answered[0].tag == Uuid(0, 2));
  CHECK(answered[0].tag_type == "Negative");
  CHECK_FALSE(answered[0].box);
  REQUIRE(answered[1].box);
  CHECK(answered[1].box->left == 0.5);
  CHECK(scripted("[]", kLabels).empty());
}

TEST_CASE("A rule for a tag that the iteration does not have is an error that names it") {
  try {
    scripted(R"([{"tagName":"bird","probability":1}])", kLabels);
    FAIL("it was accepted");
  } catch (const ApiError& error) {
    CHECK(error.code == "ErrorPrediction");
    CHECK(error.message.find("bird") != std::string::npos);
  }
}

}  // namespace cvemu::model_predictor_test
