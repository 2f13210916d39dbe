#include "db/database.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace cvemu::db_database_test {

namespace {

void put(Database& db, std::string_view name, std::string_view value) {
  Transaction tx(db);
  tx.run("INSERT INTO settings VALUES (?, ?)", name, value);
  tx.commit();
}

std::optional<std::string> get(Database& db, std::string_view name) {
  Transaction tx(db);
  Statement find = tx.prepare("SELECT value FROM settings WHERE name = ?");
  find.bind(name);
  return find.step() ? std::optional(find.text(0)) : std::nullopt;
}

// A folder of its own, removed at the end.
struct TempFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  TempFolder() { std::filesystem::create_directory(path); }
  ~TempFolder() { std::filesystem::remove_all(path); }
};

// Counts what it is told.
struct Told : SideState {
  int commits = 0, rollbacks = 0, replacements = 0;
  void committed() override { ++commits; }
  void rolled_back() override { ++rollbacks; }
  void replaced() override { ++replacements; }
};

Told told(Database& db) {
  Transaction tx(db);
  return tx.side_state<Told>();
}

}  // namespace

static_assert(!std::is_constructible_v<Sql, const char*>, "a statement is a literal");
static_assert(!std::is_constructible_v<Sql, std::string>, "a statement is a literal");

TEST_CASE("Transaction: kept by commit, undone without") {
  Database db;
  put(db, "kept", "1");
  {
    Transaction tx(db);
    tx.run("INSERT INTO settings VALUES (?, ?)", "lost", "2");
  }
  CHECK(get(db, "kept") == "1");
  CHECK_FALSE(get(db, "lost"));
}

TEST_CASE("Transaction: a second one on the same thread is a mistake in the program") {
  Database db, other;
  Transaction tx(db);
  CHECK_THROWS_AS(Transaction{other}, std::logic_error);
}

TEST_CASE("Transaction: whoever may block is told not to") {
  Database db;
  CHECK_NOTHROW(forbid_blocking_here("a wait"));
  Transaction tx(db);
  CHECK_THROWS_AS(forbid_blocking_here("a wait"), std::logic_error);
}

TEST_CASE("Database: two in memory do not see each other") {
  Database a, b;
  put(a, "x", "1");
  CHECK_FALSE(get(b, "x"));
}

TEST_CASE("Database: text and bytes keep NUL bytes") {
  Database db;
  put(db, "nul", std::string_view("a\0b", 3));
  CHECK(get(db, "nul") == std::string("a\0b", 3));
}

TEST_CASE("Database: reset empties, snapshot and restore bring back") {
  Database db;
  put(db, "x", "1");
  const std::string image = Transaction(db).image();
  db.reset();
  CHECK_FALSE(get(db, "x"));
  put(db, "y", "2");
  db.restore(image);
  CHECK(get(db, "x") == "1");
  CHECK_FALSE(get(db, "y"));
}

TEST_CASE("Database: a file keeps what was committed, and belongs to one at a time") {
  TempFolder folder;
  const auto file = folder.path / "test.sqlite3";
  {
    Database db(file);
    put(db, "x", "1");
    CHECK_THROWS_AS(Database{file}, DbError);
  }
  Database again(file);
  CHECK(get(again, "x") == "1");
}

TEST_CASE("Database: a slip in SQL is one of the program") {
  Database db;
  put(db, "x", "1");
  CHECK_THROWS_AS(put(db, "x", "again"), std::logic_error);
  put(db, "y", "after the error the database still works");
}

TEST_CASE("Database: errors of the file are DbErrors, in words for people") {
  TempFolder folder;
  CHECK_THROWS_WITH_AS(Database("/nonexistent/folder/file.sqlite3"),
                       doctest::Contains("cannot be opened for writing"), DbError);
  const auto file = folder.path / "letter.sqlite3";
  std::ofstream(file) << "Dear database, this is no database but a letter, as long as a header of one and "
                         "a little longer still.";
  CHECK_THROWS_WITH_AS(Database{file}, doctest::Contains("is no database, and was left as it is"), DbError);
  Database db;
  CHECK_THROWS_WITH_AS(db.restore("no image"), doctest::Contains("database"), DbError);
}

TEST_CASE("Database: work that began before a reset can write no more; what begins after it can") {
  Database db;
  {
    const GenerationGuard begun(db);
    std::thread([&] { db.reset(); }).join();
    CHECK_THROWS_AS(put(db, "late", "x"), GenerationChanged);
  }
  CHECK(get(db, "late") == std::nullopt);
  put(db, "new", "y");
  CHECK(get(db, "new") == "y");
}

TEST_CASE("SideState: made when it is asked for, and told what becomes of the rows") {
  Database db;
  put(db, "x", "1");
  CHECK(told(db).commits == 0);
  put(db, "y", "1");
  CHECK(told(db).commits == 1);
  const int rollbacks = told(db).rollbacks;
  {
    Transaction tx(db);
    tx.run("INSERT INTO settings VALUES (?, ?)", "lost", "2");
  }
  CHECK(told(db).commits == 1);
  CHECK(told(db).rollbacks > rollbacks);
  const std::string image = Transaction(db).image();
  db.reset();
  CHECK(told(db).replacements == 1);
  db.restore(image);
  CHECK(told(db).replacements == 2);
}

TEST_CASE("SideState: each database has its own") {
  Database a, b;
  told(a);
  told(b);
  put(a, "x", "1");
  CHECK(told(a).commits == 1);
  CHECK(told(b).commits == 0);
}

}  // namespace cvemu::db_database_test
