#include "store/customvision/workspaces.h"

namespace cvemu::workspaces {

void create(Transaction& tx, const Uuid& id, const Uuid& project) {
  tx.run("INSERT INTO workspaces (id, project) VALUES (?, ?)", id, project);
}

void copy(Transaction& tx, const Uuid& from, const Uuid& to, const Uuid& project) {
  tx.run(
      "INSERT INTO workspaces SELECT ?, ?, image_count, tagged_count, region_count FROM workspaces WHERE id "
      "= ?",
      to, project, from);
  tx.run(
      "INSERT INTO tags SELECT ?, id, name, description, type, image_count FROM tags"
      " WHERE workspace = ?",
      to, from);
  tx.run(
      "INSERT INTO workspace_images SELECT ?, image, created, sort_key, tag_count FROM workspace_images"
      " WHERE workspace = ?",
      to, from);
  tx.run("INSERT INTO image_tags SELECT ?, image, tag, created FROM image_tags WHERE workspace = ?", to,
         from);
  tx.run(
      "INSERT INTO regions SELECT ?, id, image, tag, created, box_left, box_top, box_width, box_height"
      " FROM regions WHERE workspace = ?",
      to, from);
}

void remove(Transaction& tx, const Uuid& id) {
  tx.run("DELETE FROM workspaces WHERE id = ?", id);
}

WorkspaceCounts counts(Transaction& tx, const Uuid& id) {
  Statement row = tx.prepare("SELECT image_count, tagged_count, region_count FROM workspaces WHERE id = ?");
  row.bind(id);
  if (!row.step()) return {};
  return {row.integer(0), row.integer(1), row.integer(2)};
}

std::int64_t count_tag_rows(Transaction& tx, const Uuid& project) {
  Statement row = tx.prepare(
      "SELECT COUNT(*) FROM tags WHERE workspace IN (SELECT id FROM workspaces WHERE project = ?)");
  row.bind(project);
  row.step();
  return row.integer(0);
}

}  // namespace cvemu::workspaces
