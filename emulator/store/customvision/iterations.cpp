#include "store/customvision/iterations.h"

#include "base/enum_text.h"
#include "store/customvision/workspaces.h"

namespace cvemu {

namespace {

Iteration read_iteration(const Statement& row) {
  Iteration it;
  it.id = row.uuid(0);
  it.project = row.uuid(1);
  it.name = row.text(2);
  it.status = stored<IterationStatus>(row.view(3));
  it.created = row.instant(4);
  it.modified = row.instant(5);
  it.started = row.instant(6);
  it.trained = row.optional_instant(7);
  it.domain = row.uuid(8);
  it.classification_type = stored<ClassificationType>(row.optional_text(9));
  it.training_type = stored<TrainingType>(row.view(10));
  it.reserved_budget_hours = row.integer(11);
  it.training_minutes = row.integer(12);
  it.publish_name = row.optional_text(13);
  it.publish_resource = row.optional_text(14);
  it.base_model = row.text(15);
  it.error_details = row.optional_text(16);
  return it;
}

Export read_export(const Statement& row) {
  return {row.uuid(0), row.text(1), row.text(2), stored<ExportStatus>(row.view(3)), row.instant(4)};
}

}  // namespace

namespace iterations {

void insert(Transaction& tx, const Iteration& it) {
  tx.run("INSERT INTO iterations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", it.id,
         it.project, it.name, to_text(it.status), it.created, it.modified, it.started, it.trained, it.domain,
         to_text(it.classification_type), to_text(it.training_type), it.reserved_budget_hours,
         it.training_minutes, it.publish_name, it.publish_resource, it.base_model, it.error_details);
}

std::optional<Iteration> find(Transaction& tx, const Uuid& project, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM iterations WHERE id = ? AND project = ?");
  row.bind(id, project);
  if (!row.step()) return std::nullopt;
  return read_iteration(row);
}

std::vector<Iteration> list(Transaction& tx, const Uuid& project) {
  Statement rows = tx.prepare("SELECT * FROM iterations WHERE project = ? ORDER BY started DESC, id");
  rows.bind(project);
  std::vector<Iteration> all;
  while (rows.step()) all.push_back(read_iteration(rows));
  return all;
}

void update(Transaction& tx, const Iteration& it) {
  tx.run(
      "UPDATE iterations SET name = ?, status = ?, modified = ?, trained = ?, training_minutes = ?,"
      " publish_name = ?, publish_resource = ?, error_details = ? WHERE id = ?",
      it.name, to_text(it.status), it.modified, it.trained, it.training_minutes, it.publish_name,
      it.publish_resource, it.error_details, it.id);
}

void remove(Transaction& tx, const Uuid& id) {
  workspaces::remove(tx, id);
  tx.run("DELETE FROM iterations WHERE id = ?", id);
}

std::int64_t count(Transaction& tx, const Uuid& project) {
  Statement row = tx.prepare("SELECT COUNT(*) FROM iterations WHERE project = ?");
  row.bind(project);
  row.step();
  return row.integer(0);
}

std::optional<Iteration> find_published(Transaction& tx, const Uuid& project, std::string_view publish_name) {
  Statement row = tx.prepare("SELECT * FROM iterations WHERE project = ? AND publish_name = ?");
  row.bind(project, publish_name);
  if (!row.step()) return std::nullopt;
  return read_iteration(row);
}

bool any_in_training(Transaction& tx, const Uuid& project) {
  Statement row = tx.prepare("SELECT 1 FROM iterations WHERE project = ? AND status = 'Training'");
  row.bind(project);
  return row.step();
}

bool any_published(Transaction& tx, const Uuid& project) {
  Statement row = tx.prepare("SELECT 1 FROM iterations WHERE project = ? AND publish_name IS NOT NULL");
  row.bind(project);
  return row.step();
}

}  // namespace iterations

namespace exports {

void put(Transaction& tx, const Export& entry) {
  tx.run("INSERT OR REPLACE INTO exports VALUES (?, ?, ?, ?, ?)", entry.iteration, entry.platform,
         entry.flavor, to_text(entry.status), entry.requested);
}

std::optional<Export> find(Transaction& tx, const Uuid& iteration, std::string_view platform,
                           std::string_view flavor) {
  Statement row = tx.prepare("SELECT * FROM exports WHERE iteration = ? AND platform = ? AND flavor = ?");
  row.bind(iteration, platform, flavor);
  if (!row.step()) return std::nullopt;
  return read_export(row);
}

std::vector<Export> list(Transaction& tx, const Uuid& iteration) {
  Statement rows =
      tx.prepare("SELECT * FROM exports WHERE iteration = ? ORDER BY requested, platform, flavor");
  rows.bind(iteration);
  std::vector<Export> all;
  while (rows.step()) all.push_back(read_export(rows));
  return all;
}

void set_status(Transaction& tx, const Export& entry, ExportStatus status) {
  tx.run("UPDATE exports SET status = ? WHERE iteration = ? AND platform = ? AND flavor = ?", to_text(status),
         entry.iteration, entry.platform, entry.flavor);
}

}  // namespace exports
}  // namespace cvemu
