#include "store/customvision/images.h"

namespace cvemu::images {

namespace {

void take_out_one(Transaction& tx, const Uuid& workspace, const Uuid& image) {
  tx.run(
      "UPDATE tags SET image_count = image_count - 1 WHERE workspace = ?1"
      " AND id IN (SELECT tag FROM image_tags WHERE workspace = ?1 AND image = ?2)",
      workspace, image);
  tx.run(
      "UPDATE workspaces SET image_count = image_count - 1, tagged_count = tagged_count -"
      "   ((SELECT tag_count FROM workspace_images WHERE workspace = ?1 AND image = ?2) > 0),"
      " region_count = region_count - (SELECT COUNT(*) FROM regions WHERE workspace = ?1 AND image = ?2)"
      " WHERE id = ?1",
      workspace, image);
  tx.run("DELETE FROM workspace_images WHERE workspace = ? AND image = ?", workspace, image);
}

}  // namespace

void take_out(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids) {
  for (const Uuid& id : ids)
    if (contains(tx, workspace, id)) take_out_one(tx, workspace, id);
}

void take_out_all(Transaction& tx, const Uuid& workspace) {
  tx.run("DELETE FROM workspace_images WHERE workspace = ?", workspace);
  tx.run("UPDATE tags SET image_count = 0 WHERE workspace = ?", workspace);
  tx.run("UPDATE workspaces SET image_count = 0, tagged_count = 0, region_count = 0 WHERE id = ?", workspace);
}

std::vector<Uuid> remove_unused(Transaction& tx, const Uuid& project) {
  Statement rows = tx.prepare(
      "DELETE FROM images WHERE project = ?"
      " AND NOT EXISTS (SELECT 1 FROM workspace_images w WHERE w.image = images.id) RETURNING id");
  rows.bind(project);
  std::vector<Uuid> gone;
  while (rows.step()) gone.push_back(rows.uuid(0));
  return gone;
}

std::vector<Uuid> remove_unused(Transaction& tx, const std::vector<Uuid>& candidates) {
  std::vector<Uuid> gone;
  for (const Uuid& id : candidates)
    if (tx.run("DELETE FROM images WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM workspace_images WHERE image "
               "= ?1)",
               id) == 1)
      gone.push_back(id);
  return gone;
}

}  // namespace cvemu::images
