#include "customvision/api/labelling.h"

#include <algorithm>
#include <set>

#include "customvision/errors.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

bool box_is_legal(const Box& box) {
  // A box may touch the border; single precision on the way must not push it over.
  constexpr double kSlack = 1e-6;
  return box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 &&
         box.left + box.width <= 1 + kSlack && box.top + box.height <= 1 + kSlack;
}

Labelling::Labelling(Transaction& tx, const Project& project)
    : tx_(tx), project_(project), tags_(tags::list(tx, project.id)) {}

const Tag* Labelling::find_tag(const Uuid& id) const {
  const auto found = std::find_if(tags_.begin(), tags_.end(), [&](const Tag& tag) { return tag.id == id; });
  return found == tags_.end() ? nullptr : &*found;
}

const Tag& Labelling::require_tag(const Uuid& id) const {
  const Tag* tag = find_tag(id);
  if (!tag) throw errors::tag_not_found(id);
  return *tag;
}

TrainingImage Labelling::require_image(const Uuid& id) const {
  auto image = images::find(tx_, project_.id, id);
  if (!image) throw errors::image_not_found(id);
  return *std::move(image);
}

std::int64_t Labelling::most_tags() const {
  if (!project_.settings.classification_type) return limits::kAny;
  return project_.settings.classification_type == ClassificationType::Multiclass ? 1 : limits::kTagsPerImage;
}

bool Labelling::is_negative(const Uuid& id) const {
  const Tag* tag = find_tag(id);
  return tag && tag->type == TagType::Negative;
}

bool Labelling::has_room(const TrainingImage& image, const Uuid& tag) const {
  const bool has_it =
      std::any_of(image.tags.begin(), image.tags.end(), [&](const ImageTag& t) { return t.tag == tag; });
  return has_it || std::ssize(image.tags) < most_tags();
}

void Labelling::require_one_kind(const TrainingImage& image, const Uuid& tag) const {
  for (const ImageTag& other : image.tags)
    if (is_negative(other.tag) != is_negative(tag)) throw errors::negative_and_regular_tag(image.id);
}

std::string Labelling::status_of(const std::vector<Uuid>& tags, const std::vector<wire::RegionEntry>& regions,
                                 ApiVersion version) const {
  std::set<Uuid> all(tags.begin(), tags.end());
  for (const wire::RegionEntry& region : regions) all.insert(region.tag);
  // Azure: ErrorInvalidTag is a status of 3.4-preview.
  for (const Uuid& id : all)
    if (!find_tag(id)) return version >= ApiVersion::V3_4 ? "ErrorInvalidTag" : "ErrorUnknown";
  const auto negative =
      std::count_if(all.begin(), all.end(), [&](const Uuid& id) { return is_negative(id); });
  if (negative > 0 && negative < std::ssize(all)) return "ErrorNegativeAndRegularTagOnSameImage";
  if (std::ssize(all) > most_tags()) return "ErrorTagLimitExceed";
  if (std::ssize(regions) > limits::kRegionsPerImage) return "ErrorRegionLimitExceed";
  return "OK";
}

}  // namespace cvemu::customvision
