// Queues: their rows, and the buckets in which their messages lie (messages.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu {

// What every message operation needs of its queue; metadata and ACL are read when they are asked for.
struct Queue {
  std::int64_t id = 0;
  std::int64_t bucket = 0;         // where its messages lie at present
  std::int64_t message_count = 0;  // rows in the bucket: visible, invisible, and expired ones not yet removed
  Instant next_expiry;             // no message expires before this time
};

struct ListedQueue {
  std::string name, metadata;
};

namespace queues {

std::optional<Queue> find(Transaction& tx, std::string_view account, std::string_view name);

// `metadata` is packed (lines of "name:value"). The name must be free.
void insert(Transaction& tx, std::string_view account, std::string_view name, std::string_view metadata);

// In the order of names: those that begin with `prefix` and come after `marker`, at most `limit`.
std::vector<ListedQueue> list(Transaction& tx, std::string_view account, std::string_view prefix,
                              std::string_view marker, std::int64_t limit);

std::string metadata(Transaction& tx, const Queue& queue);
void set_metadata(Transaction& tx, const Queue& queue, std::string_view metadata);

std::string acl(Transaction& tx, const Queue& queue);  // SignedIdentifiers XML; "" if none was set
void set_acl(Transaction& tx, const Queue& queue, std::string_view xml);

// Both take the same time whatever the queue holds: the bucket is abandoned with everything in it, and
// messages::collect_garbage must be called until nothing is left. True if there is garbage to collect.
bool clear(Transaction& tx, Queue& queue);
bool remove(Transaction& tx, const Queue& queue);

}  // namespace queues
}  // namespace cvemu
