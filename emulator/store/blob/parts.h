// Lists: contents whose bytes are those of other contents. A committed block list, an append blob and a page
// blob are lists; what no part covers is zeros. A list that only one row refers to may be changed; own()
// makes such a one.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct ContentPart {
  std::uint64_t start = 0, length = 0;
  std::int64_t content = 0;
  std::uint64_t skip = 0;  // bytes of the content before the first one used
  std::string block;       // the block id, in a block blob

  std::uint64_t end() const { return start + length; }
};

namespace parts {

// A list with one reference. It takes over one reference to each part's content.
std::int64_t create(Transaction& tx, const std::vector<ContentPart>& parts = {});
// The list itself if nobody else refers to it, else one of its own with the same parts; `list` is given up
// then. A list of its own for kNone.
std::int64_t own(Transaction& tx, std::int64_t list);

// Puts a part at its place, behind all others or where nothing is. The list takes over one reference to the
// content.
void add(Transaction& tx, std::int64_t list, const ContentPart& part);
// Cuts a hole into the list: parts inside are released, those across the border are shortened.
void clear(Transaction& tx, std::int64_t list, std::uint64_t start, std::uint64_t end);

// In order of start, those that touch [start, end).
std::vector<ContentPart> list(Transaction& tx, std::int64_t list, std::uint64_t start = 0,
                              std::uint64_t end = INT64_MAX);

// What lies at `offset`: bytes of a content from its `offset` on, or with kNone zeros; `length` of them.
struct Found {
  std::int64_t content = 0;
  std::uint64_t offset = 0, length = 0;
};
Found find(Transaction& tx, std::int64_t list, std::uint64_t offset);
// Parts that lie in one of these contents, with the list of each; `ids` is a JSON array. Reads all rows there
// are.
std::vector<std::pair<std::int64_t, ContentPart>> lying_in(Transaction& tx, std::string_view ids);
// Releases up to `limit` parts; true if there are more.
bool release_some(Transaction& tx, std::int64_t list, std::int64_t limit);

}  // namespace parts
}  // namespace cvemu
