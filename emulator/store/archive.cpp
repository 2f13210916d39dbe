#include "store/archive.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "store/blob/contents.h"
#include "store/sequence.h"

namespace cvemu::archive {

namespace {

// Well under SQLite's limit of a value, and little to hold at once.
constexpr std::uint64_t kChunk = 1024 * 1024;

std::string image_of(Database& database) {
  return Transaction(database).image();
}

void put_inside(Transaction& tx, const contents::LongContent& content, const StoredBytes& bytes) {
  std::string room;
  std::int64_t n = 0;
  for (std::uint64_t done = 0; done < content.length; ++n) {
    const std::string_view piece = bytes.read(done, std::min(kChunk, content.length - done), room);
    tx.run("INSERT INTO chunks (content, n, data) VALUES (?, ?, ?)", content.id, n, BlobView{piece});
    done += piece.size();
  }
  tx.run("UPDATE contents SET place = NULL WHERE id = ?", content.id);
}

// The long ones of an image that carries its bytes. A database that was copied without the bytes beside it
// names places instead, where this store keeps other bytes or none.
std::vector<std::int64_t> packed_contents(Transaction& tx) {
  if (!contents::long_ones(tx).empty())
    throw DbError("the archive does not hold the bytes of its large blobs", false);
  std::vector<std::int64_t> ids;
  Statement find = tx.prepare(
      "SELECT content, c.length, sum(length(k.data)) FROM chunks k LEFT JOIN contents c ON c.id = content"
      " GROUP BY content");
  while (find.step()) {
    if (find.integer(1) != find.integer(2))
      throw DbError("the bytes of a large blob in the archive are not whole", false);
    ids.push_back(find.integer(0));
  }
  return ids;
}

void put_beside(Transaction& tx, std::int64_t id, ByteStore& bytes, std::vector<ByteStore::Place>& kept) {
  auto incoming = bytes.begin();
  Statement chunks = tx.prepare("SELECT data FROM chunks WHERE content = ? ORDER BY n");
  chunks.bind(id);
  while (chunks.step()) incoming->append(chunks.view(0));
  kept.push_back(bytes.keep(std::move(incoming)));
  tx.run("UPDATE contents SET place = ? WHERE id = ?", kept.back(), id);
}

void require_intact(Database& image) {
  Transaction tx(image);
  Statement check = tx.prepare("PRAGMA integrity_check(1)");
  if (!check.step() || check.view(0) != "ok" || tx.prepare("PRAGMA foreign_key_check").step())
    throw DbError("the archive is damaged", false);
}

// The bytes of an archive beside a database; gone again unless the rows that name them came in.
class NewBytes {
 public:
  explicit NewBytes(ByteStore& bytes) : bytes_(bytes) {}
  ~NewBytes() { bytes_.remove(places_); }
  NewBytes(const NewBytes&) = delete;
  NewBytes& operator=(const NewBytes&) = delete;

  void take_from(Database& image) {
    Transaction tx(image);
    for (const std::int64_t id : packed_contents(tx)) put_beside(tx, id, bytes_, places_);
    tx.run("DELETE FROM chunks");
    tx.commit();
  }
  void stay() { places_.clear(); }

 private:
  ByteStore& bytes_;
  std::vector<ByteStore::Place> places_;
};

}  // namespace

Snapshot take(Database& database) {
  Transaction tx(database);
  std::vector<ByteStore::Place> places;
  std::uint64_t bytes = 0;
  for (const contents::LongContent& content : contents::long_ones(tx)) {
    places.push_back(content.place);
    bytes += content.length;
  }
  settle_sequence(tx);
  tx.commit();
  std::string image = tx.image();
  bytes += image.size();
  return {std::move(image), {tx.bytes(), std::move(places)}, bytes};
}

void restore(Database& database, const Snapshot& snapshot) {
  database.restore(snapshot.image);
  Transaction tx(database);
  snapshot.beside.revive();
  contents::remove_orphans(tx);
}

std::string pack(Database& database, const Snapshot& snapshot) {
  Database copy;
  copy.restore(snapshot.image);
  {
    Transaction tx(copy);
    for (const contents::LongContent& content : contents::long_ones(tx))
      put_inside(tx, content, *database.bytes().find(content.place, content.length));
    tx.commit();
  }
  return image_of(copy);
}

void unpack(Database& database, std::string_view archive) {
  Database copy;
  copy.restore(archive);
  require_intact(copy);
  NewBytes new_bytes(database.bytes());
  new_bytes.take_from(copy);
  database.restore(image_of(copy));
  new_bytes.stay();
  Transaction tx(database);
  contents::remove_orphans(tx);
}

}  // namespace cvemu::archive
