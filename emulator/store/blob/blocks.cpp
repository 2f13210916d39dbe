#include "store/blob/blocks.h"

#include "store/blob/contents.h"

namespace cvemu::blocks {

namespace {

Block row(const Statement& found) {
  return {found.text(0), static_cast<std::uint64_t>(found.integer(1)), found.integer(2)};
}

std::optional<Block> one(Statement& found) {
  if (!found.step()) return std::nullopt;
  return row(found);
}

}  // namespace

std::optional<Block> find(Transaction& tx, std::int64_t container, std::string_view blob,
                          std::string_view id) {
  Statement found =
      tx.prepare("SELECT id, length, content FROM blocks WHERE container = ? AND name = ? AND id = ?");
  found.bind(container, blob, id);
  return one(found);
}

std::optional<Block> find_one(Transaction& tx, std::int64_t container, std::string_view blob) {
  Statement found =
      tx.prepare("SELECT id, length, content FROM blocks WHERE container = ? AND name = ? LIMIT 1");
  found.bind(container, blob);
  return one(found);
}

std::vector<Block> list(Transaction& tx, std::int64_t container, std::string_view blob) {
  Statement found =
      tx.prepare("SELECT id, length, content FROM blocks WHERE container = ? AND name = ? ORDER BY id");
  found.bind(container, blob);
  std::vector<Block> all;
  while (found.step()) all.push_back(row(found));
  return all;
}

bool put(Transaction& tx, std::int64_t container, std::string_view blob, const Block& block) {
  const auto old = find(tx, container, blob, block.id);
  if (old) contents::release(tx, old->content);
  tx.run("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?)", container, blob, block.id, block.length,
         block.content);
  return !old;
}

void remove(Transaction& tx, std::int64_t container, std::string_view blob, const Block& block) {
  contents::release(tx, block.content);
  tx.run("DELETE FROM blocks WHERE container = ? AND name = ? AND id = ?", container, blob, block.id);
}

void discard(Transaction& tx, std::int64_t container, std::string_view blob) {
  for (const Block& block : list(tx, container, blob)) contents::release(tx, block.content);
  tx.run("DELETE FROM blocks WHERE container = ? AND name = ?", container, blob);
}

std::vector<PlacedBlock> pointing_at(Transaction& tx, std::string_view ids) {
  Statement found = tx.prepare(
      "SELECT id, length, content, container, name FROM blocks WHERE content IN (SELECT value FROM "
      "json_each(?))");
  found.bind(ids);
  std::vector<PlacedBlock> all;
  while (found.step()) all.push_back({found.integer(3), found.text(4), row(found)});
  return all;
}

}  // namespace cvemu::blocks
