#include "db/byte_store.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "base/ids.h"
#include "db/database.h"

namespace cvemu::db_byte_store_test {

namespace {

namespace fs = std::filesystem;

// Both kinds, one after the other.
struct Stores {
  fs::path folder = fs::temp_directory_path() / ("cvemu-bytes-" + IdSource().uuid().compact());
  std::vector<std::unique_ptr<ByteStore>> all;
  Stores() {
    all.push_back(ByteStore::open({}));
    all.push_back(ByteStore::open(folder));
  }
  ~Stores() { fs::remove_all(folder); }
};

ByteStore::Place keep(ByteStore& store, std::string_view bytes) {
  auto incoming = store.begin();
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(100'000, bytes.size())))
    incoming->append(bytes.substr(0, 100'000));
  return store.keep(std::move(incoming));
}

std::string read_all(const StoredBytes& stored, std::uint64_t length) {
  std::string all, room;
  while (all.size() < length) all.append(stored.read(all.size(), length - all.size(), room));
  return all;
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 8));
  return bytes;
}

}  // namespace

TEST_CASE("ByteStore: bytes that are being read stay, also without their store") {
  Stores stores;
  const std::string bytes = pattern(700'003);
  for (auto& store : stores.all) {
    const auto stored = store->find(keep(*store, bytes), bytes.size());
    store.reset();
    CHECK(read_all(*stored, bytes.size()) == bytes);
  }
}

TEST_CASE("ByteStore: what came in pieces is read back from any place on") {
  Stores stores;
  const std::string bytes = pattern(700'003);
  for (const auto& store : stores.all) {
    const auto stored = store->find(keep(*store, bytes), bytes.size());
    CHECK(read_all(*stored, bytes.size()) == bytes);
    std::string room;
    CHECK(stored->read(262'143, 10, room).front() == bytes[262'143]);
    CHECK(stored->read(700'000, 3, room) == bytes.substr(700'000));
  }
}

TEST_CASE("ByteStore: removed bytes are gone, but not for who reads them") {
  Stores stores;
  const std::string bytes = pattern(300'000);
  for (const auto& store : stores.all) {
    const auto place = keep(*store, bytes);
    const auto reader = store->find(place, bytes.size());
    store->remove({place});
    CHECK_THROWS_AS(store->find(place, bytes.size()), DbError);
    CHECK(store->kept().empty());
    CHECK(read_all(*reader, bytes.size()) == bytes);
  }
}

TEST_CASE("ByteStore: what is retained goes only when nobody retains it any more") {
  Stores stores;
  for (const auto& store : stores.all) {
    const auto place = keep(*store, "bytes");
    auto one = std::make_unique<ByteStore::Retained>(*store, std::vector{place});
    auto other = std::make_unique<ByteStore::Retained>(*store, std::vector{place});
    store->remove({place});
    one.reset();
    CHECK_NOTHROW(store->find(place, 5));
    other.reset();
    CHECK_THROWS_AS(store->find(place, 5), DbError);
  }
}

TEST_CASE("ByteStore: what was revived stays") {
  Stores stores;
  for (const auto& store : stores.all) {
    const auto place = keep(*store, "bytes");
    {
      const ByteStore::Retained retained(*store, {place});
      store->remove({place});
      retained.revive();
    }
    CHECK_NOTHROW(store->find(place, 5));
  }
}

TEST_CASE("ByteStore: bytes that were not kept leave nothing") {
  Stores stores;
  stores.all.back()->begin()->append("half");
  CHECK(fs::is_empty(stores.folder));
}

TEST_CASE("ByteStore: a folder is found again, and its places are not used twice") {
  Stores stores;
  const auto place = keep(*stores.all.back(), "bytes");
  const auto again = ByteStore::open(stores.folder);
  CHECK(again->kept() == std::vector{ByteStore::Kept{place, 5}});
  CHECK(keep(*again, "more") != place);
  CHECK(read_all(*again->find(place, 5), 5) == "bytes");
}

TEST_CASE("ByteStore: a place does not come back, whatever was lost") {
  Stores stores;
  std::set<ByteStore::Place> given;
  for (int opening = 0; opening < 3; ++opening) {
    const auto store = ByteStore::open(stores.folder);
    ByteStore::Place newest = 0;
    for (int i = 0; i < 3; ++i) {
      const auto place = newest = keep(*store, "bytes");
      CHECK_MESSAGE(given.insert(place).second, place);
    }
    const auto kept = store->kept();
    CHECK(kept.back().place == newest);
    if (opening == 0) fs::remove(stores.folder / std::to_string(newest));
    if (opening == 1) fs::remove_all(stores.folder);
  }
}

TEST_CASE("ByteStore: a place is above all that lie in the folder, also when the clock was set back") {
  Stores stores;
  fs::create_directory(stores.folder);
  const ByteStore::Place future = ByteStore::Place{1} << 60;
  std::ofstream(stores.folder / std::to_string(future)) << "bytes";
  const auto store = ByteStore::open(stores.folder);
  const auto first = keep(*store, "more");
  CHECK(first > future);
  fs::remove(stores.folder / std::to_string(first));
  CHECK(keep(*ByteStore::open(stores.folder), "other") != first);
}

TEST_CASE("ByteStore: bytes of another length than asked for are not given") {
  Stores stores;
  for (const auto& store : stores.all) {
    const auto place = keep(*store, pattern(300'000));
    CHECK_THROWS_AS(store->find(place, 299'999), DbError);
    CHECK_THROWS_AS(store->find(place, 300'001), DbError);
  }
  const auto place = stores.all.back()->kept().front().place;
  const fs::path file = stores.folder / std::to_string(place);
  const auto reader = stores.all.back()->find(place, 300'000);
  fs::resize_file(file, 200'000);
  CHECK_THROWS_AS(stores.all.back()->find(place, 300'000), DbError);
  CHECK_THROWS_AS(read_all(*reader, 300'000), DbError);
  fs::resize_file(file, 300'001);
  CHECK_THROWS_AS(stores.all.back()->find(place, 300'000), DbError);
  CHECK(ByteStore::open(stores.folder)->kept() == std::vector{ByteStore::Kept{place, 300'001}});
}

TEST_CASE("ByteStore: what is not named as a place is left alone") {
  Stores stores;
  fs::create_directory(stores.folder);
  for (const char* name : {"007", "-3", "0", "x", "9223372036854775807", "99999999999999999999", "5.tmp"})
    std::ofstream(stores.folder / name) << name;
  fs::create_directory(stores.folder / "12");
  fs::create_symlink("nowhere", stores.folder / "13");
  const auto store = ByteStore::open(stores.folder);
  CHECK(store->kept().empty());
  CHECK(keep(*store, "bytes") > 0);
}

TEST_CASE("ByteStore: a folder that cannot be read is an error, not an empty one") {
  Stores stores;
  std::ofstream(stores.folder) << "a file";
  CHECK_THROWS_AS(ByteStore::open(stores.folder), DbError);
}

TEST_CASE("Transaction: bytes come and go with their rows") {
  Database db;
  auto& store = db.bytes();
  const auto first = keep(store, "first"), second = keep(store, "second");
  const auto write = [&](bool commit) {
    Transaction tx(db);
    tx.run("UPDATE numbers SET last = last + 1");
    tx.adopt_bytes(first);
    tx.remove_bytes(second);
    if (commit) tx.commit();
    CHECK(store.kept().size() == 2);
  };
  SUBCASE("committed") {
    write(true);
    CHECK(store.kept() == std::vector{ByteStore::Kept{first, 5}});
  }
  SUBCASE("undone") {
    write(false);
    CHECK(store.kept() == std::vector{ByteStore::Kept{second, 6}});
  }
}

}  // namespace cvemu::db_byte_store_test
