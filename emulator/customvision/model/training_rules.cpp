#include "customvision/model/training_rules.h"

#include <algorithm>

#include "customvision/domains.h"
#include "customvision/errors.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

bool all_have(const std::vector<Tag>& tags, std::int64_t least) {
  return std::all_of(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.image_count >= least; });
}

bool has_negative(const std::vector<Tag>& tags) {
  return std::any_of(tags.begin(), tags.end(), [](const Tag& tag) { return tag.type == TagType::Negative; });
}

void require_trainable_detection(const std::vector<Tag>& tags) {
  constexpr std::string_view kCode = "DetectionTrainingValidationFailed";
  if (has_negative(tags)) throw errors::negative_tag_in_detection();
  if (tags.empty()) throw errors::not_enough_tags(kCode);
  if (!all_have(tags, limits::kDetectionImagesPerTag)) throw errors::not_enough_images(kCode);
}

}  // namespace

std::vector<Tag> select_tags(std::vector<Tag> all, const std::vector<Uuid>& ids) {
  if (ids.empty()) return all;
  std::vector<Tag> selected;
  for (const Uuid& id : ids) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Tag& tag) { return tag.id == id; });
    if (found == all.end()) throw errors::tag_not_found(id);
    selected.push_back(*found);
  }
  return selected;
}

void require_trainable(const Iteration& iteration, const std::vector<Tag>& tags) {
  const Domain* domain = find_domain(iteration.domain);
  if (domain && domain->is_detection()) return require_trainable_detection(tags);
  const bool multiclass = iteration.classification_type == ClassificationType::Multiclass;
  const std::string_view code = multiclass ? "MultiClassClassificationTrainingValidationFailed"
                                           : "MultiLabelClassificationTrainingValidationFailed";
  if (tags.size() < limits::kClassificationTags) throw errors::not_enough_tags(code);
  if (!all_have(tags, limits::kClassificationImagesPerTag)) throw errors::not_enough_images(code);
}

}  // namespace cvemu::customvision
