#include "store/clear_state.h"

#include "base/text.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"
#include "store/customvision/prediction_rules.h"
#include "store/key_values.h"

namespace cvemu::clear_state {

namespace {

template <class... Values>
std::int64_t number(Transaction& tx, Sql sql, const Values&... values) {
  Statement find = tx.prepare(sql);
  find.bind(values...);
  return find.step() ? find.integer(0) : 0;
}

// What is marked as deleted ends before any time that a clock shows.
void remove_ended(Transaction& tx) {
  constexpr Instant kNow{};
  while (containers::collect_garbage(tx, kNow) || contents::collect_garbage(tx)) {
  }
}

}  // namespace

Totals count(Transaction& tx, std::string_view service_account) {
  Totals totals;
  totals.projects = number(tx, "SELECT count(*) FROM projects WHERE status <> 'Deleted'");
  totals.images = number(tx, "SELECT count(*) FROM images");
  totals.iterations = number(tx, "SELECT count(*) FROM iterations");
  totals.queues = number(tx, "SELECT count(*) FROM queues");
  totals.messages = number(tx, "SELECT total(message_count) FROM queues");
  totals.containers =
      number(tx, "SELECT count(*) FROM containers WHERE deleted IS NULL AND account <> ?", service_account);
  totals.blobs = number(tx,
                        "SELECT count(*) FROM blobs JOIN containers ON containers.id = blobs.container "
                        "WHERE containers.deleted IS NULL AND account <> ? AND state = 0",
                        service_account);
  return totals;
}

std::vector<std::string> accounts(Transaction& tx) {
  Statement rows = tx.prepare("SELECT account FROM queues UNION SELECT account FROM containers ORDER BY 1");
  std::vector<std::string> all;
  while (rows.step()) all.push_back(rows.text(0));
  return all;
}

void projects(Transaction& tx, std::string_view service_account) {
  tx.run("DELETE FROM projects");
  prediction_rules::clear(tx);
  tx.run("UPDATE containers SET deleted = 0, ends = 0 WHERE account = ?", service_account);
  remove_ended(tx);
}

void queues(Transaction& tx) {
  tx.run("DELETE FROM messages");
  tx.run("DELETE FROM queues");
  tx.run("DELETE FROM buckets");
}

void blobs(Transaction& tx, std::string_view service_account) {
  tx.run("UPDATE containers SET deleted = 0, ends = 0 WHERE account <> ?", service_account);
  remove_ended(tx);
}

void all(Database& database) {
  constexpr std::string_view kStays[] = {"service_account_key", "starts"};
  std::vector<std::pair<std::string_view, std::string>> kept;
  {
    Transaction tx(database);
    for (const std::string_view name : kStays)
      if (auto value = key_values::find(tx, name)) kept.emplace_back(name, *std::move(value));
  }
  database.reset();
  Transaction tx(database);
  contents::remove_orphans(tx);
  for (const auto& [name, value] : kept) key_values::set(tx, name, value);
  tx.commit();
}

}  // namespace cvemu::clear_state
