#include "store/archive.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "store/contents.h"

using namespace cvemu;

namespace {

std::int64_t store(Database& db, std::string_view bytes) {
  Transaction tx(db);
  const auto id = contents::store(tx, bytes);
  tx.commit();
  return id;
}

std::string read(Database& db, std::int64_t id, std::size_t length) {
  Transaction tx(db);
  return contents::read_all(tx, id, length);
}

}  // namespace

TEST_CASE("archive: long and short bytes come back, and what was there before is gone") {
  const auto file = std::filesystem::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  const std::string bytes(3'000'000, 'x');
  for (const auto& place : {std::filesystem::path(), file}) {
    CAPTURE(place);
    Database db(place);
    const auto long_one = store(db, bytes), short_one = store(db, "short");
    const std::string packed = archive::pack(db);
    store(db, std::string(200'000, 'y'));
    CHECK(db.bytes().places().size() == 2);
    archive::unpack(db, packed);
    CHECK(read(db, long_one, bytes.size()) == bytes);
    CHECK(read(db, short_one, 5) == "short");
    CHECK(db.bytes().places().size() == 1);

    Database other;
    archive::unpack(other, packed);
    CHECK(read(other, long_one, bytes.size()) == bytes);
  }
  for (const char* end : {"", "-wal", "-shm", "-bytes"}) std::filesystem::remove_all(file.string() + end);
}

TEST_CASE("archive: a state without long bytes is the plain image") {
  Database db;
  store(db, "short");
  CHECK(archive::pack(db) == db.snapshot());
}

TEST_CASE("archive: what is none changes nothing") {
  Database db;
  const auto id = store(db, std::string(100'000, 'x'));
  CHECK_THROWS_AS(archive::unpack(db, "no database"), DbError);
  CHECK(read(db, id, 3) == "xxx");
  CHECK(db.bytes().places().size() == 1);
}
