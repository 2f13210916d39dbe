#include "store/blob/parts.h"

#include <algorithm>
#include <optional>

#include "store/blob/contents.h"

namespace cvemu::parts {

namespace {

ContentPart row(const Statement& found) {
  return ContentPart{static_cast<std::uint64_t>(found.integer(0)),
                     static_cast<std::uint64_t>(found.integer(1)), found.integer(2),
                     static_cast<std::uint64_t>(found.integer(3)), found.text(4)};
}

// The last part that begins at `offset` or before.
std::optional<ContentPart> part_before(Transaction& tx, std::int64_t list, std::uint64_t offset) {
  Statement find = tx.prepare(
      "SELECT start, length, part, skip, block FROM parts WHERE content = ? AND start <= ? ORDER BY start "
      "DESC LIMIT 1");
  find.bind(list, offset);
  if (!find.step()) return std::nullopt;
  return row(find);
}

std::uint64_t next_start(Transaction& tx, std::int64_t list, std::uint64_t offset) {
  Statement find =
      tx.prepare("SELECT start FROM parts WHERE content = ? AND start > ? ORDER BY start LIMIT 1");
  find.bind(list, offset);
  return find.step() ? static_cast<std::uint64_t>(find.integer(0)) : UINT64_MAX;
}

void insert(Transaction& tx, std::int64_t list, const ContentPart& part) {
  tx.run("INSERT INTO parts (content, start, length, part, skip, block) VALUES (?, ?, ?, ?, ?, ?)", list,
         part.start, part.length, part.content, part.skip, part.block);
}

void remove(Transaction& tx, std::int64_t list, std::uint64_t start) {
  tx.run("DELETE FROM parts WHERE content = ? AND start = ?", list, start);
}

}  // namespace

std::int64_t create(Transaction& tx, const std::vector<ContentPart>& parts) {
  const std::uint64_t length = parts.empty() ? 0 : parts.back().end();
  tx.run("INSERT INTO contents (refs, length, data) VALUES (1, ?, NULL)", length);
  const std::int64_t id = tx.last_row_id();
  for (const ContentPart& part : parts) insert(tx, id, part);
  return id;
}

std::int64_t own(Transaction& tx, std::int64_t list_id) {
  if (list_id == contents::kNone) return create(tx);
  if (!contents::is_shared(tx, list_id)) return list_id;
  const std::vector<ContentPart> all = list(tx, list_id);
  for (const ContentPart& part : all) contents::add_ref(tx, part.content);
  contents::release(tx, list_id);
  return create(tx, all);
}

void add(Transaction& tx, std::int64_t list, const ContentPart& part) {
  insert(tx, list, part);
  tx.run("UPDATE contents SET length = max(length, ?) WHERE id = ?", part.end(), list);
}

void clear(Transaction& tx, std::int64_t list_id, std::uint64_t start, std::uint64_t end) {
  for (const ContentPart& part : list(tx, list_id, start, end)) {
    remove(tx, list_id, part.start);
    if (part.start < start) {
      contents::add_ref(tx, part.content);
      insert(tx, list_id, {part.start, start - part.start, part.content, part.skip, part.block});
    }
    if (part.end() > end) {
      contents::add_ref(tx, part.content);
      insert(tx, list_id, {end, part.end() - end, part.content, part.skip + (end - part.start), part.block});
    }
    contents::release(tx, part.content);
  }
}

std::vector<ContentPart> list(Transaction& tx, std::int64_t list, std::uint64_t start, std::uint64_t end) {
  std::vector<ContentPart> found;
  const auto first = part_before(tx, list, start);
  if (first && first->end() > start) found.push_back(*first);
  Statement following = tx.prepare(
      "SELECT start, length, part, skip, block FROM parts WHERE content = ? AND start > ? AND start < ? "
      "ORDER BY start");
  following.bind(list, start, end);
  while (following.step()) found.push_back(row(following));
  return found;
}

Found find(Transaction& tx, std::int64_t list, std::uint64_t offset) {
  const auto part = part_before(tx, list, offset);
  if (!part || part->end() <= offset) return {contents::kNone, 0, next_start(tx, list, offset) - offset};
  const std::uint64_t inside = offset - part->start;
  return {part->content, part->skip + inside, part->length - inside};
}

std::vector<std::pair<std::int64_t, ContentPart>> lying_in(Transaction& tx, std::string_view ids) {
  Statement find = tx.prepare(
      "SELECT start, length, part, skip, block, content FROM parts"
      " WHERE part IN (SELECT value FROM json_each(?)) ORDER BY content, start");
  find.bind(ids);
  std::vector<std::pair<std::int64_t, ContentPart>> all;
  while (find.step()) all.emplace_back(find.integer(5), row(find));
  return all;
}

bool release_some(Transaction& tx, std::int64_t list_id, std::int64_t limit) {
  std::vector<std::pair<std::uint64_t, std::int64_t>> some;
  bool more = false;
  {
    Statement find = tx.prepare("SELECT start, part FROM parts WHERE content = ? ORDER BY start LIMIT ?");
    find.bind(list_id, limit + 1);
    while (!more && find.step()) {
      more = static_cast<std::int64_t>(some.size()) == limit;
      if (!more) some.emplace_back(static_cast<std::uint64_t>(find.integer(0)), find.integer(1));
    }
  }
  for (const auto& [start, content] : some) {
    remove(tx, list_id, start);
    contents::release(tx, content);
  }
  return more;
}

}  // namespace cvemu::parts
