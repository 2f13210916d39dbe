#include "store/lost_bytes.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>

#include "store/blob/blocks.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"
#include "store/blob/parts.h"
#include "store/blob/service_blobs.h"

namespace cvemu::store_lost_bytes_test {

namespace {

namespace fs = std::filesystem;
using Place = ByteStore::Place;

constexpr Instant kStart{};
// All long ones have this length: only their places tell them apart.
constexpr std::size_t kLength = contents::kShort + 1;

// A database in a folder of its own, that can be closed, damaged and opened.
struct Disk {
  fs::path folder = fs::temp_directory_path() / ("cvemu-lost-" + IdSource().uuid().compact());
  fs::path file = folder / "db";
  std::unique_ptr<Database> db;
  int made = 0;

  Disk() {
    fs::create_directory(folder);
    db = std::make_unique<Database>(file);
  }
  ~Disk() {
    db.reset();
    fs::remove_all(folder);
  }

  fs::path path_of(Place place) const { return folder / "db-bytes" / std::to_string(place); }
  Place newest() const { return db->bytes().kept().back().place; }

  // Bytes that no other content has.
  std::string new_bytes() {
    std::string bytes = std::to_string(++made) + ' ';
    bytes.resize(kLength, 'x');
    return bytes;
  }

  std::vector<lost_bytes::Dropped> start_again() {
    db.reset();
    db = std::make_unique<Database>(file);
    Transaction tx(*db);
    contents::remove_orphans(tx);
    auto dropped = lost_bytes::drop(tx);
    tx.commit();
    return dropped;
  }
};

void put(Transaction& tx, std::string_view name, std::string_view bytes) {
  service_blobs::put(tx, "acct", "c", name, "text/plain", bytes, kStart);
}

std::int64_t container(Transaction& tx) {
  return containers::find_id(tx, "acct", "c").value();
}

std::optional<Blob> find(Transaction& tx, std::string_view name, std::int64_t snapshot = Blob::kBase) {
  return blobs::find_any(tx, container(tx), name, snapshot);
}

// Of a short part, a long one and a short one. The row of that name must be there.
void make_list(Transaction& tx, std::string_view name, BlobKind kind, std::string_view middle) {
  Blob blob = find(tx, name).value();
  contents::release(tx, blob.content);
  blob.kind = kind;
  blob.content = parts::create(tx, {{0, 5, contents::store(tx, "begin"), 0, "QQ=="},
                                    {5, kLength, contents::store(tx, middle), 0, "Qg=="},
                                    {5 + kLength, 3, contents::store(tx, "end"), 0, "Qw=="}});
  blob.length = 8 + kLength;
  blobs::put(tx, blob);
}

void put_block(Transaction& tx, std::string_view name, const std::string& id, std::string_view bytes) {
  Blob row;
  if (auto there = find(tx, name))
    row = *there;
  else
    row.state = BlobState::Uncommitted, row.container = container(tx), row.name = name;
  BlobProperties properties = BlobProperties::unpack(row.properties);
  blocks::put(tx, row.container, name, {id, bytes.size(), contents::store(tx, bytes)});
  ++properties.pending_blocks;
  row.properties = properties.pack();
  blobs::put(tx, row);
}

std::int64_t count(Transaction& tx) {
  Statement rows = tx.prepare("SELECT (SELECT count(*) FROM contents) + (SELECT count(*) FROM parts)");
  rows.step();
  return rows.integer(0);
}

}  // namespace

TEST_CASE("lost bytes: a blob whose file is missing, cut or grown is dropped, and says why") {
  Disk disk;
  std::string kept = disk.new_bytes();
  {
    Transaction tx(*disk.db);
    put(tx, "kept", kept);
    put(tx, "short", "in the row");
    put(tx, "lost", disk.new_bytes());
    tx.commit();
  }
  const Place place = disk.newest();
  std::string reason = "file " + std::to_string(place);
  SUBCASE("missing") {
    fs::remove(disk.path_of(place));
    reason += " is missing";
  }
  SUBCASE("cut") {
    fs::resize_file(disk.path_of(place), 100);
    reason += " has 100 bytes instead of 65537";
  }
  SUBCASE("empty") {
    fs::resize_file(disk.path_of(place), 0);
    reason += " has 0 bytes instead of 65537";
  }
  SUBCASE("grown") {
    fs::resize_file(disk.path_of(place), kLength + 1);
    reason += " has 65538 bytes instead of 65537";
  }
  const auto dropped = disk.start_again();
  REQUIRE(dropped.size() == 1);
  CHECK(dropped[0].account == "acct");
  CHECK(dropped[0].container == "c");
  CHECK(dropped[0].name == "lost");
  CHECK(dropped[0].snapshot == Blob::kBase);
  CHECK(dropped[0].reason == reason);
  {
    Transaction tx(*disk.db);
    CHECK_FALSE(find(tx, "lost"));
    CHECK(service_blobs::read(tx, "acct", "c", "kept") == kept);
    CHECK(service_blobs::read(tx, "acct", "c", "short") == "in the row");
    CHECK(count(tx) == 2);
  }
  CHECK(disk.db->bytes().kept().size() == 1);
  CHECK_FALSE(fs::exists(disk.path_of(place)));
  CHECK(disk.start_again().empty());
}

TEST_CASE("lost bytes: a process that dies before the dropping is committed drops again") {
  Disk disk;
  {
    Transaction tx(*disk.db);
    put(tx, "lost", disk.new_bytes());
    tx.commit();
  }
  fs::resize_file(disk.path_of(disk.newest()), 1);
  disk.db = nullptr;
  disk.db = std::make_unique<Database>(disk.file);
  {
    Transaction tx(*disk.db);
    CHECK(lost_bytes::drop(tx).size() == 1);
  }
  CHECK(disk.db->bytes().kept().size() == 1);
  CHECK(disk.start_again().size() == 1);
  CHECK(disk.db->bytes().kept().empty());
}

TEST_CASE("lost bytes: a list with one broken part is dropped as a whole, with what shares it") {
  for (const BlobKind kind : {BlobKind::Block, BlobKind::Append, BlobKind::Page}) {
    Disk disk;
    {
      Transaction tx(*disk.db);
      put(tx, "whole", disk.new_bytes());
      put(tx, "list", "");
      make_list(tx, "list", kind, disk.new_bytes());
      Blob snapshot = *find(tx, "list");
      snapshot.snapshot = 7;
      contents::add_ref(tx, snapshot.content);
      blobs::put(tx, snapshot);
      Blob deleted = *find(tx, "list");
      deleted.name = "deleted";
      deleted.state = BlobState::Deleted;
      contents::add_ref(tx, deleted.content);
      blobs::put(tx, deleted);
      tx.commit();
    }
    const Place place = disk.newest();
    fs::remove(disk.path_of(place));
    const auto dropped = disk.start_again();
    REQUIRE(dropped.size() == 3);
    CHECK(dropped[0].name == "deleted");
    CHECK(dropped[1].name == "list");
    CHECK(dropped[1].snapshot == 7);
    CHECK(dropped[2].reason == "at byte 5, file " + std::to_string(place) + " is missing");
    Transaction tx(*disk.db);
    CHECK_FALSE(find(tx, "list"));
    CHECK(count(tx) == 1);
  }
}

TEST_CASE("lost bytes: a snapshot outlives its blob, and a blob its snapshot") {
  Disk disk;
  {
    Transaction tx(*disk.db);
    put(tx, "x", disk.new_bytes());
    Blob snapshot = *find(tx, "x");
    snapshot.snapshot = 7;
    snapshot.content = contents::store(tx, disk.new_bytes());
    blobs::put(tx, snapshot);
    tx.commit();
  }
  const auto places = disk.db->bytes().kept();
  for (const auto& [lost, left] :
       {std::pair{std::size_t{0}, std::int64_t{7}}, {std::size_t{1}, Blob::kBase}}) {
    const fs::path backup = disk.folder / "backup";
    disk.db.reset();
    fs::copy(disk.file, backup);
    const fs::path file = disk.path_of(places[lost].place), aside = disk.folder / "aside";
    fs::rename(file, aside);
    CHECK(disk.start_again().size() == 1);
    {
      Transaction tx(*disk.db);
      CHECK(find(tx, "x", left));
      CHECK_FALSE(find(tx, "x", left == 7 ? Blob::kBase : 7));
    }
    disk.db.reset();
    fs::rename(backup, disk.file);
    fs::rename(aside, file);
  }
}

TEST_CASE("lost bytes: an uncommitted block goes alone, and the last one with the name") {
  Disk disk;
  {
    Transaction tx(*disk.db);
    put(tx, "committed", "here");
    put_block(tx, "committed", "QQ==", disk.new_bytes());
    put_block(tx, "two", "QQ==", disk.new_bytes());
    put_block(tx, "one", "QQ==", disk.new_bytes());
    tx.commit();
  }
  const auto files = disk.db->bytes().kept();
  {
    Transaction tx(*disk.db);
    put_block(tx, "two", "Qg==", disk.new_bytes());
    tx.commit();
  }
  for (const auto& file : files) fs::remove(disk.path_of(file.place));
  const auto dropped = disk.start_again();
  REQUIRE(dropped.size() == 3);
  CHECK(dropped[0].name == "committed");
  CHECK(dropped[0].block == "QQ==");
  Transaction tx(*disk.db);
  CHECK(BlobProperties::unpack(find(tx, "committed").value().properties).pending_blocks == 0);
  CHECK(service_blobs::read(tx, "acct", "c", "committed") == "here");
  CHECK_FALSE(find(tx, "one"));
  CHECK(BlobProperties::unpack(find(tx, "two").value().properties).pending_blocks == 1);
  CHECK(blocks::list(tx, container(tx), "two").size() == 1);
}

TEST_CASE("lost bytes: blocks that wait stay when their blob is dropped") {
  Disk disk;
  {
    Transaction tx(*disk.db);
    put(tx, "x", disk.new_bytes());
    tx.commit();
  }
  const Place place = disk.newest();
  {
    Transaction tx(*disk.db);
    put_block(tx, "x", "QQ==", disk.new_bytes());
    tx.commit();
  }
  fs::remove(disk.path_of(place));
  CHECK(disk.start_again().size() == 1);
  Transaction tx(*disk.db);
  const Blob row = find(tx, "x").value();
  CHECK(row.state == BlobState::Uncommitted);
  CHECK(row.content == contents::kNone);
  CHECK(row.length == 0);
  CHECK(BlobProperties::unpack(row.properties).pending_blocks == 1);
}

namespace {

// Does what clients do, keeps copies of the database on the way, and then takes a copy, or what is there,
// with any of the files gone or cut.
class Accidents {
 public:
  explicit Accidents(unsigned seed) : random_(seed) {
    Transaction tx(*disk_.db);
    put(tx, "first", "");
    tx.commit();
  }

