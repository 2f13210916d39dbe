// Immutable bytes, counted by reference: what blobs, snapshots, copies and blocks point at. Short ones lie in
// the row of the content itself, long ones beside the database, so that nothing here ever needs the whole in
// memory.
//
// A content lives while a row refers to it (refs) or a thread reads or writes it (pins). Whatever has
// neither is garbage: most goes at once, the rest is removed by collect_garbage() in slices. Pins are not
// stored: what a crash left is garbage, and a full disk keeps nobody from reading.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu::contents {

// Up to this length bytes lie in the row. Beside SQLite they cost an allocation or a file each, in it copies.
inline constexpr std::size_t kShort = 64 * 1024;

// No content: a blob of length 0, or one of zeros only.
inline constexpr std::int64_t kNone = 0;

// Stores bytes at once, with one reference. For what is in memory anyway.
std::int64_t store(Transaction& tx, std::string_view bytes);

// A further row points at it, one row no longer does. kNone is allowed.
void add_ref(Transaction& tx, std::int64_t id);
void release(Transaction& tx, std::int64_t id);
bool is_shared(Transaction& tx, std::int64_t id);  // more than one reference, or pinned

std::int64_t length(Transaction& tx, std::int64_t id);

// Appends bytes from `offset` on to `out`: as many as lie together, at least one and at most `limit`. What no
// part of a list covers is zeros, and so is kNone. DbError if bytes that were written are not there any more.
void read(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit, std::string& out);
std::string read_all(Transaction& tx, std::int64_t id, std::uint64_t length);

bool has_garbage(Transaction& tx);
// Removes some garbage; false when there was none.
bool collect_garbage(Transaction& tx);
// Removes bytes beside the database that no row knows: left by a crash, or by a state that was replaced.
void remove_orphans(Transaction& tx);

struct LongContent {
  std::int64_t id = 0;
  ByteStore::Place place = 0;
  std::uint64_t length = 0;
};
std::vector<LongContent> long_ones(Transaction& tx);  // all of them

// Bytes that lie together: `length` from `offset` on, in `stored`, or if that is null in `bytes`.
struct Piece {
  std::shared_ptr<const StoredBytes> stored;
  std::string bytes;
  std::uint64_t offset = 0, length = 0;
};
Piece locate(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit);  // as read()

}  // namespace cvemu::contents

namespace cvemu {

class PinSet;

// Keeps a content alive from take() on while this object lives, which its database outlives.
class ContentPin {
 public:
  ContentPin() = default;
  ~ContentPin();
  ContentPin(const ContentPin&) = delete;
  ContentPin& operator=(const ContentPin&) = delete;

  void take(Transaction& tx, std::int64_t id);  // once, in the transaction that found it

 private:
  PinSet* pins_ = nullptr;  // the database's
  std::int64_t id_ = contents::kNone;
};

// Gives a slice of a content piece by piece, each found in a short transaction of its own. The bytes stay
// although their last row may go meanwhile.
class ContentReader {
 public:
  ContentReader(Database& database, Transaction& tx, std::int64_t id, std::uint64_t offset,
                std::uint64_t length);

  // The next bytes, valid until the next call; empty at the end. With no Transaction open.
  std::string_view next();

 private:
  Database& database_;
  ContentPin pin_;
  const std::int64_t id_;
  std::uint64_t offset_, left_;
  contents::Piece piece_;
  std::string room_;
};

// Takes bytes piece by piece, with no Transaction open. Declare it before the Transaction that seals it: what
// was not sealed, or sealed in a transaction that did not commit, is gone with it.
class ContentWriter {
 public:
  explicit ContentWriter(Database& database) : store_(database.bytes()) {}

  void write(std::string_view piece);
  std::uint64_t length() const { return length_; }
  // The content, with one reference; kNone if nothing was written. Once.
  std::int64_t seal(Transaction& tx);

 private:
  ByteStore& store_;
  std::string short_;
  std::unique_ptr<IncomingBytes> long_;
  std::uint64_t length_ = 0;
};

}  // namespace cvemu
