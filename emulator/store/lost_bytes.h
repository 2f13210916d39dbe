// Rows held against the bytes beside the database. A power loss may keep a row and lose its file, and so does
// whoever copies one without the other; what is broken then is dropped whole, rather than answered with holes
// in it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "db/database.h"
#include "store/blob/blobs.h"

namespace cvemu::lost_bytes {

// A blob, a snapshot, or an uncommitted block, that is no longer there.
struct Dropped {
  std::string account, container, name;
  std::int64_t snapshot = Blob::kBase;
  std::string block;   // the id of an uncommitted block; "" for a blob
  std::string reason;  // in words, for people
};

// At the start, with nothing else going on: drops every row one of whose files is missing or has another
// length. What is left of a name stays: other snapshots, and blocks that were not committed yet. In order of
// account, container and name. Without damage it reads the rows of long contents only. Atomic and repeatable,
// as the transaction is.
std::vector<Dropped> drop(Transaction& tx);

}  // namespace cvemu::lost_bytes
