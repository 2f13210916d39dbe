// Containers of blobs. A deleted one keeps its row until its end, and its blobs until collect_garbage() has
// removed them; a new one of the same name is another row.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "store/blob/leases.h"

namespace cvemu {

struct Container {
  std::int64_t id = 0;
  std::string account, name;
  std::int64_t etag = 0;
  Instant modified{};
  std::string metadata;       // packed (store/string_map.h)
  std::string public_access;  // "", "blob" or "container"
  std::string acl;            // SignedIdentifiers XML, or ""
  Lease lease;
  std::optional<Instant> deleted, ends;
};

namespace containers {

// Live ones only.
std::optional<Container> find(Transaction& tx, std::string_view account, std::string_view name);
// The id alone: what most operations on blobs need.
std::optional<std::int64_t> find_id(Transaction& tx, std::string_view account, std::string_view name);
// Live or deleted.
std::optional<Container> find_any(Transaction& tx, std::int64_t id);
std::optional<Container> find_deleted(Transaction& tx, std::string_view account, std::string_view name,
                                      std::int64_t id, Instant now);

// Gives it an id and an etag. The name must be free.
void insert(Transaction& tx, Container& container);
void update(Transaction& tx, const Container& container);  // all but id, account and name; etag as given
void touch(Container& container, Transaction& tx, Instant now);  // a new etag and time of change

// `until`: how long it can be restored; `now` for not at all.
void remove(Transaction& tx, std::int64_t id, Instant now, Instant until);
void restore(Transaction& tx, std::int64_t id, std::string_view name);

struct ListOptions {
  std::string prefix, from;  // `from`: the first name that may be answered
  std::int64_t from_id = 0;  // and the id from which, among deleted ones of that name
  std::size_t limit = 0;
  bool with_deleted = false;
};
// By name, deleted ones of a name before the live one.
std::vector<Container> list(Transaction& tx, std::string_view account, const ListOptions& options,
                            Instant now);

// Removes some of what lies in containers whose end has come; false when there was none.
bool collect_garbage(Transaction& tx, Instant now);

}  // namespace containers
}  // namespace cvemu
