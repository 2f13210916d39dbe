#include "store/queue/messages.h"

#include <doctest/doctest.h>

#include "base/times.h"

namespace cvemu::store_queue_messages_test {

using namespace std::chrono_literals;
using messages::Outcome;

namespace {

constexpr Instant kNow{std::chrono::hours(500000)};

// One queue in a database of its own.
struct Fixture {
  Database db;
  Transaction tx{db};
  IdSource ids{7};
  Queue queue = make("q");

  Queue make(std::string_view name) {
    queues::insert(tx, "acct", name, "");
    return *queues::find(tx, "acct", name);
  }
  Uuid put(std::string_view text, Instant now = kNow, Duration hidden = 0s, Duration ttl = 1h) {
    return messages::put(tx, queue, {text, now, now + ttl, now + hidden, ids.number()}, ids.number());
  }
  std::vector<Message> get(Instant now, std::int64_t limit = 32, Duration hidden = 30s) {
    return messages::get(tx, queue, limit, now, now + hidden, ids);
  }
  std::int64_t stored_count() { return queues::find(tx, "acct", "q")->message_count; }
  std::int64_t rows() {
    Statement row = tx.prepare("SELECT count(*) FROM messages");
    row.step();
    return row.integer(0);
  }
};

std::string texts(const std::vector<Message>& messages) {
  std::string joined;
  for (const auto& message : messages) joined += message.text;
  return joined;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "messages: handed out in the order of arrival, also within one microsecond") {
  for (const char* text : {"a", "b", "c", "d"}) put(text);
  CHECK(texts(get(kNow, 2)) == "ab");
  CHECK(texts(get(kNow, 32)) == "cd");
  CHECK(get(kNow).empty());
}

TEST_CASE_FIXTURE(Fixture, "messages: hidden while handed out, then behind those that waited longer") {
  for (const char* text : {"a", "b", "c"}) put(text);
  CHECK(texts(get(kNow, 2, 10s)) == "ab");
  put("d", kNow + 5s);
  CHECK(texts(get(kNow + 10s - 1us, 32, 1us)) == "cd");
  CHECK(texts(messages::peek(tx, queue, 32, kNow + 10s)) == "abcd");
  CHECK(texts(get(kNow + 11s)) == "abcd");
}

TEST_CASE_FIXTURE(Fixture, "messages: a message put with a delay appears when the delay is over") {
  put("late", kNow, 5s);
  put("now", kNow + 1s);
  CHECK(texts(messages::peek(tx, queue, 32, kNow + 1s)) == "now");
  CHECK(texts(messages::peek(tx, queue, 32, kNow + 5s)) == "nowlate");
}

TEST_CASE_FIXTURE(Fixture, "messages: get counts, peek does not") {
  put("a");
  CHECK(messages::peek(tx, queue, 1, kNow)[0].dequeue_count == 0);
  CHECK(get(kNow, 1, 1s)[0].dequeue_count == 1);
  CHECK(get(kNow + 1s, 1, 1s)[0].dequeue_count == 2);
  CHECK(messages::peek(tx, queue, 1, kNow + 2s)[0].dequeue_count == 2);
}

TEST_CASE_FIXTURE(Fixture, "messages: each one of a call has a receipt of its own") {
  put("a");
  put("b");
  const auto both = get(kNow);
  CHECK(both[0].receipt != both[1].receipt);
}

TEST_CASE_FIXTURE(Fixture, "messages: a receipt is good until the next one is given, visible again or not") {
  const Uuid id = put("a");
  const auto first = get(kNow, 1, 1s)[0];
  CHECK(first.id == id);
  const auto second = get(kNow + 1s, 1, 1s)[0];
  CHECK(messages::remove(tx, queue, id, first.receipt) == Outcome::WrongReceipt);
  CHECK(messages::update(tx, queue, id, first.receipt, {kNow, 1, std::nullopt}) == Outcome::WrongReceipt);
  CHECK(messages::remove(tx, queue, id, second.receipt) == Outcome::Done);
  CHECK(messages::remove(tx, queue, id, second.receipt) == Outcome::NotFound);
  CHECK(stored_count() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "messages: update moves, re-receipts, and replaces the text only if one is given") {
  const Uuid id = put("a");
  const auto taken = get(kNow, 1)[0];
  CHECK(messages::update(tx, queue, id, taken.receipt, {kNow + 1s, 77, std::nullopt}) == Outcome::Done);
  auto seen = messages::peek(tx, queue, 1, kNow + 1s);
  CHECK(seen[0].text == "a");
  CHECK(seen[0].receipt == 77);
  CHECK(seen[0].dequeue_count == 1);
  CHECK(seen[0].inserted_at == kNow);
  CHECK(seen[0].expires_at == kNow + 1h);
  CHECK(messages::update(tx, queue, id, 77, {kNow, 78, ""}) == Outcome::Done);
  CHECK(messages::peek(tx, queue, 1, kNow)[0].text == "");
}

TEST_CASE_FIXTURE(Fixture, "messages: text is kept byte for byte") {
  const std::string text("\0 \r\n\xf0\x9f\x98\x80 ", 9);
  put(text);
  CHECK(get(kNow)[0].text == text);
}

TEST_CASE_FIXTURE(Fixture,
                  "messages: ids of another queue, of nobody, and of a cleared message are not found") {
  Queue other = make("r");
  const Uuid id = put("a");
  CHECK(messages::remove(tx, other, id, 1) == Outcome::NotFound);
  CHECK(messages::remove(tx, queue, Uuid(1, 2), 1) == Outcome::NotFound);
  CHECK(messages::remove(tx, queue, Uuid(), 1) == Outcome::NotFound);
  CHECK(messages::remove(tx, queue, id, 1) == Outcome::WrongReceipt);
  queues::clear(tx, queue);
  CHECK(messages::remove(tx, queue, id, 1) == Outcome::NotFound);
}

TEST_CASE_FIXTURE(Fixture, "messages: a message never gets the id of one that was deleted") {
  const Uuid first = put("a");
  CHECK(messages::remove(tx, queue, first, get(kNow)[0].receipt) == Outcome::Done);
  CHECK(put("b") != first);
}

TEST_CASE_FIXTURE(Fixture, "messages: the count follows put, delete and expiry, and invisible ones count") {
  put("a", kNow, 0s, 1s);
  put("b", kNow, 10s, 5s);
  put("c");
  CHECK(stored_count() == 3);
  CHECK_FALSE(messages::remove_expired(tx, queue, kNow + 1s - 1us));
  CHECK(stored_count() == 3);
  messages::remove_expired(tx, queue, kNow + 1s);
  CHECK(stored_count() == 2);
  CHECK(queue.next_expiry == kNow + 5s);
  messages::remove_expired(tx, queue, kNow + 2h);
  CHECK(stored_count() == 0);
  CHECK(queue.next_expiry == times::kNever);
  CHECK(rows() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "messages: a queue whose messages have all expired is cleared, not emptied row by row") {
  for (std::int64_t i = 0; i <= messages::kGarbageSlice; ++i) put("a", kNow, 0s, 1s);
  CHECK(messages::remove_expired(tx, queue, kNow + 1s));
  CHECK(stored_count() == 0);
  CHECK(rows() == messages::kGarbageSlice + 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "messages: garbage collection takes abandoned buckets in slices and nothing else") {
  CHECK_FALSE(messages::collect_garbage(tx));
  for (std::int64_t i = 0; i < 2 * messages::kGarbageSlice + 1; ++i) put("old");
  queues::clear(tx, queue);
  put("kept");
  Queue other = make("r");
  messages::put(tx, other, {"old", kNow, kNow + 1h, kNow, 1}, 2);
  queues::remove(tx, other);
  CHECK(messages::collect_garbage(tx));
  CHECK(rows() == messages::kGarbageSlice + 3);
  CHECK(messages::collect_garbage(tx));
  CHECK(messages::collect_garbage(tx));
  CHECK_FALSE(messages::collect_garbage(tx));
  CHECK(rows() == 1);
  CHECK(texts(messages::peek(tx, queue, 32, kNow)) == "kept");
}

TEST_CASE_FIXTURE(Fixture, "messages: looked at from inside, hidden ones too, and nothing is touched") {
  for (const char* text : {"a", "b"}) put(text);
  put("late", kNow, 1h, 2h);
  get(kNow, 1);
  const auto seen = messages::all(tx, queue, 10, kNow);
  CHECK(texts(seen) == "ablate");
  CHECK(seen[0].dequeue_count == 1);
  CHECK(seen[0].visible_at == kNow + 30s);
  CHECK(seen[1].dequeue_count == 0);
  CHECK(texts(messages::all(tx, queue, 2, kNow)) == "ab");
  CHECK(texts(messages::all(tx, queue, 10, kNow + 1h)) == "late");
  CHECK(texts(get(kNow)) == "b");
}

TEST_CASE_FIXTURE(Fixture, "messages: shown, expired and discarded by hand") {
  const Uuid hidden = put("hidden", kNow, 10s), old = put("old"), bad = put("bad");
  CHECK(messages::show(tx, queue, hidden, kNow));
  CHECK(messages::expire(tx, queue, old, kNow));
  CHECK(messages::discard(tx, queue, bad));
  messages::remove_expired(tx, queue, kNow);
  CHECK(texts(get(kNow)) == "hidden");
  CHECK(stored_count() == 1);
  for (const Uuid& gone : {old, bad}) {
    CHECK_FALSE(messages::show(tx, queue, gone, kNow));
    CHECK_FALSE(messages::expire(tx, queue, gone, kNow));
    CHECK_FALSE(messages::discard(tx, queue, gone));
  }
}

}  // namespace cvemu::store_queue_messages_test
