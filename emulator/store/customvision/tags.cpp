#include "store/customvision/tags.h"

#include <algorithm>

#include "base/enum_text.h"

namespace cvemu::tags {

namespace {

Tag read(const Statement& row) {
  return {row.uuid(0),   row.uuid(1), row.text(2), row.optional_text(3), stored<TagType>(row.view(4)),
          row.integer(5)};
}

// The images lose a tag, and the workspace those images that had no other and the tag's regions.
void uncount(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  tx.run(
      "UPDATE workspaces SET"
      " tagged_count = tagged_count - (SELECT COUNT(*) FROM image_tags t JOIN workspace_images w"
      "   ON w.workspace = t.workspace AND w.image = t.image WHERE t.workspace = ?1 AND t.tag = ?2 AND "
      "w.tag_count = 1),"
      " region_count = region_count - (SELECT COUNT(*) FROM regions WHERE workspace = ?1 AND tag = ?2)"
      " WHERE id = ?1",
      workspace, id);
  tx.run(
      "UPDATE workspace_images SET tag_count = tag_count - 1 WHERE workspace = ?1"
      " AND image IN (SELECT image FROM image_tags WHERE workspace = ?1 AND tag = ?2)",
      workspace, id);
}

}  // namespace

void insert(Transaction& tx, const Tag& tag) {
  tx.run("INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?)", tag.workspace, tag.id, tag.name, tag.description,
         to_text(tag.type), tag.image_count);
}

std::optional<Tag> find(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM tags WHERE workspace = ? AND id = ?");
  row.bind(workspace, id);
  if (!row.step()) return std::nullopt;
  return read(row);
}

std::optional<Tag> find_by_name(Transaction& tx, const Uuid& workspace, std::string_view name) {
  Statement row = tx.prepare("SELECT * FROM tags WHERE workspace = ? AND name = ?");
  row.bind(workspace, name);
  if (!row.step()) return std::nullopt;
  return read(row);
}

std::vector<Tag> list(Transaction& tx, const Uuid& workspace) {
  Statement rows = tx.prepare("SELECT * FROM tags WHERE workspace = ?");
  rows.bind(workspace);
  std::vector<Tag> all;
  while (rows.step()) all.push_back(read(rows));
  std::sort(all.begin(), all.end(),
            [](const Tag& a, const Tag& b) { return uniqueidentifier_less(a.id, b.id); });
  return all;
}

std::int64_t count(Transaction& tx, const Uuid& workspace) {
  Statement row = tx.prepare("SELECT COUNT(*) FROM tags WHERE workspace = ?");
  row.bind(workspace);
  row.step();
  return row.integer(0);
}

void update(Transaction& tx, const Tag& tag) {
  tx.run("UPDATE tags SET name = ?, description = ?, type = ? WHERE workspace = ? AND id = ?", tag.name,
         tag.description, to_text(tag.type), tag.workspace, tag.id);
}

void remove(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  uncount(tx, workspace, id);
  tx.run("DELETE FROM tags WHERE workspace = ? AND id = ?", workspace, id);
}

}  // namespace cvemu::tags
