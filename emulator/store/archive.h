// The whole state, to come back to: the database's image and the bytes that lie beside it. In the process
// both are kept as they are; an archive is one text of bytes with everything inside, for a file.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::archive {

// Lives no longer than the Database it was taken of.
struct Snapshot {
  std::string image;
  ByteStore::Retained beside;
  std::uint64_t bytes = 0;  // of both
};

// All of them: any thread, with no Transaction open. What replaces the state begins a new generation.
Snapshot take(Database& database);
void restore(Database& database, const Snapshot& snapshot);

std::string pack(Database& database, const Snapshot& snapshot);
// DbError if it is no archive of ours, or of a newer schema; then nothing has changed.
void unpack(Database& database, std::string_view archive);

}  // namespace cvemu::archive
