#include "store/customvision/predictions.h"

namespace cvemu::predictions {

namespace {

StoredPrediction read(const Statement& row) {
  return {row.uuid(0),    row.uuid(1),    row.uuid(2), row.instant(3), row.text(4),
          row.integer(5), row.integer(6), row.text(7), row.real(8)};
}

bool fits(const StoredPrediction& p, const PredictionFilter& filter) {
  if (filter.iteration && p.iteration != *filter.iteration) return false;
  if (filter.application && p.application != *filter.application) return false;
  return !filter.accepts || filter.accepts(p);
}

// All within the times asked for, in order, from behind the position on.
Statement walk(Transaction& tx, const Uuid& project, const PredictionFilter& filter) {
  using Order = PredictionFilter::Order;
  constexpr Instant kFirst = Instant::min(), kLast = Instant::max();
  constexpr double kBeyondUncertain = 2;
  const Instant start = filter.start.value_or(kFirst), end = filter.end.value_or(kLast);
  const auto& after = filter.after;
  const Uuid id = after ? after->id : Uuid();
  if (filter.order == Order::MostUncertain) {
    Statement rows = tx.prepare(
        "SELECT * FROM predictions WHERE project = ? AND created BETWEEN ? AND ?"
        " AND (uncertainty, id) < (?, ?) ORDER BY uncertainty DESC, id DESC");
    rows.bind(project, start, end, after ? after->uncertainty : kBeyondUncertain, id);
    return rows;
  }
  if (filter.order == Order::Oldest) {
    Statement rows = tx.prepare(
        "SELECT * FROM predictions WHERE project = ? AND created BETWEEN ? AND ?"
        " AND (created, id) > (?, ?) ORDER BY created, id");
    rows.bind(project, start, end, after ? after->created : kFirst, id);
    return rows;
  }
  Statement rows = tx.prepare(
      "SELECT * FROM predictions WHERE project = ? AND created BETWEEN ? AND ?"
      " AND (created, id) < (?, ?) ORDER BY created DESC, id DESC");
  rows.bind(project, start, end, after ? after->created : kLast, id);
  return rows;
}

}  // namespace

void insert(Transaction& tx, const StoredPrediction& p) {
  tx.run("INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", p.id, p.project, p.iteration,
         p.created, p.application, p.width, p.height, p.predictions, p.uncertainty);
}

std::optional<StoredPrediction> find(Transaction& tx, const Uuid& project, const Uuid& id) {
  Statement row = tx.prepare("SELECT * FROM predictions WHERE id = ? AND project = ?");
  row.bind(id, project);
  if (!row.step()) return std::nullopt;
  return read(row);
}

std::vector<StoredPrediction> list(Transaction& tx, const Uuid& project, const PredictionFilter& filter,
                                   std::size_t count) {
  std::vector<StoredPrediction> page;
  Statement rows = walk(tx, project, filter);
  while (page.size() < count && rows.step()) {
    StoredPrediction prediction = read(rows);
    if (fits(prediction, filter)) page.push_back(std::move(prediction));
  }
  return page;
}

std::vector<Uuid> some_ids(Transaction& tx, const Uuid& project, std::size_t most) {
  Statement rows = tx.prepare("SELECT id FROM predictions WHERE project = ? ORDER BY created, id LIMIT ?");
  rows.bind(project, most);
  std::vector<Uuid> all;
  while (rows.step()) all.push_back(rows.uuid(0));
  return all;
}

bool remove(Transaction& tx, const Uuid& project, const Uuid& id) {
  return tx.run("DELETE FROM predictions WHERE id = ? AND project = ?", id, project) == 1;
}

}  // namespace cvemu::predictions
