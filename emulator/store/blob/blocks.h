// Uncommitted blocks: contents on their way into a block blob.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct Block {
  std::string id;  // base64 as the client wrote it
  std::uint64_t length = 0;
  std::int64_t content = 0;
};

namespace blocks {

std::optional<Block> find(Transaction& tx, std::int64_t container, std::string_view blob,
                          std::string_view id);
// Any one of the blob's blocks: their ids all have the same length.
std::optional<Block> find_one(Transaction& tx, std::int64_t container, std::string_view blob);
std::vector<Block> list(Transaction& tx, std::int64_t container, std::string_view blob);  // by id
// Takes over one reference to the content; the block that had this id is released. True if the id is new.
bool put(Transaction& tx, std::int64_t container, std::string_view blob, const Block& block);
// With the reference to its content.
void remove(Transaction& tx, std::int64_t container, std::string_view blob, const Block& block);
// All of them go.
void discard(Transaction& tx, std::int64_t container, std::string_view blob);

struct PlacedBlock {
  std::int64_t container = 0;
  std::string blob;
  Block block;
};
// Those that point at one of these contents; `ids` is a JSON array. Reads all rows there are.
std::vector<PlacedBlock> pointing_at(Transaction& tx, std::string_view ids);

}  // namespace blocks
}  // namespace cvemu
