#include "store/predictions.h"

namespace cvemu::predictions {

namespace {

StoredPrediction read(const Statement& row) {
  return {row.uuid(0), row.uuid(1),    row.uuid(2),    row.instant(3),
          row.text(4), row.integer(5), row.integer(6), row.text(7)};
}

}  // namespace

void insert(Transaction& tx, const StoredPrediction& p) {
  tx.run("INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", p.id, p.project, p.iteration, p.created,
         p.application, p.width, p.height, p.predictions);
}

std::optional<StoredPrediction> find(Transaction& tx, const Uuid& project, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM predictions WHERE id = ? AND project = ?");
  row.bind(id, project);
  if (!row.step()) return std::nullopt;
  return read(row);
}

std::vector<Uuid> ids(Transaction& tx, const Uuid& project) {
  Statement rows = tx.prepare("SELECT id FROM predictions WHERE project = ? ORDER BY created, id");
  rows.bind(project);
  std::vector<Uuid> all;
  while (rows.step()) all.push_back(rows.uuid(0));
  return all;
}

bool remove(Transaction& tx, const Uuid& project, const Uuid& id) {
  return tx.run("DELETE FROM predictions WHERE id = ? AND project = ?", id, project) == 1;
}

}  // namespace cvemu::predictions
