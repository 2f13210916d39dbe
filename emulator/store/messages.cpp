#include "store/messages.h"

#include <algorithm>

#include "base/times.h"

namespace cvemu::messages {

namespace {

Uuid id_of(std::int64_t seq, const Queue& queue) {
  const std::uint64_t half = scramble(static_cast<std::uint64_t>(seq), queue.id_key);
  return Uuid(half, scramble(half, queue.id_key));
}

std::optional<std::int64_t> seq_of(const Uuid& id, const Queue& queue) {
  if (id.low() != scramble(id.high(), queue.id_key)) return std::nullopt;
  return static_cast<std::int64_t>(unscramble(id.high(), queue.id_key));
}

// Columns in the order of the two queries that read messages.
Message read(const Statement& row, const Queue& queue) {
  return {id_of(row.integer(0), queue),
          row.instant(1),
          row.instant(2),
          row.instant(3),
          row.integer(4),
          static_cast<std::uint64_t>(row.integer(5)),
          row.text(6)};
}

Instant first_expiry(Transaction& tx, std::int64_t bucket) {
  Statement row = tx.prepare("SELECT min(expires_at) FROM messages WHERE bucket = ?");
  row.bind(bucket).step();
  return row.optional_instant(0).value_or(times::kNever);
}

bool outlives(Transaction& tx, std::int64_t bucket, Instant now) {
  Statement row = tx.prepare("SELECT 1 FROM messages WHERE bucket = ? AND expires_at > ? LIMIT 1");
  return row.bind(bucket, now).step();
}

void count(Transaction& tx, Queue& queue, std::int64_t more, Instant next_expiry) {
  queue.message_count += more;
  queue.next_expiry = next_expiry;
  tx.run("UPDATE queues SET message_count = ?, next_expiry = ? WHERE id = ?", queue.message_count,
         queue.next_expiry, queue.id);
}

bool exists(Transaction& tx, const Queue& queue, std::int64_t seq) {
  Statement row = tx.prepare("SELECT 1 FROM messages WHERE seq = ? AND bucket = ?");
  return row.bind(seq, queue.bucket).step();
}

Outcome refusal(Transaction& tx, const Queue& queue, std::int64_t seq) {
  return exists(tx, queue, seq) ? Outcome::WrongReceipt : Outcome::NotFound;
}

}  // namespace

bool purge(Transaction& tx, Queue& queue, Instant now) {
  if (queue.next_expiry > now) return false;
  if (!outlives(tx, queue.bucket, now) && queue.message_count > kSweepSlice) return queues::clear(tx, queue);
  const auto gone = tx.run("DELETE FROM messages WHERE bucket = ? AND expires_at <= ?", queue.bucket, now);
  count(tx, queue, -gone, first_expiry(tx, queue.bucket));
  return false;
}

Uuid put(Transaction& tx, Queue& queue, const NewMessage& message) {
  tx.run(
      "INSERT INTO messages (bucket, visible_at, inserted_at, expires_at, receipt, text) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      queue.bucket, message.visible_at, message.inserted_at, message.expires_at, message.receipt,
      BlobView{message.text});
  const Uuid id = id_of(tx.last_row_id(), queue);
  count(tx, queue, 1, std::min(queue.next_expiry, message.expires_at));
  return id;
}

std::vector<Message> get(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now,
                         Instant hidden_until, IdSource& receipts) {
  std::vector<Message> found;
  // One at a time: a single statement for all would answer them in any order.
  for (; limit > 0; --limit) {
    Statement next = tx.prepare(
        "UPDATE messages SET visible_at = ?, receipt = ?, dequeue_count = dequeue_count + 1 WHERE seq = "
        "(SELECT seq FROM messages WHERE bucket = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT 1) "
        "RETURNING seq, inserted_at, expires_at, visible_at, dequeue_count, receipt, text");
    next.bind(hidden_until, receipts.number(), queue.bucket, now);
    if (!next.step()) break;
    found.push_back(read(next, queue));
    next.run();
  }
  return found;
}

std::vector<Message> peek(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now) {
  std::vector<Message> found;
  Statement row = tx.prepare(
      "SELECT seq, inserted_at, expires_at, visible_at, dequeue_count, receipt, text FROM messages "
      "WHERE bucket = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?");
  row.bind(queue.bucket, now, limit);
  while (row.step()) found.push_back(read(row, queue));
  return found;
}

Outcome update(Transaction& tx, const Queue& queue, const Uuid& id, std::uint64_t receipt,
               const MessageUpdate& change) {
  const auto seq = seq_of(id, queue);
  if (!seq) return Outcome::NotFound;
  std::optional<BlobView> text;
  if (change.text) text = BlobView{*change.text};
  const auto changed = tx.run(
      "UPDATE messages SET visible_at = ?, receipt = ?, text = coalesce(?, text) "
      "WHERE seq = ? AND bucket = ? AND receipt = ?",
      change.visible_at, change.receipt, text, *seq, queue.bucket, receipt);
  return changed == 1 ? Outcome::Done : refusal(tx, queue, *seq);
}

Outcome remove(Transaction& tx, Queue& queue, const Uuid& id, std::uint64_t receipt) {
  const auto seq = seq_of(id, queue);
  if (!seq) return Outcome::NotFound;
  const auto gone = tx.run("DELETE FROM messages WHERE seq = ? AND bucket = ? AND receipt = ?", *seq,
                           queue.bucket, receipt);
  if (gone == 0) return refusal(tx, queue, *seq);
  count(tx, queue, -1, queue.next_expiry);
  return Outcome::Done;
}

bool sweep(Transaction& tx) {
  std::int64_t bucket = 0;
  {
    Statement row = tx.prepare("SELECT id FROM buckets WHERE abandoned = 1 LIMIT 1");
    if (!row.step()) return false;
    bucket = row.integer(0);
  }
  const auto gone =
      tx.run("DELETE FROM messages WHERE seq IN (SELECT seq FROM messages WHERE bucket = ? LIMIT ?)", bucket,
             kSweepSlice);
  if (gone == kSweepSlice) return true;
  tx.run("DELETE FROM buckets WHERE id = ?", bucket);
  Statement more = tx.prepare("SELECT 1 FROM buckets WHERE abandoned = 1 LIMIT 1");
  return more.step();
}

}  // namespace cvemu::messages
