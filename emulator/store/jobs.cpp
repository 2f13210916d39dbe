#include "store/jobs.h"

namespace cvemu::jobs {

namespace {
Job read(const Statement& row) {
  return {row.integer(0), row.instant(1), row.text(2),    row.text(3),
          row.integer(4), row.text(5),    row.boolean(6), Outcome::unpack(row.view(7))};
}
}  // namespace

std::int64_t insert(Transaction& tx, Instant due, std::string_view kind, std::string_view payload,
                    const Outcome& outcome) {
  tx.run("INSERT INTO jobs (due, kind, payload, held, outcome) VALUES (?, ?, ?, ?, ?)", due, kind, payload,
         outcome.hold, outcome.pack());
  return tx.last_row_id();
}

std::optional<Job> find(Transaction& tx, std::int64_t id) {
  Statement find =
      tx.prepare("SELECT id, due, kind, payload, attempts, last_error, held, outcome FROM jobs WHERE id = ?");
  find.bind(id);
  if (!find.step()) return std::nullopt;
  return read(find);
}

std::optional<Job> first(Transaction& tx) {
  Statement find = tx.prepare(
      "SELECT id, due, kind, payload, attempts, last_error, held, outcome FROM jobs WHERE held = 0 "
      "ORDER BY due, id LIMIT 1");
  if (!find.step()) return std::nullopt;
  return read(find);
}

std::vector<Job> list(Transaction& tx) {
  Statement find = tx.prepare(
      "SELECT id, due, kind, payload, attempts, last_error, held, outcome FROM jobs ORDER BY due, id");
  std::vector<Job> all;
  while (find.step()) all.push_back(read(find));
  return all;
}

void remove(Transaction& tx, std::int64_t id) {
  tx.run("DELETE FROM jobs WHERE id = ?", id);
}

void postpone(Transaction& tx, std::int64_t id, Instant due, std::string_view error) {
  tx.run("UPDATE jobs SET due = ?, attempts = attempts + 1, last_error = ? WHERE id = ?", due, error, id);
}

void decide(Transaction& tx, const Job& job) {
  tx.run("UPDATE jobs SET due = ?, held = ?, outcome = ? WHERE id = ?", job.due, job.held, job.outcome.pack(),
         job.id);
}

}  // namespace cvemu::jobs
