#include "store/customvision/regions.h"

namespace cvemu::regions {

namespace {

bool has_region(Transaction& tx, const Uuid& workspace, const Uuid& image, const Uuid& tag) {
  Statement row = tx.prepare("SELECT 1 FROM regions WHERE workspace = ? AND image = ? AND tag = ?");
  row.bind(workspace, image, tag);
  return row.step();
}

bool remove_one(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  Uuid image, tag;
  {
    Statement row = tx.prepare("DELETE FROM regions WHERE workspace = ? AND id = ? RETURNING image, tag");
    row.bind(workspace, id);
    if (!row.step()) return false;
    image = row.uuid(0);
    tag = row.uuid(1);
    row.run();
  }
  tx.run("UPDATE workspaces SET region_count = region_count - 1 WHERE id = ?", workspace);
  if (!has_region(tx, workspace, image, tag)) images::remove_tag(tx, workspace, image, tag);
  return true;
}

}  // namespace

void add(Transaction& tx, const Uuid& workspace, const Uuid& image, const Region& region) {
  tx.run("INSERT INTO regions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", workspace, region.id, image, region.tag,
         region.created, region.box.left, region.box.top, region.box.width, region.box.height);
  tx.run("UPDATE workspaces SET region_count = region_count + 1 WHERE id = ?", workspace);
  images::add_tag(tx, workspace, image, region.tag, region.created);
}

std::int64_t remove(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids) {
  std::int64_t count = 0;
  for (const Uuid& id : ids)
    if (remove_one(tx, workspace, id)) ++count;
  return count;
}

}  // namespace cvemu::regions
