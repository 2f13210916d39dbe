#include "store/contents.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "store/parts.h"

namespace cvemu {
namespace contents {

namespace {

// How many chunks or parts one slice of sweep() removes: about a millisecond.
constexpr std::int64_t kSweepSlice = 64;
// A content up to this length goes with its last reference.
constexpr std::size_t kFreedAtOnce = 4 * kChunk;

// The ids that threads of this process hold, once for each. Several databases in one process share the set:
// an id of one that is held in another only lives a little longer.
class Holds {
 public:
  void add(std::int64_t id) {
    std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  void end(std::int64_t id) {
    std::lock_guard lock(mutex_);
    ids_.erase(ids_.find(id));
  }
  bool contain(std::int64_t id) {
    std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }

 private:
  std::mutex mutex_;
  std::unordered_multiset<std::int64_t> ids_;
};

Holds holds;

// The id may be one that was used before: nothing refers to a content that is gone.
std::int64_t insert(Transaction& tx, int refs, std::uint64_t length, std::string_view first) {
  tx.run("INSERT INTO contents (refs, length, data) VALUES (?, ?, ?)", refs, length, BlobView{first});
  return tx.last_row_id();
}

void insert_chunk(Transaction& tx, std::int64_t id, std::int64_t n, std::string_view bytes) {
  tx.run("INSERT INTO chunks (content, n, data) VALUES (?, ?, ?)", id, n, BlobView{bytes});
}

void append_slice(std::string_view chunk, std::uint64_t skip, std::uint64_t limit, std::string& out) {
  if (skip < chunk.size()) out.append(chunk.substr(skip, limit));
}

void read_chunk(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit,
                std::string& out) {
  Statement find = tx.prepare("SELECT data FROM chunks WHERE content = ? AND n = ?");
  find.bind(id, offset / kChunk);
  if (find.step()) append_slice(find.view(0), offset % kChunk, limit, out);
}

// The usual cases, a content of one chunk or some with one owner. False for all others.
bool remove_small(Transaction& tx, std::int64_t id) {
  if (holds.contain(id)) return false;
  if (tx.run("DELETE FROM contents WHERE id = ? AND refs = 1 AND length <= ? AND data IS NOT NULL", id,
             kChunk) == 1)
    return true;
  if (tx.run("DELETE FROM contents WHERE id = ? AND refs = 1 AND length <= ? AND data IS NOT NULL", id,
             kFreedAtOnce) == 0)
    return false;
  tx.run("DELETE FROM chunks WHERE content = ?", id);
  return true;
}

}  // namespace

std::int64_t store(Transaction& tx, std::string_view bytes) {
  if (bytes.empty()) return kNone;
  const std::int64_t id = insert(tx, 1, bytes.size(), bytes.substr(0, kChunk));
  for (std::size_t n = 1; n * kChunk < bytes.size(); ++n)
    insert_chunk(tx, id, static_cast<std::int64_t>(n), bytes.substr(n * kChunk, kChunk));
  return id;
}

void add_ref(Transaction& tx, std::int64_t id) {
  if (id != kNone) tx.run("UPDATE contents SET refs = refs + 1 WHERE id = ?", id);
}

void release(Transaction& tx, std::int64_t id) {
  if (id == kNone) return;
  if (!remove_small(tx, id)) tx.run("UPDATE contents SET refs = refs - 1 WHERE id = ?", id);
}

bool is_shared(Transaction& tx, std::int64_t id) {
  if (holds.contain(id)) return true;
  Statement find = tx.prepare("SELECT refs > 1 FROM contents WHERE id = ?");
  find.bind(id);
  return find.step() && find.boolean(0);
}

std::int64_t length(Transaction& tx, std::int64_t id) {
  Statement find = tx.prepare("SELECT length FROM contents WHERE id = ?");
  find.bind(id);
  return find.step() ? find.integer(0) : 0;
}

namespace {

// The first chunk; true if the content is a list and has none.
bool read_first(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit,
                std::string& out) {
  Statement find = tx.prepare("SELECT data FROM contents WHERE id = ?");
  find.bind(id);
  if (!find.step()) return false;
  if (find.is_null(0)) return true;
  append_slice(find.view(0), offset, limit, out);
  return false;
}

}  // namespace

void read(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit, std::string& out) {
  const std::size_t before = out.size();
  const bool is_list = id != kNone && read_first(tx, id, offset, limit, out);
  if (is_list) return parts::read(tx, id, offset, limit, out);
  if (out.size() == before) read_chunk(tx, id, offset, limit, out);
  if (out.size() == before) out.append(std::min<std::uint64_t>(limit, kChunk), '\0');
}

std::string read_all(Transaction& tx, std::int64_t id, std::uint64_t length) {
  std::string bytes;
  bytes.reserve(length);
  while (bytes.size() < length) read(tx, id, bytes.size(), length - bytes.size(), bytes);
  return bytes;
}

namespace {

struct Garbage {
  std::int64_t id;
  bool is_list;
};

std::optional<Garbage> find_garbage(Transaction& tx) {
  Statement find = tx.prepare("SELECT id, data IS NULL FROM contents WHERE refs = 0");
  while (find.step())
    if (!holds.contain(find.integer(0))) return Garbage{find.integer(0), find.boolean(1)};
  return std::nullopt;
}

bool remove_chunks(Transaction& tx, std::int64_t id) {
  return tx.run(
             "DELETE FROM chunks WHERE (content, n) IN (SELECT content, n FROM chunks WHERE content = ? "
             "LIMIT ?)",
             id, kSweepSlice) == kSweepSlice;
}

}  // namespace

bool has_garbage(Transaction& tx) {
  return find_garbage(tx).has_value();
}

bool sweep(Transaction& tx) {
  const auto garbage = find_garbage(tx);
  if (!garbage) return false;
  const bool more =
      garbage->is_list ? parts::release_some(tx, garbage->id, kSweepSlice) : remove_chunks(tx, garbage->id);
  if (!more) tx.run("DELETE FROM contents WHERE id = ?", garbage->id);
  return true;
}

}  // namespace contents

namespace {

// A writer that needs more gets room for a whole chunk at once.
constexpr std::size_t kSmallBuffer = 16 * 1024;

}  // namespace

void ContentHold::take(Transaction&, std::int64_t id) {
  contents::holds.add(id);
  id_ = id;
}

ContentHold::~ContentHold() {
  if (id_ != contents::kNone) contents::holds.end(id_);
}

void ContentWriter::write(std::string_view piece) {
  length_ += piece.size();
  while (!piece.empty()) {
    if (buffer_.size() == contents::kChunk) {
      Transaction tx(database_);
      flush(tx);
      tx.commit();
    }
    const std::size_t room = std::min(contents::kChunk - buffer_.size(), piece.size());
    if (buffer_.size() + room > kSmallBuffer) buffer_.reserve(contents::kChunk);
    buffer_.append(piece.substr(0, room));
    piece.remove_prefix(room);
  }
}

void ContentWriter::flush(Transaction& tx) {
  if (chunks_ == 0) {
    const std::int64_t id = contents::insert(tx, 0, buffer_.size(), buffer_);
    hold_.take(tx, id);
    id_ = id;
  } else {
    contents::insert_chunk(tx, id_, chunks_, buffer_);
  }
  ++chunks_;
  buffer_.clear();
}

std::int64_t ContentWriter::seal(Transaction& tx) {
  if (id_ == contents::kNone) return contents::store(tx, buffer_);
  if (!buffer_.empty()) flush(tx);
  tx.run("UPDATE contents SET refs = refs + 1, length = ? WHERE id = ?", length_, id_);
  return id_;
}

}  // namespace cvemu
