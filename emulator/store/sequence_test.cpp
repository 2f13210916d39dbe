#include "store/sequence.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/ids.h"
#include "store/archive.h"

namespace cvemu::store_sequence_test {

namespace {

std::int64_t taken(Database& database) {
  Transaction tx(database);
  const std::int64_t number = next_number(tx);
  tx.commit();
  return number;
}

}  // namespace

TEST_CASE("numbers: each is the next, also past those that were taken in advance") {
  Database database;
  for (std::int64_t expected = 1; expected <= 2500; ++expected) REQUIRE(taken(database) == expected);
}

TEST_CASE("numbers: what is undone was not given") {
  Database database;
  for (std::int64_t expected = 1; expected <= 2; ++expected) {
    {
      Transaction undone(database);
      CHECK(next_number(undone) == expected);
    }
    CHECK(taken(database) == expected);
  }
}

TEST_CASE("numbers: a snapshot goes on where it was taken, a reset at the beginning") {
  Database database;
  taken(database);
  const auto snapshot = archive::take(database);
  CHECK(taken(database) == 2);
  CHECK(taken(database) == 3);
  archive::restore(database, snapshot);
  CHECK(taken(database) == 2);
  database.reset();
  CHECK(taken(database) == 1);
}

TEST_CASE("numbers: none is given twice after a restart") {
  const auto folder = std::filesystem::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  std::filesystem::create_directories(folder);
  std::int64_t last = 0;
  for (int run = 0; run < 3; ++run) {
    Database database(folder / "state");
    const std::int64_t number = taken(database);
    CHECK(number > last);
    last = number;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace cvemu::store_sequence_test
