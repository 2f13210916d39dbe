#include "store/queue/messages.h"

#include <algorithm>

#include "base/times.h"

namespace cvemu::messages {

namespace {

// The two halves of a public id.
struct Key {
  std::int64_t seq;
  std::uint64_t salt;
};

Uuid id_of(const Key& key) {
  return Uuid(scramble(static_cast<std::uint64_t>(key.seq), key.salt), key.salt);
}

Key key_of(const Uuid& id) {
  return {static_cast<std::int64_t>(unscramble(id.high(), id.low())), id.low()};
}

Message read(const Statement& row) {
  const Key key{row.integer(0), static_cast<std::uint64_t>(row.integer(1))};
  return {id_of(key),     row.instant(2), row.instant(3),
          row.instant(4), row.integer(5), static_cast<std::uint64_t>(row.integer(6)),
          row.text(7)};
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

Outcome refusal(Transaction& tx, const Queue& queue, const Key& key) {
  Statement row = tx.prepare("SELECT 1 FROM messages WHERE seq = ? AND bucket = ? AND salt = ?");
  row.bind(key.seq, queue.bucket, key.salt);
  return row.step() ? Outcome::WrongReceipt : Outcome::NotFound;
}

}  // namespace

bool remove_expired(Transaction& tx, Queue& queue, Instant now) {
  if (queue.next_expiry > now) return false;
  if (!outlives(tx, queue.bucket, now) && queue.message_count > kGarbageSlice)
    return queues::clear(tx, queue);
  const auto gone = tx.run("DELETE FROM messages WHERE bucket = ? AND expires_at <= ?", queue.bucket, now);
  count(tx, queue, -gone, first_expiry(tx, queue.bucket));
  return false;
}

Uuid put(Transaction& tx, Queue& queue, const NewMessage& message, std::uint64_t random) {
  tx.run(
      "INSERT INTO messages (bucket, salt, visible_at, inserted_at, expires_at, receipt, text) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      queue.bucket, random, message.visible_at, message.inserted_at, message.expires_at, message.receipt,
      BlobView{message.text});
  const Uuid id = id_of({tx.last_row_id(), random});
  count(tx, queue, 1, std::min(queue.next_expiry, message.expires_at));
  return id;
}

std::vector<Message> get(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now,
                         Instant hidden_until, IdSource& receipts) {
  std::vector<Message> found = peek(tx, queue, limit, now);
  for (Message& message : found) {
    message.visible_at = hidden_until;
    message.receipt = receipts.number();
    message.dequeue_count += 1;
    tx.run("UPDATE messages SET visible_at = ?, receipt = ?, dequeue_count = ? WHERE seq = ?",
           message.visible_at, message.receipt, message.dequeue_count, key_of(message.id).seq);
  }
  return found;
}

std::vector<Message> peek(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now) {
  std::vector<Message> found;
  Statement row = tx.prepare(
      "SELECT seq, salt, inserted_at, expires_at, visible_at, dequeue_count, receipt, text FROM messages "
      "WHERE bucket = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?");
  row.bind(queue.bucket, now, limit);
  while (row.step()) found.push_back(read(row));
  return found;
}

std::vector<Message> list(Transaction& tx, const Queue& queue) {
  Statement rows = tx.prepare(
      "SELECT seq, salt, inserted_at, expires_at, visible_at, dequeue_count, receipt, text FROM messages "
      "WHERE bucket = ? ORDER BY seq");
  rows.bind(queue.bucket);
  std::vector<Message> all;
  while (rows.step()) all.push_back(read(rows));
  return all;
}

Outcome update(Transaction& tx, const Queue& queue, const Uuid& id, std::uint64_t receipt,
               const MessageUpdate& change) {
  const Key key = key_of(id);
  std::optional<BlobView> text;
  if (change.text) text = BlobView{*change.text};
  const auto changed = tx.run(
      "UPDATE messages SET visible_at = ?, receipt = ?, text = coalesce(?, text) "
      "WHERE seq = ? AND bucket = ? AND salt = ? AND receipt = ?",
      change.visible_at, change.receipt, text, key.seq, queue.bucket, key.salt, receipt);
  return changed == 1 ? Outcome::Done : refusal(tx, queue, key);
}

Outcome remove(Transaction& tx, Queue& queue, const Uuid& id, std::uint64_t receipt) {
  const Key key = key_of(id);
  const auto gone = tx.run("DELETE FROM messages WHERE seq = ? AND bucket = ? AND salt = ? AND receipt = ?",
                           key.seq, queue.bucket, key.salt, receipt);
  if (gone == 0) return refusal(tx, queue, key);
  count(tx, queue, -1, queue.next_expiry);
  return Outcome::Done;
}

std::vector<Message> all(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now) {
  std::vector<Message> found;
  Statement row = tx.prepare(
      "SELECT seq, salt, inserted_at, expires_at, visible_at, dequeue_count, receipt, text FROM messages "
      "WHERE bucket = ? AND expires_at > ? ORDER BY seq LIMIT ?");
  row.bind(queue.bucket, now, limit);
  while (row.step()) found.push_back(read(row));
  return found;
}

bool show(Transaction& tx, const Queue& queue, const Uuid& id, Instant now) {
  const Key key = key_of(id);
  return tx.run(
             "UPDATE messages SET visible_at = min(visible_at, ?) WHERE seq = ? AND bucket = ? AND salt = ?",
             now, key.seq, queue.bucket, key.salt) == 1;
}

bool discard(Transaction& tx, Queue& queue, const Uuid& id) {
  const Key key = key_of(id);
  if (tx.run("DELETE FROM messages WHERE seq = ? AND bucket = ? AND salt = ?", key.seq, queue.bucket,
             key.salt) == 0)
    return false;
  count(tx, queue, -1, queue.next_expiry);
  return true;
}

bool expire(Transaction& tx, Queue& queue, const Uuid& id, Instant now) {
  const Key key = key_of(id);
  if (tx.run("UPDATE messages SET expires_at = ? WHERE seq = ? AND bucket = ? AND salt = ?", now, key.seq,
             queue.bucket, key.salt) == 0)
    return false;
  count(tx, queue, 0, std::min(queue.next_expiry, now));
  return true;
}

bool collect_garbage(Transaction& tx) {
  std::int64_t bucket = 0;
  {
    Statement row = tx.prepare("SELECT id FROM buckets WHERE abandoned = 1 LIMIT 1");
    if (!row.step()) return false;
    bucket = row.integer(0);
  }
  const auto gone =
      tx.run("DELETE FROM messages WHERE seq IN (SELECT seq FROM messages WHERE bucket = ? LIMIT ?)", bucket,
             kGarbageSlice);
  if (gone == kGarbageSlice) return true;
  tx.run("DELETE FROM buckets WHERE id = ?", bucket);
  Statement more = tx.prepare("SELECT 1 FROM buckets WHERE abandoned = 1 LIMIT 1");
  return more.step();
}

}  // namespace cvemu::messages
