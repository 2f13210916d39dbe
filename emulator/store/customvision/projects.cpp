#include "store/customvision/projects.h"

#include "base/enum_text.h"
#include "store/customvision/workspaces.h"

namespace cvemu::projects {

namespace {

constexpr int kGarbageSlice = 100;  // images

Project read(const Statement& row) {
  Project project;
  project.id = row.uuid(0);
  project.name = row.text(1);
  project.description = row.text(2);
  project.settings = {row.uuid(3),         stored<ClassificationType>(row.optional_text(4)),
                      row.text(5),         row.optional_text(6),
                      row.text(7),         row.optional_text(8),
                      row.optional_text(9)};
  project.created = row.instant(10);
  project.modified = row.instant(11);
  project.status = stored<ProjectStatus>(row.view(12));
  project.iteration_counter = row.integer(13);
  project.workspace_opened = row.instant(14);
  project.changed = row.boolean(15);
  project.thumbnail = row.optional_uuid(16);
  return project;
}

}  // namespace

void insert(Transaction& tx, const Project& p) {
  tx.run("INSERT INTO projects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", p.id, p.name,
         p.description, p.settings.domain, to_text(p.settings.classification_type),
         p.settings.export_platforms, p.settings.detection_parameters, p.settings.augmentation,
         p.settings.export_container_uri, p.settings.notification_queue_uri, p.created, p.modified,
         to_text(p.status), p.iteration_counter, p.workspace_opened, p.changed, p.thumbnail);
  workspaces::create(tx, p.id, p.id);
}

std::int64_t count(Transaction& tx) {
  Statement row = tx.prepare("SELECT COUNT(*) FROM projects WHERE status <> 'Deleted'");
  row.step();
  return row.integer(0);
}

std::optional<Project> find(Transaction& tx, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM projects WHERE id = ? AND status <> 'Deleted'");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return read(row);
}

std::vector<Project> list(Transaction& tx) {
  Statement rows = tx.prepare("SELECT * FROM projects WHERE status <> 'Deleted' ORDER BY created DESC, id");
  std::vector<Project> all;
  while (rows.step()) all.push_back(read(rows));
  return all;
}

void update(Transaction& tx, const Project& p) {
  tx.run(
      "UPDATE projects SET name = ?, description = ?, domain = ?, classification_type = ?,"
      " export_platforms = ?, detection_parameters = ?, augmentation = ?, export_container_uri = ?,"
      " notification_queue_uri = ?, modified = ?, status = ?, iteration_counter = ?, workspace_opened = ?,"
      " changed = ?, thumbnail = ? WHERE id = ?",
      p.name, p.description, p.settings.domain, to_text(p.settings.classification_type),
      p.settings.export_platforms, p.settings.detection_parameters, p.settings.augmentation,
      p.settings.export_container_uri, p.settings.notification_queue_uri, p.modified, to_text(p.status),
      p.iteration_counter, p.workspace_opened, p.changed, p.thumbnail, p.id);
}

void mark_deleted(Transaction& tx, const Uuid& id) {
  tx.run("UPDATE projects SET status = 'Deleted' WHERE id = ?", id);
}

std::optional<Uuid> find_deleted(Transaction& tx) {
  Statement row = tx.prepare("SELECT id FROM projects WHERE status = 'Deleted' LIMIT 1");
  return row.step() ? std::optional(row.uuid(0)) : std::nullopt;
}

void remove_slice(Transaction& tx, const Uuid& id) {
  const auto gone = tx.run("DELETE FROM images WHERE id IN (SELECT id FROM images WHERE project = ? LIMIT ?)",
                           id, kGarbageSlice);
  if (gone < kGarbageSlice) tx.run("DELETE FROM projects WHERE id = ? AND status = 'Deleted'", id);
}

void mark_changed(Transaction& tx, const Uuid& id) {
  tx.run("UPDATE projects SET changed = 1 WHERE id = ?", id);
}

}  // namespace cvemu::projects