  void run() {
    for (int round = 0; round < 6; ++round) {
      for (int i = 0; i < 12; ++i) act();
      const bool damaged = damage();
      const auto dropped = disk_.start_again();
      if (!damaged) CHECK(dropped.empty());
      check();
      CHECK(disk_.start_again().empty());
    }
  }
  int readable() const { return readable_; }

 private:
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  std::string name() { return std::string(1, static_cast<char>('a' + pick(5))); }

  void act() {
    switch (pick(6)) {
      case 0:
        return remove();
      case 1:
        return copy_database();
      case 2:
        return write(true);
      default:
        return write(false);
    }
  }

  // The content type says which bytes the blob was put with.
  void write(bool list) {
    const std::string bytes = disk_.new_bytes(), mark = std::to_string(disk_.made), to = name();
    Transaction tx(*disk_.db);
    put(tx, to, list ? "" : bytes);
    if (list) make_list(tx, to, BlobKind::Block, bytes);
    Blob blob = find(tx, to).value();
    blob.content_type = mark;
    blobs::put(tx, blob);
    if (pick(3) == 0) {
      blob.snapshot = disk_.made;
      contents::add_ref(tx, blob.content);
      blobs::put(tx, blob);
    }
    while (contents::collect_garbage(tx)) {
    }
    tx.commit();
    expected_[mark] = list ? "begin" + bytes + "end" : bytes;
  }

