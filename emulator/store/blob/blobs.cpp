#include "store/blob/blobs.h"

#include <algorithm>

#include "base/text.h"
#include "store/blob/blocks.h"
#include "store/blob/contents.h"
#include "store/sequence.h"
#include "store/string_map.h"

namespace cvemu {

namespace {

struct TextField {
  std::string_view name;
  std::string BlobProperties::* member;
};
constexpr TextField kTexts[] = {
    {"encoding", &BlobProperties::encoding},
    {"language", &BlobProperties::language},
    {"disposition", &BlobProperties::disposition},
    {"cache_control", &BlobProperties::cache_control},
    {"tier", &BlobProperties::tier},
    {"copy_id", &BlobProperties::copy_id},
    {"copy_source", &BlobProperties::copy_source},
    {"copy_status", &BlobProperties::copy_status},
    {"copy_status_text", &BlobProperties::copy_status_text},
};

struct NumberField {
  std::string_view name;
  std::int64_t BlobProperties::* member;
};
constexpr NumberField kNumbers[] = {
    {"tier_changed", &BlobProperties::tier_changed},
    {"copy_length", &BlobProperties::copy_length},
    {"copy_done", &BlobProperties::copy_done},
    {"copy_finished", &BlobProperties::copy_finished},
    {"incremental", &BlobProperties::incremental},
    {"copy_snapshot", &BlobProperties::copy_snapshot},
    {"sequence_number", &BlobProperties::sequence_number},
    {"block_count", &BlobProperties::block_count},
    {"sealed", &BlobProperties::sealed},
    {"pending_blocks", &BlobProperties::pending_blocks},
    {"pending_since", &BlobProperties::pending_since},
    {"deleted", &BlobProperties::deleted},
};

}  // namespace

std::string BlobProperties::pack() const {
  std::string packed;
  for (const TextField& field : kTexts)
    if (!(this->*field.member).empty()) pack_one(packed, field.name, this->*field.member);
  for (const NumberField& field : kNumbers)
    if (this->*field.member != 0) pack_one(packed, field.name, std::to_string(this->*field.member));
  return packed;
}

BlobProperties BlobProperties::unpack(std::string_view packed) {
  BlobProperties properties;
  each_pair(packed, [&](std::string_view name, std::string_view value) {
    for (const TextField& field : kTexts)
      if (field.name == name) properties.*field.member = value;
    for (const NumberField& field : kNumbers)
      if (field.name == name) properties.*field.member = parse_int(value).value_or(0);
  });
  return properties;
}

namespace blobs {

namespace {

// The columns after (container, name, snapshot).
void read_row(const Statement& found, Blob& blob) {
  blob.state = static_cast<BlobState>(found.integer(3));
  blob.kind = static_cast<BlobKind>(found.integer(4));
  blob.etag = found.integer(5);
  blob.created = found.instant(6);
  blob.modified = found.instant(7);
  blob.length = static_cast<std::uint64_t>(found.integer(8));
  blob.content = found.integer(9);
  blob.content_type = found.view(10);
  blob.content_md5 = found.view(11);
  blob.metadata = found.view(12);
  blob.tags = found.view(13);
  blob.lease = found.view(14);
  blob.properties = found.view(15);
  blob.ends = found.optional_instant(16);
}

void read_whole_row(const Statement& found, Blob& blob) {
  blob.container = found.integer(0);
  blob.name = found.view(1);
  blob.snapshot = found.integer(2);
  read_row(found, blob);
}

std::vector<Blob> all(Statement& found) {
  std::vector<Blob> rows;
  while (found.step()) read_whole_row(found, rows.emplace_back());
  return rows;
}

}  // namespace

std::optional<Blob> find_any(Transaction& tx, std::int64_t container, std::string_view name,
                             std::int64_t snapshot) {
  Statement found = tx.prepare("SELECT * FROM blobs WHERE container = ? AND name = ? AND snapshot = ?");
  found.bind(container, name, snapshot);
  if (!found.step()) return std::nullopt;
  std::optional<Blob> blob(std::in_place);
  read_whole_row(found, *blob);
  return blob;
}

std::optional<Spot> find_spot(Transaction& tx, std::string_view account, std::string_view container,
                              std::string_view name, std::int64_t snapshot) {
  Statement found = tx.prepare(
      "SELECT blobs.*, containers.id FROM containers LEFT JOIN blobs"
      " ON blobs.container = containers.id AND blobs.name = ? AND blobs.snapshot = ?"
      " WHERE containers.account = ? AND containers.name = ? AND deleted IS NULL");
  found.bind(name, snapshot, account, container);
  if (!found.step()) return std::nullopt;
  std::optional<Spot> spot(std::in_place);
  spot->container = found.integer(17);
  if (!found.is_null(0)) read_whole_row(found, spot->row.emplace());
  return spot;
}

bool is_live(const Blob& blob, Instant now) {
  return blob.state == BlobState::Live && (!blob.ends || *blob.ends > now);
}

std::optional<Blob> find(Transaction& tx, std::int64_t container, std::string_view name,
                         std::int64_t snapshot, Instant now) {
  auto blob = find_any(tx, container, name, snapshot);
  if (blob && !is_live(*blob, now)) blob.reset();
  return blob;
}

void put(Transaction& tx, const Blob& blob) {
  tx.run("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
         blob.container, blob.name, blob.snapshot, static_cast<int>(blob.state), static_cast<int>(blob.kind),
         blob.etag, blob.created, blob.modified, blob.length, blob.content, blob.content_type,
         blob.content_md5, blob.metadata, blob.tags, blob.lease, blob.properties, blob.ends);
}

void remove(Transaction& tx, const Blob& blob) {
  contents::release(tx, blob.content);
  tx.run("DELETE FROM blobs WHERE container = ? AND name = ? AND snapshot = ?", blob.container, blob.name,
         blob.snapshot);
}

void touch(Blob& blob, Transaction& tx, Instant now) {
  blob.etag = next_number(tx);
  blob.modified = now;
}

std::int64_t next_snapshot(Transaction& tx, std::int64_t container, std::string_view name, Instant now) {
  Statement found = tx.prepare(
      "SELECT snapshot FROM blobs WHERE container = ? AND name = ? AND snapshot < ? ORDER BY snapshot DESC "
      "LIMIT 1");
  found.bind(container, name, Blob::kBase);
  const std::int64_t wanted = to_micros(now) * 10;
  return found.step() ? std::max(wanted, found.integer(0) + 1) : wanted;
}

bool has_snapshots(Transaction& tx, std::int64_t container, std::string_view name) {
  Statement found = tx.prepare(
      "SELECT 1 FROM blobs WHERE container = ? AND name = ? AND snapshot < ? AND state = 0 LIMIT 1");
  found.bind(container, name, Blob::kBase);
  return found.step();
}

std::vector<Blob> snapshots(Transaction& tx, std::int64_t container, std::string_view name) {
  Statement found =
      tx.prepare("SELECT * FROM blobs WHERE container = ? AND name = ? AND snapshot < ? ORDER BY snapshot");
  found.bind(container, name, Blob::kBase);
  return all(found);
}

Cursor::Cursor(Transaction& tx, std::int64_t container, std::string_view name, std::int64_t snapshot,
               std::string_view before)
    : name_(name),
      before_(before),
      rows_(before.empty()
                ? tx.prepare("SELECT * FROM blobs WHERE container = ? AND (name, snapshot) >= (?, ?)"
                             " ORDER BY name, snapshot")
                : tx.prepare(
                      "SELECT * FROM blobs WHERE container = ? AND (name, snapshot) >= (?, ?) AND name < ?"
                      " ORDER BY name, snapshot")) {
  if (before_.empty())
    rows_.bind(container, name_, snapshot);
  else
    rows_.bind(container, name_, snapshot, before_);
}

bool Cursor::next(Blob& blob) {
  if (!rows_.step()) return false;
  read_whole_row(rows_, blob);
  return true;
}

std::string after_prefix(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && static_cast<unsigned char>(next.back()) == 0xFF) next.pop_back();
  if (!next.empty()) next.back() = static_cast<char>(static_cast<unsigned char>(next.back()) + 1);
  return next;
}

std::vector<Blob> tagged(Transaction& tx, std::int64_t container, std::string_view from, std::size_t limit) {
  Statement found = tx.prepare(
      "SELECT * FROM blobs INDEXED BY blobs_tagged WHERE container = ? AND name >= ? AND snapshot = ?"
      " AND tags <> '' AND state = 0 ORDER BY name LIMIT ?");
  found.bind(container, from, Blob::kBase, limit);
  return all(found);
}

std::vector<Blob> pointing_at(Transaction& tx, std::string_view ids) {
  Statement found = tx.prepare("SELECT * FROM blobs WHERE content IN (SELECT value FROM json_each(?))");
  found.bind(ids);
  return all(found);
}

bool collect_garbage(Transaction& tx, Instant now) {
  Statement found = tx.prepare("SELECT * FROM blobs WHERE ends <= ? LIMIT 1");
  found.bind(now);
  Blob blob;
  if (!found.step()) return false;
  read_whole_row(found, blob);
  remove(tx, blob);
  return true;
}

bool remove_some(Transaction& tx, std::int64_t container, std::int64_t limit) {
  std::vector<Blob> some;
  {
    Statement found = tx.prepare("SELECT * FROM blobs WHERE container = ? LIMIT ?");
    found.bind(container, limit);
    some = all(found);
  }
  for (const Blob& blob : some) {
    if (blob.snapshot == Blob::kBase) blocks::discard(tx, container, blob.name);
    remove(tx, blob);
  }
  return !some.empty();
}

}  // namespace blobs
}  // namespace cvemu
