#include "store/queue/queues.h"

#include <doctest/doctest.h>

#include "store/queue/messages.h"

namespace cvemu::store_queue_queues_test {

namespace {

constexpr Instant kNow{std::chrono::hours(500000)};

std::vector<std::string> names(const std::vector<ListedQueue>& queues) {
  std::vector<std::string> found;
  for (const auto& queue : queues) found.push_back(queue.name);
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("queues: found by account and name") {
  Database db;
  Transaction tx(db);
  queues::insert(tx, "acct", "q", "");
  CHECK(queues::find(tx, "acct", "q"));
  CHECK_FALSE(queues::find(tx, "acct", "r"));
  CHECK_FALSE(queues::find(tx, "other", "q"));
}

TEST_CASE("queues: metadata and ACL are replaced whole") {
  Database db;
  Transaction tx(db);
  queues::insert(tx, "acct", "q", "Color:red\n");
  const Queue queue = *queues::find(tx, "acct", "q");
  CHECK(queues::metadata(tx, queue) == "Color:red\n");
  CHECK(queues::acl(tx, queue) == "");
  queues::set_metadata(tx, queue, "size:1\n");
  queues::set_acl(tx, queue, "<SignedIdentifiers/>");
  CHECK(queues::metadata(tx, queue) == "size:1\n");
  CHECK(queues::acl(tx, queue) == "<SignedIdentifiers/>");
}

TEST_CASE("queues: listed by name, by prefix, of one account") {
  Database db;
  Transaction tx(db);
  for (const char* name : {"d", "b-2", "e", "b-1", "a", "b", "bz", "c"}) queues::insert(tx, "acct", name, "");
  queues::insert(tx, "other", "b-3", "");
  CHECK(names(queues::list(tx, "acct", "", "", 5000)) == Names{"a", "b", "b-1", "b-2", "bz", "c", "d", "e"});
  CHECK(names(queues::list(tx, "acct", "b-", "", 5000)) == Names{"b-1", "b-2"});
  CHECK(names(queues::list(tx, "acct", "b", "", 5000)) == Names{"b", "b-1", "b-2", "bz"});
  CHECK(names(queues::list(tx, "acct", "bz", "", 5000)) == Names{"bz"});
  CHECK(names(queues::list(tx, "acct", "x", "", 5000)).empty());
}

TEST_CASE("queues: a page begins after its marker, whether that queue still exists or not") {
  Database db;
  Transaction tx(db);
  for (const char* name : {"d", "b", "e", "a", "c"}) queues::insert(tx, "acct", name, "");
  CHECK(names(queues::list(tx, "acct", "", "", 2)) == Names{"a", "b"});
  queues::remove(tx, *queues::find(tx, "acct", "b"));
  queues::insert(tx, "acct", "aa", "");
  CHECK(names(queues::list(tx, "acct", "", "b", 2)) == Names{"c", "d"});
  CHECK(names(queues::list(tx, "acct", "", "d", 2)) == Names{"e"});
}

TEST_CASE("queues: cleared ones are empty at once and take new messages") {
  Database db;
  Transaction tx(db);
  queues::insert(tx, "acct", "q", "");
  Queue queue = *queues::find(tx, "acct", "q");
  CHECK_FALSE(queues::clear(tx, queue));
  messages::put(tx, queue, {"old", kNow, kNow + std::chrono::hours(1), kNow, 1}, 2);
  CHECK(queues::clear(tx, queue));
  CHECK(messages::peek(tx, queue, 32, kNow).empty());
  CHECK(queues::find(tx, "acct", "q")->message_count == 0);
  messages::put(tx, queue, {"new", kNow, kNow + std::chrono::hours(1), kNow, 1}, 2);
  CHECK(messages::peek(tx, queue, 32, kNow).size() == 1);
}

TEST_CASE("queues: a removed one can be made again at once, empty") {
  Database db;
  Transaction tx(db);
  queues::insert(tx, "acct", "q", "");
  Queue queue = *queues::find(tx, "acct", "q");
  messages::put(tx, queue, {"old", kNow, kNow + std::chrono::hours(1), kNow, 1}, 2);
  CHECK(queues::remove(tx, queue));
  CHECK_FALSE(queues::find(tx, "acct", "q"));
  queues::insert(tx, "acct", "q", "");
  const Queue again = *queues::find(tx, "acct", "q");
  CHECK(again.message_count == 0);
  CHECK(messages::peek(tx, again, 32, kNow).empty());
}

}  // namespace cvemu::store_queue_queues_test
