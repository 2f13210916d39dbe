#include "customvision/model/training_rules.h"

#include <doctest/doctest.h>

#include "customvision/domains.h"
#include "http/message.h"

namespace cvemu::model_training_rules_test {

using namespace cvemu::customvision;

namespace {

Iteration iteration_of(std::string_view domain, std::optional<ClassificationType> type) {
  Iteration iteration;
  iteration.domain = *Uuid::parse(domain);
  iteration.classification_type = type;
  return iteration;
}

std::vector<Tag> tags_with(std::initializer_list<std::int64_t> counts, TagType type = TagType::Regular) {
  std::vector<Tag> tags;
  for (const std::int64_t count : counts)
    tags.push_back(
        {Uuid(), Uuid(0, tags.size() + 1), "tag" + std::to_string(tags.size()), std::nullopt, type, count});
  return tags;
}

std::string refusal(const Iteration& iteration, const std::vector<Tag>& tags) {
  try {
    require_trainable(iteration, tags);
    return "";
  } catch (const ApiError& error) {
    return error.code + ": " + error.message;
  }
}

const Iteration kMultilabel = iteration_of(kDefaultDomain, ClassificationType::Multilabel);
const Iteration kMulticlass = iteration_of(kDefaultDomain, ClassificationType::Multiclass);
const Iteration kObjects = iteration_of("da2e3a8a-40a5-4171-82f4-58522f70fbc1", std::nullopt);

}  // namespace

TEST_CASE("Training rules: two tags with five images each for classification") {
  CHECK(refusal(kMultilabel, tags_with({5, 5})).empty());
  CHECK(refusal(kMultilabel, tags_with({5})) ==
        "BadRequestMultiLabelClassificationTrainingValidationFailed: Not enough tags for training");
  CHECK(refusal(kMultilabel, tags_with({5, 4})) ==
        "BadRequestMultiLabelClassificationTrainingValidationFailed: Not enough images per tag for training");
  CHECK(refusal(kMulticlass, tags_with({4, 5})) ==
        "BadRequestMultiClassClassificationTrainingValidationFailed: Not enough images per tag for training");
}

TEST_CASE("Training rules: one tag with fifteen images for detection, and no negative tag") {
  CHECK(refusal(kObjects, tags_with({15})).empty());
  CHECK(refusal(kObjects, {}) == "BadRequestDetectionTrainingValidationFailed: Not enough tags for training");
  CHECK(refusal(kObjects, tags_with({14})) ==
        "BadRequestDetectionTrainingValidationFailed: Not enough images per tag for training");
  CHECK(refusal(kObjects, tags_with({15}, TagType::Negative))
            .starts_with("BadRequestDetectionTrainingNotAllowNegativeTag"));
}

TEST_CASE("Training rules: selected tags, all without a selection, an error for an unknown one") {
  const auto tags = tags_with({1, 2, 3});
  CHECK(select_tags(tags, {}).size() == 3);
  CHECK(select_tags(tags, {tags[2].id})[0].image_count == 3);
  CHECK_THROWS_AS(select_tags(tags, {Uuid(0, 99)}), ApiError);
}

}  // namespace cvemu::model_training_rules_test
