#include "store/tags.h"

namespace cvemu::tags {

namespace {

Tag read(const Statement& row) {
  return {row.uuid(0), row.uuid(1), row.text(2), row.optional_text(3), row.text(4), row.integer(5)};
}

}  // namespace

void insert(Transaction& tx, const Tag& tag) {
  tx.run("INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?)", tag.id, tag.project, tag.name, tag.description, tag.type,
         tag.image_count);
}

std::optional<Tag> find(Transaction& tx, const Uuid& project, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM tags WHERE id = ? AND project = ?");
  row.bind(id, project);
  if (!row.step()) return std::nullopt;
  return read(row);
}

bool name_is_taken(Transaction& tx, const Uuid& project, std::string_view name) {
  Statement row = tx.prepare("SELECT 1 FROM tags WHERE project = ? AND name = ?");
  row.bind(project, name);
  return row.step();
}

std::vector<Tag> list(Transaction& tx, const Uuid& project) {
  Statement rows = tx.prepare("SELECT * FROM tags WHERE project = ? ORDER BY id");
  rows.bind(project);
  std::vector<Tag> all;
  while (rows.step()) all.push_back(read(rows));
  return all;
}

}  // namespace cvemu::tags
