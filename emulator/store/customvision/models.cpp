#include "store/customvision/models.h"

namespace cvemu::models {

void put(Transaction& tx, const Uuid& iteration, const StoredModel& model,
         const std::vector<HeldOut>& held_out) {
  tx.run("INSERT OR REPLACE INTO models VALUES (?, ?, ?)", iteration, model.folds, BlobView{model.bytes});
  for (const HeldOut& one : held_out) put_held_out(tx, iteration, one);
}

std::optional<StoredModel> find(Transaction& tx, const Uuid& iteration) {
  Statement row = tx.prepare("SELECT data, folds FROM models WHERE iteration = ?");
  row.bind(iteration);
  if (!row.step()) return std::nullopt;
  return StoredModel{row.text(0), static_cast<int>(row.integer(1))};
}

std::vector<HeldOut> held_out(Transaction& tx, const Uuid& iteration) {
  Statement rows = tx.prepare("SELECT image, fold, data FROM held_out WHERE iteration = ? ORDER BY image");
  rows.bind(iteration);
  std::vector<HeldOut> all;
  while (rows.step()) all.push_back({rows.uuid(0), static_cast<int>(rows.integer(1)), rows.text(2)});
  return all;
}

void copy(Transaction& tx, const Uuid& from, const Uuid& to) {
  tx.run("INSERT INTO models SELECT ?, folds, data FROM models WHERE iteration = ?", to, from);
}

// An image that was deleted since the training began has no row to refer to.
void put_held_out(Transaction& tx, const Uuid& iteration, const HeldOut& one) {
  tx.run(
      "INSERT OR REPLACE INTO held_out SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM images WHERE id = "
      "?2)",
      iteration, one.image, one.fold, BlobView{one.bytes});
}

}  // namespace cvemu::models
