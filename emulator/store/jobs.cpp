#include "store/jobs.h"

namespace cvemu::jobs {

namespace {
Job read(const Statement& row) {
  return {row.integer(0), row.instant(1), row.text(2), row.text(3), row.integer(4), row.text(5)};
}
}  // namespace

void insert(Transaction& tx, Instant due, std::string_view kind, std::string_view payload) {
  tx.run("INSERT INTO jobs (due, kind, payload) VALUES (?, ?, ?)", due, kind, payload);
}

std::optional<Job> first(Transaction& tx) {
  Statement find = tx.prepare(
      "SELECT id, due, kind, payload, attempts, last_error FROM jobs ORDER BY due, id LIMIT 1");
  if (!find.step()) return std::nullopt;
  return read(find);
}

std::vector<Job> list(Transaction& tx) {
  Statement find =
      tx.prepare("SELECT id, due, kind, payload, attempts, last_error FROM jobs ORDER BY due, id");
  std::vector<Job> all;
  while (find.step()) all.push_back(read(find));
  return all;
}

void remove(Transaction& tx, std::int64_t id) { tx.run("DELETE FROM jobs WHERE id = ?", id); }

void postpone(Transaction& tx, std::int64_t id, Instant due, std::string_view error) {
  tx.run("UPDATE jobs SET due = ?, attempts = attempts + 1, last_error = ? WHERE id = ?", due, error, id);
}

}  // namespace cvemu::jobs
