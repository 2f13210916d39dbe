// The rules for what may be on an image: how many tags, and which together.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "customvision/wire/wire.h"
#include "store/customvision/images.h"
#include "store/customvision/projects.h"
#include "store/customvision/tags.h"

namespace cvemu::customvision {

// Inside the image and not empty. Pure.
bool box_is_legal(const Box& box);

// The rules of one project within one transaction, which must outlive this object.
class Labelling {
 public:
  Labelling(Transaction& tx, const Project& project);

  const Uuid& workspace() const { return project_.id; }
  const Tag* find_tag(const Uuid& id) const;
  // Throw tag_not_found, image_not_found.
  const Tag& require_tag(const Uuid& id) const;
  TrainingImage require_image(const Uuid& id) const;

  // Whether a tag may join those of the image. Azure: one tag in a multiclass project, 100 else (quotas).
  bool has_room(const TrainingImage& image, const Uuid& tag) const;
  // Throws negative_and_regular_tag if the tag cannot be on an image with these tags.
  void require_one_kind(const TrainingImage& image, const Uuid& tag) const;
  // The status of an image that is to be created with these: "OK" or what is wrong. Pure but for the project.
  std::string status_of(const std::vector<Uuid>& tags, const std::vector<wire::RegionEntry>& regions,
                        ApiVersion version) const;

 private:
  std::int64_t most_tags() const;
  bool is_negative(const Uuid& tag) const;

  Transaction& tx_;
  const Project& project_;
  const std::vector<Tag> tags_;
};

}  // namespace cvemu::customvision
