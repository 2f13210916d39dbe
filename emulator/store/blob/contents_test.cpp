#include "store/blob/contents.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "store/blob/parts.h"

namespace cvemu::blob_contents_test {

namespace {

std::int64_t count(Database& db) {
  Transaction tx(db);
  Statement found = tx.prepare("SELECT count(*) FROM contents");
  found.step();
  return found.integer(0);
}

bool is_empty(Database& db) {
  return count(db) == 0 && db.bytes().kept().empty();
}

void collect_all_garbage(Database& db) {
  Transaction tx(db);
  while (contents::collect_garbage(tx)) {
  }
  tx.commit();
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 8));
  return bytes;
}

std::int64_t write(Database& db, std::string_view bytes, std::size_t piece) {
  ContentWriter writer(db);
  for (std::size_t at = 0; at < bytes.size(); at += piece) writer.write(bytes.substr(at, piece));
  CHECK(writer.length() == bytes.size());
  Transaction tx(db);
  const auto id = writer.seal(tx);
  tx.commit();
  return id;
}

}  // namespace

TEST_CASE("ContentWriter: what was written in pieces is read back, at every size around a short one") {
  Database db;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, contents::kShort - 1, contents::kShort,
                                 contents::kShort + 1, 3 * contents::kShort, 20 * contents::kShort + 5}) {
    CAPTURE(size);
    const std::string bytes = pattern(size);
    const auto id = write(db, bytes, 100'000);
    Transaction tx(db);
    CHECK(contents::read_all(tx, id, size) == bytes);
    contents::release(tx, id);
    tx.commit();
  }
  collect_all_garbage(db);
  CHECK(is_empty(db));
}

TEST_CASE("contents: a read begins anywhere and ends where it is told to") {
  Database db;
  const std::string bytes = pattern(10 * contents::kShort);
  const auto id = write(db, bytes, 1 << 20);
  Transaction tx(db);
  std::string out;
  contents::read(tx, id, contents::kShort - 3, 8, out);
  CHECK(out == bytes.substr(contents::kShort - 3, 8));
}

TEST_CASE("ContentWriter: what was not sealed is gone") {
  Database db;
  {
    ContentWriter writer(db);
    writer.write(pattern(3 * contents::kShort));
  }
  collect_all_garbage(db);
  CHECK(is_empty(db));
}

TEST_CASE("ContentWriter: a seal that is not committed keeps nothing") {
  Database db;
  {
    ContentWriter writer(db);
    writer.write(pattern(3 * contents::kShort));
    Transaction tx(db);
    writer.seal(tx);
  }
  collect_all_garbage(db);
  CHECK(is_empty(db));
}

TEST_CASE("ContentWriter: what is being written is no stranger") {
  Database db;
  ContentWriter writer(db);
  writer.write(pattern(3 * contents::kShort));
  Transaction tx(db);
  contents::remove_orphans(tx);
  const auto id = writer.seal(tx);
  CHECK(contents::read_all(tx, id, writer.length()) == pattern(3 * contents::kShort));
}

TEST_CASE("contents: bytes without a row are removed, those with one stay") {
  Database db;
  const auto id = write(db, pattern(2 * contents::kShort), 1000);
  auto stranger = db.bytes().begin();
  stranger->append("stranger");
  db.bytes().keep(std::move(stranger));
  Transaction tx(db);
  contents::remove_orphans(tx);
  CHECK(db.bytes().kept().size() == 1);
  CHECK(contents::read_all(tx, id, 5) == pattern(5));
}

TEST_CASE("contents: long bytes go with their last row, and stay if that is not committed") {
  Database db;
  const auto id = write(db, pattern(2 * contents::kShort), 1000);
  {
    Transaction tx(db);
    contents::release(tx, id);
  }
  CHECK(db.bytes().kept().size() == 1);
  Transaction tx(db);
  contents::release(tx, id);
  tx.commit();
  CHECK(contents::length(tx, id) == 0);
}

