#include "db/byte_store.h"

#include <doctest/doctest.h>

#include "base/ids.h"
#include "db/database.h"

using namespace cvemu;

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

TEST_CASE("ByteStore: what came in pieces is read back from any place on") {
  Stores stores;
  const std::string bytes = pattern(700'003);
  for (const auto& store : stores.all) {
    const auto stored = store->find(keep(*store, bytes));
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
    const auto reader = store->find(place);
    store->remove({place});
    CHECK_THROWS_AS(store->find(place), DbError);
    CHECK(store->places().empty());
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
    CHECK_NOTHROW(store->find(place));
    other.reset();
    CHECK_THROWS_AS(store->find(place), DbError);
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
    CHECK_NOTHROW(store->find(place));
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
  CHECK(again->places() == std::vector{place});
  CHECK(keep(*again, "more") != place);
  CHECK(read_all(*again->find(place), 5) == "bytes");
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
    CHECK(store.places().size() == 2);
  };
  SUBCASE("committed") {
    write(true);
    CHECK(store.places() == std::vector{first});
  }
  SUBCASE("undone") {
    write(false);
    CHECK(store.places() == std::vector{second});
  }
}
