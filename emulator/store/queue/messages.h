// The messages of a queue. Each call costs the same, however many messages there are, but for remove_expired,
// which pays once for each message that it removes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "db/database.h"
#include "store/queue/queues.h"

namespace cvemu {

// The public id is the row number scrambled with the queue's key, twice: the first half leads back to the
// row, the second proves that the id was made here, so no index on random ids is needed.
struct Message {
  Uuid id;
  Instant inserted_at, expires_at, visible_at;
  std::int64_t dequeue_count = 0;
  std::uint64_t receipt = 0;  // of the last hand-out or update: the only valid one
  std::string text;
};

struct NewMessage {
  std::string_view text;
  Instant inserted_at, expires_at, visible_at;
  std::uint64_t receipt = 0;
};

namespace messages {

// Removes what has expired by `now` and corrects the count; does nothing until something is due. Everything
// below expects it to have been called. True if there is garbage to collect.
bool remove_expired(Transaction& tx, Queue& queue, Instant now);

// `random`: any number that is not given twice.
Uuid put(Transaction& tx, Queue& queue, const NewMessage& message, std::uint64_t random);

// Hands out the messages that are visible, by the time since which they are, then by arrival; each is hidden
// until `hidden_until` (later than `now`) and gets a receipt of its own from `receipts`.
std::vector<Message> get(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now,
                         Instant hidden_until, IdSource& receipts);

// The same messages in the same order, unchanged.
std::vector<Message> peek(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now);

// All of them, visible or not, in the order of arrival, unchanged.
std::vector<Message> list(Transaction& tx, const Queue& queue);

enum class Outcome { Done, NotFound, WrongReceipt };

struct MessageUpdate {
  Instant visible_at;
  std::uint64_t receipt = 0;             // the next valid one
  std::optional<std::string_view> text;  // nullopt: as it was
};
Outcome update(Transaction& tx, const Queue& queue, const Uuid& id, std::uint64_t receipt,
               const MessageUpdate& change);
Outcome remove(Transaction& tx, Queue& queue, const Uuid& id, std::uint64_t receipt);

// For who looks at a queue without being one of its readers: no receipt is asked for, none is given, nothing
// is counted. The first `limit` in order of arrival, hidden ones too.
std::vector<Message> all(Transaction& tx, const Queue& queue, std::int64_t limit, Instant now);
// False if there is no such message.
bool show(Transaction& tx, const Queue& queue, const Uuid& id, Instant now);  // visible from now on
bool discard(Transaction& tx, Queue& queue, const Uuid& id);
// Its time is over; remove_expired() removes it.
bool expire(Transaction& tx, Queue& queue, const Uuid& id, Instant now);

// Removes a slice of what lies in abandoned buckets, at most kGarbageSlice rows. True if more is left.
constexpr std::int64_t kGarbageSlice = 1000;
bool collect_garbage(Transaction& tx);

}  // namespace messages
}  // namespace cvemu
