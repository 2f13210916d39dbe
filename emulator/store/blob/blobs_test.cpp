#include "store/blob/blobs.h"

#include <doctest/doctest.h>

#include "store/blob/blocks.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"
#include "store/blob/service_blobs.h"
#include "store/string_map.h"

namespace cvemu::blob_blobs_test {

namespace {

constexpr Instant kNow{std::chrono::seconds{1'700'000'000}};

Blob blob(std::string_view name, std::int64_t snapshot = Blob::kBase) {
  Blob made;
  made.container = 1;
  made.name = name;
  made.snapshot = snapshot;
  return made;
}

std::vector<std::string> names(Transaction& tx, std::string_view from, std::string_view before) {
  std::vector<std::string> found;
  blobs::Cursor cursor(tx, 1, from, 0, before);
  Blob row;
  while (cursor.next(row)) found.push_back(row.name + (row.is_snapshot() ? "@" : ""));
  return found;
}

}  // namespace

TEST_CASE("blobs: every column survives the database") {
  Database db;
  Transaction tx(db);
  Blob made = blob("a/b");
  made.kind = BlobKind::Append;
  made.etag = 7;
  made.created = kNow;
  made.modified = kNow + std::chrono::seconds(1);
  made.length = 3;
  made.content = contents::store(tx, "abc");
  made.content_type = "text/plain";
  made.content_md5 = "md5";
  made.metadata = pack({{"One", "1"}, {"two", "a:b\tc"}});
  made.tags = pack({{"k:k", "v"}});
  made.lease = Lease{LeaseState::Leased, Uuid(1, 2), 15, kNow}.pack();
  BlobProperties properties;
  properties.language = "fr";
  properties.sequence_number = 9;
  made.properties = properties.pack();
  made.ends = kNow + std::chrono::hours(1);
  blobs::put(tx, made);

  const auto found = blobs::find(tx, 1, "a/b", Blob::kBase, kNow);
  REQUIRE(found);
  CHECK(found->kind == BlobKind::Append);
  CHECK(found->etag == 7);
  CHECK(found->modified == made.modified);
  CHECK(found->content_type == "text/plain");
  CHECK(found->content_md5 == "md5");
  CHECK(unpack(found->metadata) == Pairs{{"One", "1"}, {"two", "a:b\tc"}});
  CHECK(unpack(found->tags) == Pairs{{"k:k", "v"}});
  CHECK(Lease::unpack(found->lease).id == Uuid(1, 2));
  CHECK(BlobProperties::unpack(found->properties).language == "fr");
  CHECK(BlobProperties::unpack(found->properties).sequence_number == 9);
  CHECK_FALSE(blobs::find(tx, 1, "a/b", Blob::kBase, *made.ends));
}

TEST_CASE("blobs: the cursor walks by bytes of the name, snapshots before their blob") {
  Database db;
  Transaction tx(db);
  for (const char* name : {"b", "a", "\xF0\x9F\x98\x80", "\xEF\xBC\xA1", "ab"}) blobs::put(tx, blob(name));
  blobs::put(tx, blob("a", 2));
  blobs::put(tx, blob("a", 1));
  CHECK(names(tx, "", "") ==
        std::vector<std::string>{"a@", "a@", "a", "ab", "b", "\xEF\xBC\xA1", "\xF0\x9F\x98\x80"});
  CHECK(names(tx, "ab", "") == std::vector<std::string>{"ab", "b", "\xEF\xBC\xA1", "\xF0\x9F\x98\x80"});
  CHECK(names(tx, "a", blobs::after_prefix("a")) == std::vector<std::string>{"a@", "a@", "a", "ab"});
}

TEST_CASE("blobs: the text after a prefix") {
  CHECK(blobs::after_prefix("a/") == "a0");
  CHECK(blobs::after_prefix("") == "");
  CHECK(blobs::after_prefix("a\xFF\xFF") == "b");
  CHECK(blobs::after_prefix("\xFF") == "");
}

TEST_CASE("blobs: uncommitted and deleted ones are not found") {
  Database db;
  Transaction tx(db);
  for (const BlobState state : {BlobState::Uncommitted, BlobState::Deleted}) {
    Blob made = blob("x");
    made.state = state;
    blobs::put(tx, made);
    CHECK_FALSE(blobs::find(tx, 1, "x", Blob::kBase, kNow));
    CHECK(blobs::find_any(tx, 1, "x", Blob::kBase));
  }
}

TEST_CASE("blobs: a removed blob frees its bytes, an ended one is swept") {
  Database db;
  Transaction tx(db);
  Blob made = blob("x");
  made.content = contents::store(tx, "bytes");
  made.ends = kNow;
  blobs::put(tx, made);
  CHECK_FALSE(blobs::collect_garbage(tx, kNow - std::chrono::seconds(1)));
  CHECK(blobs::collect_garbage(tx, kNow));
  CHECK(contents::length(tx, made.content) == 0);
  CHECK_FALSE(blobs::find_any(tx, 1, "x", Blob::kBase));
}

TEST_CASE("containers: a deleted one makes room for another of its name and is swept with its blobs") {
  Database db;
  Transaction tx(db);
  service_blobs::put(tx, "acct", "c", "old", "text/plain", "bytes", kNow);
  service_blobs::remove_container(tx, "acct", "c");
  CHECK_FALSE(service_blobs::read(tx, "acct", "c", "old"));
  service_blobs::put(tx, "acct", "c", "new", "text/plain", "other", kNow);
  CHECK_FALSE(service_blobs::read(tx, "acct", "c", "old"));
  int slices = 0;
  while (containers::collect_garbage(tx, kNow)) ++slices;
  CHECK(slices == 2);
  CHECK(service_blobs::read(tx, "acct", "c", "new") == "other");
  Statement left = tx.prepare("SELECT (SELECT count(*) FROM contents), (SELECT count(*) FROM containers)");
  left.step();
  CHECK(left.integer(0) == 1);
  CHECK(left.integer(1) == 1);
}

TEST_CASE("containers: listed by name within a prefix, deleted ones only when asked") {
  Database db;
  Transaction tx(db);
  for (const char* name : {"b2", "a", "b1", "c"}) {
    Container made;
    made.account = "acct";
    made.name = name;
    containers::insert(tx, made);
    if (std::string_view(name) == "b2") containers::remove(tx, made.id, kNow, kNow + std::chrono::hours(24));
  }
  containers::ListOptions options;
  options.prefix = "b";
  options.limit = 10;
  CHECK(containers::list(tx, "acct", options, kNow).size() == 1);
  options.with_deleted = true;
  CHECK(containers::list(tx, "acct", options, kNow).size() == 2);
  CHECK(containers::list(tx, "acct", options, kNow + std::chrono::hours(24)).size() == 1);
  options.from = "b2";
  CHECK(containers::list(tx, "acct", options, kNow)[0].name == "b2");
  CHECK(containers::list(tx, "other", options, kNow).empty());
}

TEST_CASE("service_blobs: put replaces, remove takes away, absence is told") {
  Database db;
  Transaction tx(db);
  const std::string large(700'000, 'z');
  service_blobs::put(tx, "acct", "c", "x", "text/plain", "one", kNow);
  service_blobs::put(tx, "acct", "c", "x", "image/png", large, kNow);
  CHECK(service_blobs::read(tx, "acct", "c", "x") == large);
  const auto id = containers::find_id(tx, "acct", "c");
  REQUIRE(id);
  CHECK(blobs::find(tx, *id, "x", Blob::kBase, kNow)->content_type == "image/png");
  service_blobs::remove(tx, "acct", "c", "x");
  service_blobs::remove(tx, "acct", "c", "x");
  service_blobs::remove(tx, "acct", "none", "x");
  CHECK_FALSE(service_blobs::read(tx, "acct", "c", "x"));
}

TEST_CASE("blocks: the same id replaces, discarding frees the bytes") {
  Database db;
  Transaction tx(db);
  const auto first = contents::store(tx, "one");
  CHECK(blocks::put(tx, 1, "b", {"QQ==", 3, first}));
  CHECK_FALSE(blocks::put(tx, 1, "b", {"QQ==", 4, contents::store(tx, "four")}));
  CHECK(contents::length(tx, first) == 0);
  CHECK(blocks::find(tx, 1, "b", "QQ==")->length == 4);
  CHECK(blocks::find_one(tx, 1, "b"));
  blocks::discard(tx, 1, "b");
  CHECK(blocks::list(tx, 1, "b").empty());
}

TEST_CASE("leases: time moves them on") {
  const Lease fixed{LeaseState::Leased, Uuid(1, 2), 15, kNow};
  CHECK(fixed.at(kNow - Duration(1)) == LeaseState::Leased);
  CHECK(fixed.at(kNow) == LeaseState::Expired);
  const Lease infinite{LeaseState::Leased, Uuid(1, 2), Lease::kInfinite, {}};
  CHECK(infinite.is_locked(kNow));
  const Lease breaking{LeaseState::Breaking, Uuid(1, 2), 15, kNow};
  CHECK(breaking.is_locked(kNow - Duration(1)));
  CHECK(breaking.at(kNow) == LeaseState::Broken);
  CHECK(Lease::unpack(Lease{}.pack()).at(kNow) == LeaseState::Available);
}

}  // namespace cvemu::blob_blobs_test