TEST_CASE("contents: what a crash left half written is found at the next start") {
  const auto file = std::filesystem::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  {
    Database db(file);
    Transaction tx(db);
    // As a writer leaves it when its process dies.
    tx.run("INSERT INTO contents (id, refs, length, data) VALUES (1, 0, 0, ?)", BlobView{"half"});
    tx.commit();
  }
  {
    Database db(file);
    {
      Transaction tx(db);
      CHECK(contents::has_garbage(tx));
    }
    collect_all_garbage(db);
    CHECK(is_empty(db));
  }
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

TEST_CASE("ContentReader: a file that went or shrank while the emulator runs ends the reading") {
  const auto folder = std::filesystem::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  std::filesystem::create_directory(folder);
  Database db(folder / "db");
  const std::string bytes = pattern(20 * contents::kShort);
  const auto id = write(db, bytes, 1 << 20);
  const auto begin_reading = [&] {
    Transaction tx(db);
    return std::make_unique<ContentReader>(db, tx, id, 0, bytes.size());
  };
  const auto file = folder / "db-bytes" / std::to_string(db.bytes().kept().front().place);
  const auto reader = begin_reading();
  std::filesystem::resize_file(file, 10 * contents::kShort);
  const auto read_on = [&] {
    while (!reader->next().empty()) {
    }
  };
  CHECK_THROWS_AS(read_on(), DbError);
  CHECK_THROWS_AS(begin_reading(), DbError);
  std::filesystem::remove(file);
  CHECK_THROWS_AS(begin_reading(), DbError);
  std::filesystem::remove_all(folder);
}

TEST_CASE("contents: shared bytes live as long as the last row that points at them") {
  Database db;
  Transaction tx(db);
  const auto id = contents::store(tx, "shared");
  CHECK_FALSE(contents::is_shared(tx, id));
  contents::add_ref(tx, id);
  CHECK(contents::is_shared(tx, id));
  contents::release(tx, id);
  CHECK(contents::read_all(tx, id, 6) == "shared");
  contents::release(tx, id);
  CHECK(contents::length(tx, id) == 0);
}

TEST_CASE("ContentPin: a reader keeps the bytes after their blob is gone") {
  Database db;
  const auto id = write(db, pattern(2 * contents::kShort), 1 << 20);
  auto pin = std::make_unique<ContentPin>();
  {
    Transaction tx(db);
    pin->take(tx, id);
    contents::release(tx, id);
    tx.commit();
  }
  collect_all_garbage(db);
  {
    Transaction tx(db);
    CHECK(contents::read_all(tx, id, 2 * contents::kShort) == pattern(2 * contents::kShort));
  }
  pin.reset();
  collect_all_garbage(db);
  CHECK(is_empty(db));
}

TEST_CASE("contents: who reads shares, for as long as it reads") {
  Database db;
  const auto id = write(db, "shared", 6);
  const auto is_shared = [&] {
    Transaction tx(db);
    return contents::is_shared(tx, id);
  };
  CHECK_FALSE(is_shared());
  {
    std::optional<ContentReader> reader;
    {
      Transaction tx(db);
      reader.emplace(db, tx, id, 0, 6);
    }
    CHECK(is_shared());
    CHECK(reader->next() == "shared");
    CHECK(is_shared());
  }
  CHECK_FALSE(is_shared());
}

TEST_CASE("contents: a reader of one database keeps nothing in another") {
  Database read, other;
  const auto id = write(read, "bytes", 5);
  REQUIRE(write(other, "bytes", 5) == id);
  ContentPin pin;
  {
    Transaction tx(read);
    pin.take(tx, id);
    CHECK(contents::is_shared(tx, id));
  }
  Transaction tx(other);
  CHECK_FALSE(contents::is_shared(tx, id));
  contents::release(tx, id);
  CHECK(contents::length(tx, id) == 0);  // at once, no garbage
}

TEST_CASE("contents: a list of many parts goes in several slices") {
  Database db;
  Transaction tx(db);
  std::vector<ContentPart> many;
  for (std::uint64_t i = 0; i < 100; ++i) many.push_back({i, 1, contents::store(tx, "x"), 0, ""});
  contents::release(tx, parts::create(tx, many));
  int slices = 0;
  while (contents::collect_garbage(tx)) ++slices;
  CHECK(slices == 2);
}

TEST_CASE("ContentReader: gives a slice in pieces, across short, long and missing parts") {
  Database db;
  const std::string bytes = pattern(3 * contents::kShort);
  std::optional<ContentReader> reader;
  {
    Transaction tx(db);
    const auto list = parts::create(tx);
    parts::add(tx, list, {0, 3, contents::store(tx, "abc"), 0, ""});
    parts::add(tx, list, {5, bytes.size(), contents::store(tx, bytes), 0, ""});
    reader.emplace(db, tx, list, 1, bytes.size() + 4);
    contents::release(tx, list);
    tx.commit();
  }
  collect_all_garbage(db);
  std::string all;
  for (std::string_view piece; !(piece = reader->next()).empty();) all.append(piece);
  CHECK(all == std::string("bc\0\0", 4) + bytes);
  reader.reset();
  collect_all_garbage(db);
  CHECK(is_empty(db));
}

TEST_CASE("contents: zeros stand where nothing was written") {
  Database db;
  Transaction tx(db);
  CHECK(contents::read_all(tx, contents::kNone, 3) == std::string(3, '\0'));
}

TEST_CASE("contents: bytes that are not there are an error, not zeros") {
  Database db;
  Transaction tx(db);
  const std::string bytes = pattern(2 * contents::kShort);
  for (const std::size_t size : {std::size_t{3}, bytes.size()}) {
    const auto id = contents::store(tx, std::string_view(bytes).substr(0, size));
    CHECK_THROWS_AS(contents::read_all(tx, id, size + 1), DbError);
    const auto list = parts::create(tx);
    parts::add(tx, list, {0, size + 1, id, 0, ""});
    CHECK_THROWS_AS(contents::read_all(tx, list, size + 1), DbError);
    contents::release(tx, id);
    CHECK_THROWS_AS(contents::read_all(tx, list, 1), DbError);
  }
}

TEST_CASE("parts: bytes come from the parts in order, with zeros between") {
  Database db;
  Transaction tx(db);
  const auto list = parts::create(tx);
  parts::add(tx, list, {0, 3, contents::store(tx, "abc"), 0, ""});
  parts::add(tx, list, {5, 2, contents::store(tx, "wxyz"), 1, ""});
  CHECK(contents::read_all(tx, list, 9) == std::string("abc\0\0xy\0\0", 9));
  CHECK(contents::length(tx, list) == 7);
}

TEST_CASE("parts: a hole shortens what lies across its border and frees what lies inside") {
  Database db;
  Transaction tx(db);
  const auto list = parts::create(tx);
  const auto inner = contents::store(tx, "inner");
  parts::add(tx, list, {0, 6, contents::store(tx, "abcdef"), 0, ""});
  parts::add(tx, list, {6, 5, inner, 0, ""});
  parts::add(tx, list, {11, 4, contents::store(tx, "wxyz"), 0, ""});
  parts::clear(tx, list, 4, 12);
  CHECK(contents::read_all(tx, list, 15) == std::string("abcd\0\0\0\0\0\0\0\0xyz", 15));
  CHECK(contents::length(tx, inner) == 0);
  parts::clear(tx, list, 1, 2);
  CHECK(contents::read_all(tx, list, 4) == std::string("a\0cd", 4));
  CHECK(parts::list(tx, list, 0, 3).size() == 2);
}

TEST_CASE("parts: a shared list is copied before it changes, an own one is not") {
  Database db;
  Transaction tx(db);
  const auto list = parts::create(tx);
  parts::add(tx, list, {0, 3, contents::store(tx, "abc"), 0, ""});
  CHECK(parts::own(tx, list) == list);
  contents::add_ref(tx, list);
  const auto copy = parts::own(tx, list);
  CHECK(copy != list);
  parts::clear(tx, copy, 0, 2);
  CHECK(contents::read_all(tx, copy, 3) == std::string("\0\0c", 3));
  CHECK(contents::read_all(tx, list, 3) == "abc");
  contents::release(tx, list);
  contents::release(tx, copy);
  while (contents::collect_garbage(tx)) {
  }
  tx.commit();
  Statement left = tx.prepare("SELECT (SELECT count(*) FROM contents) + (SELECT count(*) FROM parts)");
  left.step();
  CHECK(left.integer(0) == 0);
}

}  // namespace cvemu::blob_contents_test
