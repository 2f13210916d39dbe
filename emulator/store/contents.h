// Immutable bytes, counted by reference: what blobs, snapshots, copies and blocks point at. Up to one chunk
// lies in the row of the content itself, the rest in further chunks, so that nothing here ever needs the
// whole in memory.
//
// A content lives while a row refers to it (refs) or a thread reads or writes it (holds). Whatever has
// neither is garbage: a small one goes at once, others are removed by sweep() in slices. Holds are not
// stored: what a crash left half written is garbage, and a full disk keeps nobody from reading.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::contents {

inline constexpr std::size_t kChunk = 256 * 1024;

// No content: a blob of length 0, or one of zeros only.
inline constexpr std::int64_t kNone = 0;

// Stores bytes at once, with one reference. For what is in memory anyway.
std::int64_t store(Transaction& tx, std::string_view bytes);

// A further row points at it, one row no longer does. kNone is allowed.
void add_ref(Transaction& tx, std::int64_t id);
void release(Transaction& tx, std::int64_t id);
bool is_shared(Transaction& tx, std::int64_t id);  // more than one reference, or held

std::int64_t length(Transaction& tx, std::int64_t id);

// Appends bytes from `offset` on to `out`: as many as lie together, at least one and at most `limit`. Bytes
// that were never written are zeros.
void read(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit, std::string& out);
std::string read_all(Transaction& tx, std::int64_t id, std::uint64_t length);

bool has_garbage(Transaction& tx);
// Removes some garbage; false when there was none.
bool sweep(Transaction& tx);

}  // namespace cvemu::contents

namespace cvemu {

// Keeps a content alive from take() on while this object lives.
class ContentHold {
 public:
  ContentHold() = default;
  ~ContentHold();
  ContentHold(const ContentHold&) = delete;
  ContentHold& operator=(const ContentHold&) = delete;

  void take(Transaction& tx, std::int64_t id);  // once, in the transaction that found it

 private:
  std::int64_t id_ = contents::kNone;
};

// Takes bytes piece by piece; every full chunk is one short transaction. Declare it before the Transaction
// that seals it: what was not sealed, or sealed in a transaction that did not commit, becomes garbage when
// the writer ends.
class ContentWriter {
 public:
  explicit ContentWriter(Database& database) : database_(database) {}

  void write(std::string_view piece);  // with no Transaction open
  std::uint64_t length() const { return length_; }
  // The content, with one reference; kNone if nothing was written.
  std::int64_t seal(Transaction& tx);

 private:
  void flush(Transaction& tx);

  Database& database_;
  std::string buffer_;
  std::uint64_t length_ = 0;
  std::int64_t id_ = contents::kNone;  // once the first chunk is stored
  ContentHold hold_;
  std::int64_t chunks_ = 0;
};

}  // namespace cvemu
