#include "store/blob/contents.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <vector>

#include "store/blob/parts.h"
#include "store/live_state.h"

namespace cvemu {
namespace contents {

namespace {

// How many parts one slice of collect_garbage() releases: about a millisecond.
constexpr std::int64_t kGarbageSlice = 64;

// The id may be one that was used before: rows that refer to a content go with it in one transaction, in a
// snapshot and after a power loss too, and a thread that refers to one pins it, or has a GenerationGuard if
// the state is replaced.
std::int64_t insert_short(Transaction& tx, std::string_view bytes) {
  tx.run("INSERT INTO contents (refs, length, data) VALUES (1, ?, ?)", bytes.size(), BlobView{bytes});
  return tx.last_row_id();
}

std::int64_t insert_long(Transaction& tx, std::unique_ptr<IncomingBytes> bytes, std::uint64_t length) {
  const ByteStore::Place place = tx.bytes().keep(std::move(bytes));
  tx.adopt_bytes(place);
  tx.run("INSERT INTO contents (refs, length, place) VALUES (1, ?, ?)", length, place);
  return tx.last_row_id();
}

void remove_row(Transaction& tx, std::int64_t id) {
  tx.run("DELETE FROM contents WHERE id = ?", id);
}

// The usual case first: short, and of one owner.
bool remove_short(Transaction& tx, std::int64_t id) {
  return tx.run("DELETE FROM contents WHERE id = ? AND refs = 1 AND data IS NOT NULL", id) == 1;
}

bool remove_long(Transaction& tx, std::int64_t id) {
  Statement find = tx.prepare("SELECT place FROM contents WHERE id = ? AND refs = 1 AND place IS NOT NULL");
  find.bind(id);
  if (!find.step()) return false;
  tx.remove_bytes(find.integer(0));
  remove_row(tx, id);
  return true;
}

bool is_pinned(Transaction& tx, std::int64_t id) {
  return live_state(tx).pins.contains(id);
}

// A list goes in slices, for it may have many parts.
bool remove_at_once(Transaction& tx, std::int64_t id) {
  return !is_pinned(tx, id) && (remove_short(tx, id) || remove_long(tx, id));
}

}  // namespace

std::int64_t store(Transaction& tx, std::string_view bytes) {
  if (bytes.empty()) return kNone;
  if (bytes.size() <= kShort) return insert_short(tx, bytes);
  auto incoming = tx.bytes().begin();
  incoming->append(bytes);
  return insert_long(tx, std::move(incoming), bytes.size());
}

void add_ref(Transaction& tx, std::int64_t id) {
  if (id != kNone) tx.run("UPDATE contents SET refs = refs + 1 WHERE id = ?", id);
}

void release(Transaction& tx, std::int64_t id) {
  if (id == kNone) return;
  if (!remove_at_once(tx, id)) tx.run("UPDATE contents SET refs = refs - 1 WHERE id = ?", id);
}

bool is_shared(Transaction& tx, std::int64_t id) {
  if (is_pinned(tx, id)) return true;
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

// Nothing lies behind the end of a content: whoever asks believes that it is longer than it is.
void check_inside(std::int64_t id, std::uint64_t offset, std::uint64_t length) {
  if (offset < length) return;
  throw DbError("content " + std::to_string(id) + " has " + std::to_string(length) + " bytes, none at " +
                    std::to_string(offset),
                false);
}

Piece zeros(std::uint64_t limit) {
  const std::size_t length = std::min<std::uint64_t>(limit, kShort);
  return {nullptr, std::string(length, '\0'), 0, length};
}

Piece short_piece(std::string_view bytes, std::uint64_t offset, std::uint64_t limit) {
  const std::string_view slice = bytes.substr(offset, limit);
  return {nullptr, std::string(slice), 0, slice.size()};
}

Piece long_piece(Transaction& tx, ByteStore::Place place, std::uint64_t total, std::uint64_t offset,
                 std::uint64_t limit) {
  return {tx.bytes().find(place, total), {}, offset, std::min(limit, total - offset)};
}

// Nothing if the content is a list.
std::optional<Piece> locate_plain(Transaction& tx, std::int64_t id, std::uint64_t offset,
                                  std::uint64_t limit) {
  Statement find = tx.prepare("SELECT data, place, length FROM contents WHERE id = ?");
  find.bind(id);
  if (!find.step()) throw DbError("there is no content " + std::to_string(id), false);
  if (find.is_null(0) && find.is_null(1)) return std::nullopt;
  const auto total = static_cast<std::uint64_t>(find.integer(2));
  check_inside(id, offset, total);
  if (!find.is_null(1)) return long_piece(tx, find.integer(1), total, offset, limit);
  return short_piece(find.view(0), offset, limit);
}

}  // namespace

Piece locate(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit) {
  if (id == kNone) return zeros(limit);
  auto piece = locate_plain(tx, id, offset, limit);
  if (piece) return *std::move(piece);
  const parts::Found found = parts::find(tx, id, offset);
  if (found.content == kNone) return zeros(std::min(limit, found.length));
  return locate(tx, found.content, found.offset, std::min(limit, found.length));
}

void read(Transaction& tx, std::int64_t id, std::uint64_t offset, std::uint64_t limit, std::string& out) {
  const Piece piece = locate(tx, id, offset, limit);
  std::string room;
  out.append(piece.stored ? piece.stored->read(piece.offset, piece.length, room)
                          : std::string_view(piece.bytes));
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
  std::optional<ByteStore::Place> place;
  bool is_list;
};

std::optional<Garbage> find_garbage(Transaction& tx) {
  Statement find = tx.prepare("SELECT id, place, data IS NULL FROM contents WHERE refs = 0");
  while (find.step()) {
    if (is_pinned(tx, find.integer(0))) continue;
    if (!find.is_null(1)) return Garbage{find.integer(0), find.integer(1), false};
    return Garbage{find.integer(0), std::nullopt, find.boolean(2)};
  }
  return std::nullopt;
}

}  // namespace

bool has_garbage(Transaction& tx) {
  return find_garbage(tx).has_value();
}

bool collect_garbage(Transaction& tx) {
  const auto garbage = find_garbage(tx);
  if (!garbage) return false;
  if (garbage->is_list && parts::release_some(tx, garbage->id, kGarbageSlice)) return true;
  if (garbage->place) tx.remove_bytes(*garbage->place);
  remove_row(tx, garbage->id);
  return true;
}

void remove_orphans(Transaction& tx) {
  std::unordered_set<ByteStore::Place> known;
  Statement find = tx.prepare("SELECT place FROM contents WHERE place IS NOT NULL");
  while (find.step()) known.insert(find.integer(0));
  std::vector<ByteStore::Place> orphans;
  for (const auto& [place, length] : tx.bytes().kept())
    if (!known.contains(place)) orphans.push_back(place);
  tx.bytes().remove(orphans);
}

std::vector<LongContent> long_ones(Transaction& tx) {
  std::vector<LongContent> all;
  Statement find = tx.prepare("SELECT id, place, length FROM contents WHERE place IS NOT NULL");
  while (find.step())
    all.push_back({find.integer(0), find.integer(1), static_cast<std::uint64_t>(find.integer(2))});
  return all;
}

}  // namespace contents