  void remove() {
    Transaction tx(*disk_.db);
    if (!containers::find_id(tx, "acct", "c")) return;
    service_blobs::remove(tx, "acct", "c", name());
    for (const Blob& snapshot : blobs::snapshots(tx, container(tx), name())) blobs::remove(tx, snapshot);
    while (contents::collect_garbage(tx)) {
    }
    tx.commit();
  }

  void copy_database() {
    const fs::path copy = disk_.folder / ("copy" + std::to_string(copies_.size()));
    fs::copy_file(disk_.file, copy);
    if (fs::exists(disk_.file.string() + "-wal"))
      fs::copy_file(disk_.file.string() + "-wal", copy.string() + "-wal");
    copies_.push_back(copy);
  }

  // The newest commits are lost with the end of the log.
  void cut_log(const fs::path& copy) {
    const fs::path log = copy.string() + "-wal";
    if (fs::exists(log) && pick(2) == 0) fs::resize_file(log, pick(fs::file_size(log) + 1));
  }

  void put_back(const fs::path& copy) {
    for (const char* end : {"", "-wal"}) {
      fs::remove(disk_.file.string() + end);
      if (fs::exists(copy.string() + end)) fs::copy_file(copy.string() + end, disk_.file.string() + end);
    }
  }

  bool damage() {
    copy_database();  // as kill -9 leaves it
    const bool newest = pick(2) == 0;
    const fs::path copy = newest ? copies_.back() : copies_[pick(copies_.size())];
    const auto files = disk_.db->bytes().kept();
    disk_.db.reset();
    if (!newest) cut_log(copy);
    put_back(copy);
    const std::size_t loses = pick(4);  // none, some, most, all
    for (const auto& [place, length] : files)
      if (pick(3) < loses) lose(place);
    return !newest || loses > 0;
  }

  void lose(Place place) {
    if (pick(4) == 0)
      fs::resize_file(disk_.path_of(place), pick(2 * kLength));
    else
      fs::remove(disk_.path_of(place));
  }

  void check() {
    Transaction tx(*disk_.db);
    const auto id = containers::find_id(tx, "acct", "c");
    if (!id) return;
    std::vector<Blob> all;
    {
      blobs::Cursor rows(tx, *id, "", 0, "");
      for (Blob blob; rows.next(blob);) all.push_back(blob);
    }
    for (const Blob& blob : all) {
      if (blob.length == 0) continue;
      ++readable_;
      REQUIRE(contents::read_all(tx, blob.content, blob.length) == expected_.at(blob.content_type));
    }
  }

  std::mt19937 random_;
  Disk disk_;
  std::map<std::string, std::string> expected_;
  std::vector<fs::path> copies_;
  int readable_ = 0;
};

}  // namespace

TEST_CASE("lost bytes: whatever is lost or copied back, what can be read are the bytes that were put") {
  int readable = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Accidents accidents(seed);
    accidents.run();
    readable += accidents.readable();
  }
  CHECK(readable > 100);
}

}  // namespace cvemu::store_lost_bytes_test
