#include "store/customvision/images.h"

namespace cvemu::images {

bool add_tag(Transaction& tx, const Uuid& workspace, const Uuid& image, const Uuid& tag, Instant now) {
  if (tx.run("INSERT OR IGNORE INTO image_tags VALUES (?, ?, ?, ?)", workspace, image, tag, now) == 0)
    return false;
  tx.run("UPDATE tags SET image_count = image_count + 1 WHERE workspace = ? AND id = ?", workspace, tag);
  tx.run(
      "UPDATE workspaces SET tagged_count = tagged_count + 1 WHERE id = ?1"
      " AND (SELECT tag_count FROM workspace_images WHERE workspace = ?1 AND image = ?2) = 0",
      workspace, image);
  tx.run("UPDATE workspace_images SET tag_count = tag_count + 1 WHERE workspace = ? AND image = ?", workspace,
         image);
  return true;
}

bool remove_tag(Transaction& tx, const Uuid& workspace, const Uuid& image, const Uuid& tag) {
  if (tx.run("DELETE FROM image_tags WHERE workspace = ? AND image = ? AND tag = ?", workspace, image, tag) ==
      0)
    return false;
  const std::int64_t regions =
      tx.run("DELETE FROM regions WHERE workspace = ? AND image = ? AND tag = ?", workspace, image, tag);
  tx.run("UPDATE tags SET image_count = image_count - 1 WHERE workspace = ? AND id = ?", workspace, tag);
  tx.run("UPDATE workspace_images SET tag_count = tag_count - 1 WHERE workspace = ? AND image = ?", workspace,
         image);
  tx.run(
      "UPDATE workspaces SET region_count = region_count - ?3, tagged_count = tagged_count -"
      " ((SELECT tag_count FROM workspace_images WHERE workspace = ?1 AND image = ?2) = 0) WHERE id = ?1",
      workspace, image, regions);
  return true;
}

std::optional<Uuid> first_with_tag_and_others(Transaction& tx, const Uuid& workspace, const Uuid& tag) {
  Statement row = tx.prepare(
      "SELECT t.image FROM image_tags t JOIN workspace_images w ON w.workspace = t.workspace AND w.image = "
      "t.image"
      " WHERE t.workspace = ? AND t.tag = ? AND w.tag_count > 1 LIMIT 1");
  row.bind(workspace, tag);
  if (!row.step()) return std::nullopt;
  return row.uuid(0);
}

}  // namespace cvemu::images
