#include "store/customvision/project_copy.h"

#include "base/required.h"
#include "store/customvision/features.h"
#include "store/customvision/images.h"
#include "store/customvision/iterations.h"
#include "store/customvision/models.h"
#include "store/customvision/regions.h"
#include "store/customvision/tags.h"
#include "store/customvision/workspaces.h"

namespace cvemu::project_copy {

namespace {

class Copy {
 public:
  Copy(Transaction& tx, const Uuid& from, const Uuid& to, IdSource& ids)
      : tx_(tx), from_(from), to_(to), ids_(ids) {}

  void run() {
    for (const Uuid& id : images_of_project()) copy_image(id);
    copy_workspace(from_, to_);
    for (Iteration& iteration : iterations::list(tx_, from_))
      if (iteration.status == IterationStatus::Completed) copy_iteration(std::move(iteration));
  }

  NewIds take() { return {std::move(images_)}; }

 private:
  std::vector<Uuid> ids_of(Statement rows, const Uuid& owner) {
    rows.bind(owner);
    std::vector<Uuid> all;
    while (rows.step()) all.push_back(rows.uuid(0));
    return all;
  }
  std::vector<Uuid> images_of_project() {
    return ids_of(tx_.prepare("SELECT id FROM images WHERE project = ? ORDER BY created, id"), from_);
  }
  std::vector<Uuid> images_of_workspace(const Uuid& workspace) {
    return ids_of(tx_.prepare("SELECT image FROM workspace_images WHERE workspace = ?"), workspace);
  }

  Uuid new_tag(const Uuid& old) {
    const auto [entry, is_new] = tags_.try_emplace(old);
    if (is_new) entry->second = ids_.uuid();
    return entry->second;
  }

  void copy_image(const Uuid& old) {
    const Uuid id = images_[old] = ids_.uuid();
    tx_.run(
        "INSERT INTO images SELECT ?, ?, created, width, height, digest, metadata FROM images"
        " WHERE id = ?",
        id, to_, old);
    features::copy(tx_, old, id);
  }

  void copy_workspace(const Uuid& from, const Uuid& to) {
    for (Tag& tag : tags::list(tx_, from)) {
      tag.workspace = to;
      tag.id = new_tag(tag.id);
      tag.image_count = 0;  // counted again below
      tags::insert(tx_, tag);
    }
    for (const Uuid& id : images_of_workspace(from))
      copy_labels(required(images::find(tx_, from, id), "the image"), to);
  }

  void copy_labels(const TrainingImage& old, const Uuid& workspace) {
    const Uuid image = images_.at(old.id);
    images::put_into(tx_, workspace, image, old.created);
    for (const ImageTag& tag : old.tags)
      images::add_tag(tx_, workspace, image, new_tag(tag.tag), tag.created);
    for (const Region& region : old.regions)
      regions::add(tx_, workspace, image, {ids_.uuid(), new_tag(region.tag), "", region.created, region.box});
  }

  void copy_iteration(Iteration iteration) {
    const Uuid old = iteration.id;
    iteration.id = ids_.uuid();
    iteration.project = to_;
    iteration.publish_name.reset();
    iteration.publish_resource.reset();
    if (iteration.trained)
      iteration.trained = std::chrono::floor<std::chrono::milliseconds>(*iteration.trained);
    iterations::insert(tx_, iteration);
    workspaces::create(tx_, iteration.id, to_);
    copy_workspace(old, iteration.id);
    copy_model(old, iteration.id);
  }

  void copy_model(const Uuid& from, const Uuid& to) {
    models::copy(tx_, from, to);
    for (HeldOut& one : models::held_out(tx_, from)) {
      one.image = images_.at(one.image);
      models::put_held_out(tx_, to, one);
    }
  }

  Transaction& tx_;
  const Uuid from_, to_;
  IdSource& ids_;
  std::map<Uuid, Uuid> images_, tags_;
};

}  // namespace

NewIds copy(Transaction& tx, const Uuid& from, const Uuid& to, IdSource& ids) {
  Copy copy(tx, from, to, ids);
  copy.run();
  return copy.take();
}

}  // namespace cvemu::project_copy
