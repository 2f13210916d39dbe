#include "store/images.h"

#include <algorithm>

namespace cvemu::images {

namespace {

TrainingImage read(const Statement& row) {
  TrainingImage image;
  image.id = row.uuid(0);
  image.project = row.uuid(1);
  image.created = row.instant(2);
  image.width = row.integer(3);
  image.height = row.integer(4);
  image.digest = row.text(5);
  image.metadata = row.text(6);
  return image;
}

void load_tags(Transaction& tx, TrainingImage& image) {
  Statement rows = tx.prepare(
      "SELECT t.id, t.name, i.created FROM image_tags i JOIN tags t ON t.id = i.tag"
      " WHERE i.image = ? ORDER BY i.created DESC, t.id");
  rows.bind(image.id);
  while (rows.step()) image.tags.push_back({rows.uuid(0), rows.text(1), rows.instant(2)});
}

void load_regions(Transaction& tx, TrainingImage& image) {
  Statement rows = tx.prepare(
      "SELECT r.id, r.tag, t.name, r.created, box_left, box_top, box_width, box_height FROM regions r"
      " JOIN tags t ON t.id = r.tag WHERE r.image = ? ORDER BY r.created DESC, r.id");
  rows.bind(image.id);
  while (rows.step())
    image.regions.push_back({rows.uuid(0), rows.uuid(1), rows.text(2), rows.instant(3),
                             Box{rows.real(4), rows.real(5), rows.real(6), rows.real(7)}});
}

bool has_any_tag(Transaction& tx, const Uuid& image, const std::vector<Uuid>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const Uuid& tag) {
    Statement row = tx.prepare("SELECT 1 FROM image_tags WHERE image = ? AND tag = ?");
    row.bind(image, tag);
    return row.step();
  });
}

// Azure: newest first, equal times in uniqueidentifier order (6 of 6 recorded pairs).
void sort_equal_times(std::vector<TrainingImage>& all, bool oldest_first) {
  std::stable_sort(all.begin(), all.end(), [&](const TrainingImage& a, const TrainingImage& b) {
    if (a.created != b.created) return oldest_first ? a.created < b.created : a.created > b.created;
    return uniqueidentifier_less(a.id, b.id);
  });
}

}  // namespace

void insert(Transaction& tx, const TrainingImage& image) {
  tx.run("INSERT INTO images (id, project, created, width, height, digest, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)",
         image.id, image.project, image.created, image.width, image.height, image.digest, image.metadata);
}

std::optional<TrainingImage> find(Transaction& tx, const Uuid& project, const Uuid& id) {
  Statement row = tx.prepare(
      "SELECT id, project, created, width, height, digest, metadata FROM images WHERE id = ? AND project = ?");
  row.bind(id, project);
  if (!row.step()) return std::nullopt;
  TrainingImage image = read(row);
  load_tags(tx, image);
  load_regions(tx, image);
  return image;
}

std::optional<Uuid> find_by_digest(Transaction& tx, const Uuid& project, std::string_view digest) {
  Statement row = tx.prepare("SELECT id FROM images WHERE project = ? AND digest = ?");
  row.bind(project, digest);
  if (!row.step()) return std::nullopt;
  return row.uuid(0);
}

std::vector<TrainingImage> list(Transaction& tx, const Uuid& project, const ImageFilter& filter) {
  const int least_tags = filter.tagging == ImageFilter::Tagging::Tagged ? 1 : 0;
  const std::int64_t most_tags = filter.tagging == ImageFilter::Tagging::Untagged ? 0 : INT64_MAX;
  std::vector<TrainingImage> all;
  {
    Statement rows = tx.prepare(
        "SELECT id, project, created, width, height, digest, metadata FROM images"
        " WHERE project = ? AND tag_count BETWEEN ? AND ?");
    rows.bind(project, least_tags, most_tags);
    while (rows.step()) all.push_back(read(rows));
  }
  if (!filter.tags.empty())
    std::erase_if(all, [&](const TrainingImage& image) { return !has_any_tag(tx, image.id, filter.tags); });
  sort_equal_times(all, filter.oldest_first);

  const auto size = static_cast<std::int64_t>(all.size());
  const auto first = std::min(filter.skip, size), last = std::min(first + filter.take, size);
  std::vector<TrainingImage> page(all.begin() + first, all.begin() + last);
  for (TrainingImage& image : page) {
    load_tags(tx, image);
    load_regions(tx, image);
  }
  return page;
}

bool add_tag(Transaction& tx, const Uuid& image, const Uuid& tag, Instant now) {
  if (tx.run("INSERT OR IGNORE INTO image_tags VALUES (?, ?, ?)", image, tag, now) == 0) return false;
  tx.run("UPDATE tags SET image_count = image_count + 1 WHERE id = ?", tag);
  tx.run("UPDATE images SET tag_count = tag_count + 1 WHERE id = ?", image);
  return true;
}

void add_region(Transaction& tx, const Uuid& image, const Region& region) {
  tx.run("INSERT INTO regions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", region.id, image, region.tag, region.created,
         region.box.left, region.box.top, region.box.width, region.box.height);
  add_tag(tx, image, region.tag, region.created);
}

}  // namespace cvemu::images
