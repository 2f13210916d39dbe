// What a project must have before it can be trained. Pure.
#pragma once
#include <vector>

#include "store/customvision/iterations.h"
#include "store/customvision/tags.h"

namespace cvemu::customvision {

// The tags with these ids, or all if none is named. Throws tag_not_found.
std::vector<Tag> select_tags(std::vector<Tag> all, const std::vector<Uuid>& ids);

// Throws the validation error of the iteration's kind: too few tags, too few images of a tag, a negative tag
// in object detection. Azure: the limits of limits.h; which code of the family is used when is partly
// inferred.
void require_trainable(const Iteration& iteration, const std::vector<Tag>& tags);

}  // namespace cvemu::customvision
