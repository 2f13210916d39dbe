// Blobs and their snapshots: rows that point at contents. The bytes themselves are store/blob/contents.h.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "store/blob/leases.h"

namespace cvemu {

enum class BlobKind { Block, Append, Page };
// Uncommitted: blocks were put for it, no list yet; for every operation but listings it does not exist.
// Deleted: it can still be undeleted.
enum class BlobState { Live, Uncommitted, Deleted };

// What few blobs have. Empty texts and zeros are not stored.
struct BlobProperties {
  std::string encoding, language, disposition, cache_control;
  std::string tier;               // "" : the default of the account
  std::int64_t tier_changed = 0;  // microseconds
  std::string copy_id, copy_source, copy_status, copy_status_text;
  std::int64_t copy_length = 0, copy_done = 0;  // bytes in all and so far
  std::int64_t copy_finished = 0;               // microseconds
  std::int64_t incremental = 0;                 // 1: made by Incremental Copy Blob
  std::int64_t copy_snapshot = 0;               // its latest snapshot, ticks
  std::int64_t sequence_number = 0;             // page blobs
  std::int64_t block_count = 0;                 // committed blocks of an append blob
  std::int64_t sealed = 0;                      // 1: an append blob that takes no more
  std::int64_t pending_blocks = 0;              // uncommitted blocks of this name
  std::int64_t pending_since = 0;               // when the latest of them came, microseconds
  std::int64_t deleted = 0;                     // when, microseconds; for BlobState::Deleted

  std::string pack() const;
  static BlobProperties unpack(std::string_view packed);
};

struct Blob {
  // The snapshot of the blob itself: after all its snapshots in order.
  static constexpr std::int64_t kBase = std::numeric_limits<std::int64_t>::max();

  std::int64_t container = 0;
  std::string name;
  std::int64_t snapshot = kBase;  // ticks of 100 ns since 1970
  BlobState state = BlobState::Live;
  BlobKind kind = BlobKind::Block;
  std::int64_t etag = 0;
  Instant created{}, modified{};
  std::uint64_t length = 0;
  std::int64_t content = 0;
  std::string content_type, content_md5;  // md5 in base64, or ""
  std::string metadata, tags;             // packed (store/string_map.h)
  std::string lease;                      // Lease::pack()
  std::string properties;                 // BlobProperties::pack()
  std::optional<Instant> ends;            // gone for good from then on

  bool is_snapshot() const { return snapshot != kBase; }
};

namespace blobs {

// Live ones whose end has not come.
std::optional<Blob> find(Transaction& tx, std::int64_t container, std::string_view name,
                         std::int64_t snapshot, Instant now);
bool is_live(const Blob& blob, Instant now);
// In whatever state.
std::optional<Blob> find_any(Transaction& tx, std::int64_t container, std::string_view name,
                             std::int64_t snapshot);

// A place in a container, and what stands there in whatever state; nullopt if there is no such container.
struct Spot {
  std::int64_t container = 0;
  std::optional<Blob> row;
};
std::optional<Spot> find_spot(Transaction& tx, std::string_view account, std::string_view container,
                              std::string_view name, std::int64_t snapshot);

// Writes the row, whether it is there or not. The row takes over one reference to blob.content; the caller
// releases that of a row that stood there before.
void put(Transaction& tx, const Blob& blob);
// The row goes, and its reference to the content.
void remove(Transaction& tx, const Blob& blob);
void touch(Blob& blob, Transaction& tx, Instant now);  // a new etag and time of change

// The id of a snapshot made now: later than all others of the blob.
std::int64_t next_snapshot(Transaction& tx, std::int64_t container, std::string_view name, Instant now);
bool has_snapshots(Transaction& tx, std::int64_t container, std::string_view name);
std::vector<Blob> snapshots(Transaction& tx, std::int64_t container,
                            std::string_view name);  // in every state

// Walks rows in order of name and snapshot, in every state. Reads row by row: one at a time per transaction.
class Cursor {
 public:
  // From (name, snapshot) on, while names are below `before` ("" for no bound).
  Cursor(Transaction& tx, std::int64_t container, std::string_view name, std::int64_t snapshot,
         std::string_view before);
  // Fills `blob`, keeping its buffers; false at the end.
  bool next(Blob& blob);

 private:
  std::string name_, before_;
  Statement rows_;
};

// The first text greater than all that begin with `prefix`; "" if there is none.
std::string after_prefix(std::string_view prefix);

// Walks live blobs that have tags, in order of container and name.
std::vector<Blob> tagged(Transaction& tx, std::int64_t container, std::string_view from, std::size_t limit);

// Rows in every state that point at one of these contents; `ids` is a JSON array. Reads all rows there are.
std::vector<Blob> pointing_at(Transaction& tx, std::string_view ids);

// Removes some rows whose end has come; false when there was none.
bool collect_garbage(Transaction& tx, Instant now);
// Removes up to `limit` rows of a container; false when there was none.
bool remove_some(Transaction& tx, std::int64_t container, std::int64_t limit);

}  // namespace blobs
}  // namespace cvemu
