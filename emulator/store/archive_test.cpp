#include "store/archive.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "store/blob/contents.h"

namespace cvemu::store_archive_test {

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
    const std::string packed = archive::pack(db, archive::take(db));
    store(db, std::string(200'000, 'y'));
    CHECK(db.bytes().kept().size() == 2);
    archive::unpack(db, packed);
    CHECK(read(db, long_one, bytes.size()) == bytes);
    CHECK(read(db, short_one, 5) == "short");
    CHECK(db.bytes().kept().size() == 1);

    Database other;
    archive::unpack(other, packed);
    CHECK(read(other, long_one, bytes.size()) == bytes);
  }
  for (const char* end : {"", "-wal", "-shm", "-bytes"}) std::filesystem::remove_all(file.string() + end);
}

TEST_CASE("archive: a snapshot brings back what was removed since, as often as it is asked to") {
  Database db;
  const std::string bytes(100'000, 'x');
  const auto id = store(db, bytes);
  {
    const archive::Snapshot snapshot = archive::take(db);
    CHECK(snapshot.bytes == snapshot.image.size() + bytes.size());
    for (int i = 0; i < 2; ++i) {
      {
        Transaction tx(db);
        contents::release(tx, id);
        tx.commit();
      }
      store(db, std::string(200'000, 'y'));
      archive::restore(db, snapshot);
      CHECK(read(db, id, bytes.size()) == bytes);
      CHECK(db.bytes().kept().size() == 1);
    }
  }
  CHECK(read(db, id, bytes.size()) == bytes);
}

TEST_CASE("archive: a database without the bytes of its large blobs, or with too few, is none") {
  Database db;
  const auto id = store(db, std::string(100'000, 'x'));
  const std::string image = archive::take(db).image;
  CHECK_THROWS_WITH_AS(archive::unpack(db, image), "the archive does not hold the bytes of its large blobs",
                       DbError);
  const std::string packed = archive::pack(db, archive::take(db));
  Database cut;
  cut.restore(packed);
  {
    Transaction tx(cut);
    tx.run("UPDATE chunks SET data = substr(data, 2)");
    tx.commit();
  }
  const std::string too_few = Transaction(cut).image();
  CHECK_THROWS_AS(archive::unpack(db, too_few), DbError);
  CHECK(read(db, id, 3) == "xxx");
  CHECK(db.bytes().kept().size() == 1);
}

TEST_CASE("archive: what is none changes nothing") {
  Database db;
  const auto id = store(db, std::string(100'000, 'x'));
  CHECK_THROWS_AS(archive::unpack(db, "no database"), DbError);
  CHECK(read(db, id, 3) == "xxx");
  CHECK(db.bytes().kept().size() == 1);
}

}  // namespace cvemu::store_archive_test
