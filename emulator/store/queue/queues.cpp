#include "store/queue/queues.h"

#include "base/times.h"

namespace cvemu::queues {

namespace {

std::int64_t new_bucket(Transaction& tx) {
  tx.run("INSERT INTO buckets DEFAULT VALUES");
  return tx.last_row_id();
}

// True if it holds messages, which are then left to collect_garbage().
bool abandon_bucket(Transaction& tx, std::int64_t bucket, std::int64_t message_count) {
  if (message_count > 0) return tx.run("UPDATE buckets SET abandoned = 1 WHERE id = ?", bucket) == 1;
  tx.run("DELETE FROM buckets WHERE id = ?", bucket);
  return false;
}

std::string one_text(Statement& statement) {
  return statement.step() ? statement.text(0) : std::string();
}

}  // namespace

std::optional<Queue> find(Transaction& tx, std::string_view account, std::string_view name) {
  Statement row =
      tx.prepare("SELECT id, bucket, message_count, next_expiry FROM queues WHERE account = ? AND name = ?");
  row.bind(account, name);
  if (!row.step()) return std::nullopt;
  return Queue{row.integer(0), row.integer(1), row.integer(2), row.instant(3)};
}

void insert(Transaction& tx, std::string_view account, std::string_view name, std::string_view metadata) {
  tx.run("INSERT INTO queues (account, name, metadata, bucket, next_expiry) VALUES (?, ?, ?, ?, ?)", account,
         name, metadata, new_bucket(tx), times::kNever);
}

std::vector<ListedQueue> list(Transaction& tx, std::string_view account, std::string_view prefix,
                              std::string_view marker, std::int64_t limit) {
  // Names are made of letters, digits and '-', which all sort before '~'.
  const std::string end = std::string(prefix) + '~';
  Statement row = tx.prepare(
      "SELECT name, metadata FROM queues WHERE account = ? AND name >= ? AND name < ? AND name > ? "
      "ORDER BY name LIMIT ?");
  row.bind(account, prefix, end, marker, limit);
  std::vector<ListedQueue> found;
  while (row.step()) found.push_back({row.text(0), row.text(1)});
  return found;
}

std::string metadata(Transaction& tx, const Queue& queue) {
  Statement row = tx.prepare("SELECT metadata FROM queues WHERE id = ?");
  return one_text(row.bind(queue.id));
}

void set_metadata(Transaction& tx, const Queue& queue, std::string_view metadata) {
  tx.run("UPDATE queues SET metadata = ? WHERE id = ?", metadata, queue.id);
}

std::string acl(Transaction& tx, const Queue& queue) {
  Statement row = tx.prepare("SELECT acl FROM queues WHERE id = ?");
  return one_text(row.bind(queue.id));
}

void set_acl(Transaction& tx, const Queue& queue, std::string_view xml) {
  tx.run("UPDATE queues SET acl = ? WHERE id = ?", xml, queue.id);
}

bool clear(Transaction& tx, Queue& queue) {
  if (queue.message_count == 0) return false;
  const Queue before = queue;
  queue.bucket = new_bucket(tx);
  queue.message_count = 0;
  queue.next_expiry = times::kNever;
  tx.run("UPDATE queues SET bucket = ?, message_count = 0, next_expiry = ? WHERE id = ?", queue.bucket,
         queue.next_expiry, queue.id);
  return abandon_bucket(tx, before.bucket, before.message_count);
}

bool remove(Transaction& tx, const Queue& queue) {
  tx.run("DELETE FROM queues WHERE id = ?", queue.id);
  return abandon_bucket(tx, queue.bucket, queue.message_count);
}

}  // namespace cvemu::queues
