#include "store/lost_bytes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "store/blob/blocks.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"
#include "store/blob/parts.h"

namespace cvemu::lost_bytes {

namespace {

using Reasons = std::map<std::int64_t, std::string>;  // by content

std::string wrong_with(const contents::LongContent& content, std::optional<std::uint64_t> length) {
  const std::string file = "file " + std::to_string(content.place);
  if (!length) return file + " is missing";
  return file + " has " + std::to_string(*length) + " bytes instead of " + std::to_string(content.length);
}

Reasons broken_contents(Transaction& tx) {
  std::unordered_map<ByteStore::Place, std::uint64_t> lengths;
  for (const auto& [place, length] : tx.bytes().kept()) lengths.emplace(place, length);
  Reasons broken;
  for (const contents::LongContent& content : contents::long_ones(tx)) {
    const auto found = lengths.find(content.place);
    const auto length = found == lengths.end() ? std::nullopt : std::optional(found->second);
    if (length != content.length) broken.emplace(content.id, wrong_with(content, length));
  }
  return broken;
}

// For json_each: a statement takes any number of ids as one value.
std::string json_list(const Reasons& broken) {
  std::string json = "[";
  for (const auto& [id, reason] : broken) json.append(json.size() > 1 ? "," : "").append(std::to_string(id));
  return json + ']';
}

// Lists are broken as a whole; the first broken part is the reason.
void add_lists(Transaction& tx, Reasons& broken) {
  for (const auto& [list, part] : parts::lying_in(tx, json_list(broken)))
    broken.try_emplace(list, "at byte " + std::to_string(part.start) + ", " + broken.at(part.content));
}

class Dropper {
 public:
  Dropper(Transaction& tx, const Reasons& broken) : tx_(tx), broken_(broken), ids_(json_list(broken)) {}

  std::vector<Dropped> run() {
    for (const Blob& blob : blobs::pointing_at(tx_, ids_)) drop(blob);
    for (const blocks::PlacedBlock& placed : blocks::pointing_at(tx_, ids_)) drop(placed);
    const auto place_of = [](const Dropped& one) {
      return std::tie(one.account, one.container, one.name, one.snapshot, one.block);
    };
    std::sort(dropped_.begin(), dropped_.end(),
              [&](const Dropped& a, const Dropped& b) { return place_of(a) < place_of(b); });
    return std::move(dropped_);
  }

 private:
  void note(std::int64_t container_id, const std::string& name, std::int64_t snapshot,
            const std::string& block, std::int64_t content) {
    const auto container = containers::find_any(tx_, container_id).value_or(Container());
    dropped_.push_back({container.account, container.name, name, snapshot, block, broken_.at(content)});
  }

  void drop(const Blob& blob) {
    note(blob.container, blob.name, blob.snapshot, "", blob.content);
    blobs::remove(tx_, blob);
    if (!blob.is_snapshot()) keep_blocks(blob);
  }

  // Blocks that wait to be committed do so under a row of the blob.
  void keep_blocks(const Blob& blob) {
    const BlobProperties properties = BlobProperties::unpack(blob.properties);
    if (properties.pending_blocks == 0) return;
    BlobProperties pending;
    pending.pending_blocks = properties.pending_blocks;
    pending.pending_since = properties.pending_since;
    Blob row;
    row.container = blob.container;
    row.name = blob.name;
    row.state = BlobState::Uncommitted;
    row.created = blob.created;
    row.properties = pending.pack();
    blobs::touch(row, tx_, blob.modified);
    blobs::put(tx_, row);
  }

  void drop(const blocks::PlacedBlock& placed) {
    note(placed.container, placed.blob, Blob::kBase, placed.block.id, placed.block.content);
    blocks::remove(tx_, placed.container, placed.blob, placed.block);
    auto row = blobs::find_any(tx_, placed.container, placed.blob, Blob::kBase);
    if (!row) return;
    BlobProperties properties = BlobProperties::unpack(row->properties);
    properties.pending_blocks = std::max<std::int64_t>(0, properties.pending_blocks - 1);
    if (properties.pending_blocks == 0 && row->state == BlobState::Uncommitted)
      return blobs::remove(tx_, *row);
    row->properties = properties.pack();
    blobs::put(tx_, *row);
  }

  Transaction& tx_;
  const Reasons& broken_;
  const std::string ids_;
  std::vector<Dropped> dropped_;
};

}  // namespace

std::vector<Dropped> drop(Transaction& tx) {
  Reasons broken = broken_contents(tx);
  if (broken.empty()) return {};
  add_lists(tx, broken);
  std::vector<Dropped> dropped = Dropper(tx, broken).run();
  while (contents::collect_garbage(tx)) {  // lists go in slices
  }
  return dropped;
}

}  // namespace cvemu::lost_bytes
