#include "store/blob/containers.h"

#include "store/blob/blobs.h"
#include "store/sequence.h"

namespace cvemu::containers {

namespace {

// How many rows one slice of collect_garbage() removes.
constexpr std::int64_t kGarbageSlice = 200;

Container row(const Statement& found) {
  return Container{found.integer(0),
                   found.text(1),
                   found.text(2),
                   found.integer(3),
                   found.instant(4),
                   found.text(5),
                   found.text(6),
                   found.text(7),
                   Lease::unpack(found.view(8)),
                   found.optional_instant(9),
                   found.optional_instant(10)};
}

std::optional<Container> one(Statement& found) {
  if (!found.step()) return std::nullopt;
  return row(found);
}

}  // namespace

std::optional<Container> find(Transaction& tx, std::string_view account, std::string_view name) {
  Statement found = tx.prepare("SELECT * FROM containers WHERE account = ? AND name = ? AND deleted IS NULL");
  found.bind(account, name);
  return one(found);
}

std::optional<std::int64_t> find_id(Transaction& tx, std::string_view account, std::string_view name) {
  Statement found =
      tx.prepare("SELECT id FROM containers WHERE account = ? AND name = ? AND deleted IS NULL");
  found.bind(account, name);
  if (!found.step()) return std::nullopt;
  return found.integer(0);
}

std::optional<Container> find_any(Transaction& tx, std::int64_t id) {
  Statement found = tx.prepare("SELECT * FROM containers WHERE id = ?");
  found.bind(id);
  return one(found);
}

std::optional<Container> find_deleted(Transaction& tx, std::string_view account, std::string_view name,
                                      std::int64_t id, Instant now) {
  Statement found = tx.prepare(
      "SELECT * FROM containers WHERE id = ? AND account = ? AND name = ? AND deleted IS NOT NULL AND ends > "
      "?");
  found.bind(id, account, name, now);
  return one(found);
}

void insert(Transaction& tx, Container& container) {
  container.id = next_number(tx);
  container.etag = container.id;
  tx.run("INSERT INTO containers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", container.id, container.account,
         container.name, container.etag, container.modified, container.metadata, container.public_access,
         container.acl, container.lease.pack(), container.deleted, container.ends);
}

void update(Transaction& tx, const Container& container) {
  tx.run(
      "UPDATE containers SET etag = ?, modified = ?, metadata = ?, public_access = ?, acl = ?, lease = ?"
      " WHERE id = ?",
      container.etag, container.modified, container.metadata, container.public_access, container.acl,
      container.lease.pack(), container.id);
}

void touch(Container& container, Transaction& tx, Instant now) {
  container.etag = next_number(tx);
  container.modified = now;
}

void remove(Transaction& tx, std::int64_t id, Instant now, Instant until) {
  tx.run("UPDATE containers SET deleted = ?, ends = ?, lease = '' WHERE id = ?", now, until, id);
}

void restore(Transaction& tx, std::int64_t id, std::string_view name) {
  tx.run("UPDATE containers SET deleted = NULL, ends = NULL, name = ? WHERE id = ?", name, id);
}

std::vector<Container> list(Transaction& tx, std::string_view account, const ListOptions& options,
                            Instant now) {
  Statement rows = tx.prepare(
      "SELECT * FROM containers WHERE account = ?1 AND name >= ?2 AND (?3 = '' OR name < ?3)"
      " AND (deleted IS NULL OR (?4 AND ends > ?5))"
      " AND (name > ?2 OR deleted IS NULL OR id >= ?6)"
      " ORDER BY name, deleted IS NULL, id LIMIT ?7");
  const std::string& from = std::max(options.prefix, options.from);
  const std::string before = blobs::after_prefix(options.prefix);
  rows.bind(account, from, before, options.with_deleted, now, options.from_id, options.limit);
  std::vector<Container> found;
  while (rows.step()) found.push_back(row(rows));
  return found;
}

bool collect_garbage(Transaction& tx, Instant now) {
  std::int64_t id = 0;
  {
    Statement ended = tx.prepare("SELECT id FROM containers WHERE ends <= ? LIMIT 1");
    ended.bind(now);
    if (!ended.step()) return false;
    id = ended.integer(0);
  }
  if (!blobs::remove_some(tx, id, kGarbageSlice)) tx.run("DELETE FROM containers WHERE id = ?", id);
  return true;
}

}  // namespace cvemu::containers
