#include "store/customvision/images.h"

#include "base/hashes.h"
#include "base/json_writer.h"
#include "base/required.h"
#include "base/text.h"
#include "store/customvision/tags.h"
#include "store/customvision/workspaces.h"

namespace cvemu::images {

namespace {

// The id's bytes in the order in which uniqueidentifier_less looks at them.
std::string sort_key(const Uuid& id) {
  std::string bytes;
  for (const std::size_t i : {10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0})
    bytes += static_cast<char>(id.bytes()[i]);
  return hex_encode(bytes);
}

// For json_each: a statement takes any number of ids as one value.
std::string json_list(const std::vector<Uuid>& ids) {
  JsonWriter json;
  json.begin_array();
  for (const Uuid& id : ids) json.string(id.text());
  return json.end_array().take();
}

void load_tags(Transaction& tx, const Uuid& workspace, TrainingImage& image) {
  Statement rows = tx.prepare(
      "SELECT t.id, t.name, i.created FROM image_tags i JOIN tags t ON t.workspace = i.workspace AND t.id = "
      "i.tag"
      " WHERE i.workspace = ? AND i.image = ? ORDER BY i.created DESC, t.id");
  rows.bind(workspace, image.id);
  while (rows.step()) image.tags.push_back({rows.uuid(0), rows.text(1), rows.instant(2)});
}

void load_regions(Transaction& tx, const Uuid& workspace, TrainingImage& image) {
  Statement rows = tx.prepare(
      "SELECT r.id, r.tag, t.name, r.created, box_left, box_top, box_width, box_height FROM regions r"
      " JOIN tags t ON t.workspace = r.workspace AND t.id = r.tag"
      " WHERE r.workspace = ? AND r.image = ? ORDER BY r.created DESC, r.id");
  rows.bind(workspace, image.id);
  while (rows.step())
    image.regions.push_back({rows.uuid(0), rows.uuid(1), rows.text(2), rows.instant(3),
                             Box{rows.real(4), rows.real(5), rows.real(6), rows.real(7)}});
}

TrainingImage load(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  TrainingImage image = required(find_any(tx, id), "the image");
  load_tags(tx, workspace, image);
  load_regions(tx, workspace, image);
  return image;
}

bool metadata_fits(Transaction& tx, const Uuid& image, const ImageFilter& filter) {
  if (!filter.metadata) return true;
  Statement row = tx.prepare("SELECT metadata FROM images WHERE id = ?");
  row.bind(image);
  return row.step() && filter.metadata(row.view(0));
}

// The ids that fit all but the metadata, in order.
Statement walk(Transaction& tx, const Uuid& workspace, const ImageFilter& filter, bool oldest_first,
               const std::string& tags, std::int64_t limit, std::int64_t offset) {
  const bool tagged = filter.tagging == ImageFilter::Tagging::Tagged;
  if (!filter.tags.empty()) {
    Statement rows = oldest_first ? tx.prepare(
                                        "SELECT image FROM workspace_images w WHERE workspace = ?1 AND "
                                        "EXISTS (SELECT 1 FROM image_tags t"
                                        " WHERE t.workspace = ?1 AND t.image = w.image AND t.tag IN (SELECT "
                                        "value FROM json_each(?2)))"
                                        " ORDER BY created, sort_key DESC LIMIT ?3 OFFSET ?4")
                                  : tx.prepare(
                                        "SELECT image FROM workspace_images w WHERE workspace = ?1 AND "
                                        "EXISTS (SELECT 1 FROM image_tags t"
                                        " WHERE t.workspace = ?1 AND t.image = w.image AND t.tag IN (SELECT "
                                        "value FROM json_each(?2)))"
                                        " ORDER BY created DESC, sort_key LIMIT ?3 OFFSET ?4");
    rows.bind(workspace, tags, limit, offset);
    return rows;
  }
  if (filter.tagging != ImageFilter::Tagging::All) {
    Statement rows =
        oldest_first ? tx.prepare(
                           "SELECT image FROM workspace_images WHERE workspace = ? AND (tag_count > 0) = ?"
                           " ORDER BY created, sort_key DESC LIMIT ? OFFSET ?")
                     : tx.prepare(
                           "SELECT image FROM workspace_images WHERE workspace = ? AND (tag_count > 0) = ?"
                           " ORDER BY created DESC, sort_key LIMIT ? OFFSET ?");
    rows.bind(workspace, tagged, limit, offset);
    return rows;
  }
  Statement rows = oldest_first ? tx.prepare(
                                      "SELECT image FROM workspace_images WHERE workspace = ?"
                                      " ORDER BY created, sort_key DESC LIMIT ? OFFSET ?")
                                : tx.prepare(
                                      "SELECT image FROM workspace_images WHERE workspace = ?"
                                      " ORDER BY created DESC, sort_key LIMIT ? OFFSET ?");
  rows.bind(workspace, limit, offset);
  return rows;
}

bool fits_nothing(const ImageFilter& filter) {
  return !filter.tags.empty() && filter.tagging == ImageFilter::Tagging::Untagged;
}

std::vector<Uuid> page_ids(Transaction& tx, const Uuid& workspace, const ImageFilter& filter,
                           const ImagePage& page) {
  std::vector<Uuid> ids;
  if (fits_nothing(filter) || page.take == 0) return ids;
  // What SQL cannot see is skipped here.
  const bool here = static_cast<bool>(filter.metadata);
  const std::string tags = json_list(filter.tags);
  Statement rows =
      walk(tx, workspace, filter, page.oldest_first, tags, here ? -1 : page.take, here ? 0 : page.skip);
  std::int64_t to_skip = here ? page.skip : 0;
  while (rows.step() && static_cast<std::int64_t>(ids.size()) < page.take) {
    const Uuid id = rows.uuid(0);
    if (metadata_fits(tx, id, filter) && to_skip-- <= 0) ids.push_back(id);
  }
  return ids;
}

std::int64_t count_any_of(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& wanted) {
  if (wanted.size() == 1) {
    const auto tag = tags::find(tx, workspace, wanted[0]);
    return tag ? tag->image_count : 0;
  }
  Statement row = tx.prepare(
      "SELECT COUNT(DISTINCT image) FROM image_tags WHERE workspace = ?"
      " AND tag IN (SELECT value FROM json_each(?))");
  const std::string list = json_list(wanted);
  row.bind(workspace, list);
  row.step();
  return row.integer(0);
}

}  // namespace

void insert(Transaction& tx, const TrainingImage& image) {
  tx.run("INSERT INTO images VALUES (?, ?, ?, ?, ?, ?, ?)", image.id, image.project, image.created,
         image.width, image.height, image.digest, image.metadata);
  put_into(tx, image.project, image.id, image.created);
}

void put_into(Transaction& tx, const Uuid& workspace, const Uuid& id, Instant created) {
  tx.run("INSERT INTO workspace_images (workspace, image, created, sort_key) VALUES (?, ?, ?, ?)", workspace,
         id, created, sort_key(id));
  tx.run("UPDATE workspaces SET image_count = image_count + 1 WHERE id = ?", workspace);
}

bool contains(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  Statement row = tx.prepare("SELECT 1 FROM workspace_images WHERE workspace = ? AND image = ?");
  row.bind(workspace, id);
  return row.step();
}

std::optional<TrainingImage> find(Transaction& tx, const Uuid& workspace, const Uuid& id) {
  if (!contains(tx, workspace, id)) return std::nullopt;
  return load(tx, workspace, id);
}

std::optional<TrainingImage> find_any(Transaction& tx, const Uuid& id) {
  Statement row =
      tx.prepare("SELECT id, project, created, width, height, digest, metadata FROM images WHERE id = ?");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return TrainingImage{
      row.uuid(0), row.uuid(1), row.instant(2), row.integer(3), row.integer(4), row.text(5), row.text(6),
      {},          {}};
}

std::optional<Uuid> find_by_digest(Transaction& tx, const Uuid& workspace, std::string_view digest) {
  Statement row = tx.prepare(
      "SELECT i.id FROM workspaces s JOIN images i ON i.project = s.project AND i.digest = ?2"
      " JOIN workspace_images w ON w.workspace = s.id AND w.image = i.id WHERE s.id = ?1");
  row.bind(workspace, digest);
  if (!row.step()) return std::nullopt;
  return row.uuid(0);
}

std::vector<TrainingImage> list(Transaction& tx, const Uuid& workspace, const ImageFilter& filter,
                                const ImagePage& page) {
  std::vector<TrainingImage> all;
  for (const Uuid& id : page_ids(tx, workspace, filter, page)) all.push_back(load(tx, workspace, id));
  return all;
}

std::vector<TrainingImage> list_by_ids(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids) {
  std::vector<Uuid> found;
  {
    Statement rows = tx.prepare(
        "SELECT DISTINCT w.image FROM json_each(?) ids CROSS JOIN workspace_images w"
        " ON w.workspace = ? AND w.image = ids.value ORDER BY w.created, w.sort_key DESC");
    const std::string list = json_list(ids);
    rows.bind(list, workspace);
    while (rows.step()) found.push_back(rows.uuid(0));
  }
  std::vector<TrainingImage> all;
  for (const Uuid& id : found) all.push_back(load(tx, workspace, id));
  return all;
}

std::int64_t count(Transaction& tx, const Uuid& workspace, const ImageFilter& filter) {
  if (fits_nothing(filter)) return 0;
  if (filter.metadata)
    return static_cast<std::int64_t>(page_ids(tx, workspace, filter, {false, 0, INT64_MAX}).size());
  if (!filter.tags.empty()) return count_any_of(tx, workspace, filter.tags);
  const WorkspaceCounts counts = workspaces::counts(tx, workspace);
  switch (filter.tagging) {
    case ImageFilter::Tagging::Tagged:
      return counts.tagged_images;
    case ImageFilter::Tagging::Untagged:
      return counts.images - counts.tagged_images;
    default:
      return counts.images;
  }
}

std::optional<Uuid> newest(Transaction& tx, const Uuid& workspace) {
  const std::vector<Uuid> ids = page_ids(tx, workspace, {}, {false, 0, 1});
  return ids.empty() ? std::nullopt : std::optional(ids[0]);
}

void set_metadata(Transaction& tx, const Uuid& id, std::string_view json) {
  tx.run("UPDATE images SET metadata = ? WHERE id = ?", json, id);
}

}  // namespace cvemu::images
