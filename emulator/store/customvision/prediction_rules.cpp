#include "store/customvision/prediction_rules.h"

namespace cvemu::prediction_rules {

namespace {

PredictionRule read(const Statement& row) {
  return {row.optional_uuid(0), row.optional_text(1), row.text(2)};
}

}  // namespace

void add(Transaction& tx, const PredictionRule& rule) {
  tx.run("INSERT INTO prediction_rules (project, digest, predictions) VALUES (?, ?, ?)", rule.project,
         rule.digest, rule.predictions);
}

std::vector<PredictionRule> list(Transaction& tx) {
  Statement rows = tx.prepare("SELECT project, digest, predictions FROM prediction_rules ORDER BY id DESC");
  std::vector<PredictionRule> all;
  while (rows.step()) all.push_back(read(rows));
  return all;
}

bool any(Transaction& tx) {
  Statement row = tx.prepare("SELECT 1 FROM prediction_rules LIMIT 1");
  return row.step();
}

std::optional<PredictionRule> find(Transaction& tx, const Uuid& project, std::string_view digest) {
  Statement row = tx.prepare(
      "SELECT project, digest, predictions FROM prediction_rules WHERE (project IS NULL OR project = ?)"
      " AND (digest IS NULL OR digest = ?) ORDER BY digest IS NULL, id DESC LIMIT 1");
  row.bind(project, digest);
  if (!row.step()) return std::nullopt;
  return read(row);
}

void clear(Transaction& tx) {
  tx.run("DELETE FROM prediction_rules");
}

}  // namespace cvemu::prediction_rules