void ContentPin::take(Transaction& tx, std::int64_t id) {
  PinSet& pins = live_state(tx).pins;
  pins.add(id);
  pins_ = &pins;
  id_ = id;
}

ContentPin::~ContentPin() {
  if (pins_) pins_->remove(id_);
}

ContentReader::ContentReader(Database& database, Transaction& tx, std::int64_t id, std::uint64_t offset,
                             std::uint64_t length)
    : database_(database), id_(id), offset_(offset), left_(length) {
  pin_.take(tx, id);
  piece_ = contents::locate(tx, id, offset, length);
}

std::string_view ContentReader::next() {
  if (left_ == 0) return {};
  if (piece_.length == 0) {
    Transaction tx(database_);
    piece_ = contents::locate(tx, id_, offset_, left_);
  }
  const std::string_view bytes = piece_.stored ? piece_.stored->read(piece_.offset, piece_.length, room_)
                                               : std::string_view(piece_.bytes);
  piece_.offset += bytes.size();
  piece_.length -= bytes.size();
  offset_ += bytes.size();
  left_ -= bytes.size();
  return bytes;
}

void ContentWriter::write(std::string_view piece) {
  length_ += piece.size();
  if (!long_ && length_ <= contents::kShort) {
    short_.append(piece);
    return;
  }
  if (!long_) {
    long_ = store_.begin();
    long_->append(short_);
    short_ = {};
  }
  long_->append(piece);
}

std::int64_t ContentWriter::seal(Transaction& tx) {
  if (long_) return contents::insert_long(tx, std::move(long_), length_);
  return length_ == 0 ? contents::kNone : contents::insert_short(tx, short_);
}

}  // namespace cvemu
