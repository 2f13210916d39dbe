// The whole state as one text of bytes, and back: the database's image, with the bytes that lie beside it put
// inside.
#pragma once
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::archive {

// Any thread, with no Transaction open.
std::string pack(Database& database);
// Replaces everything and begins a new generation. DbError if it is no archive of ours, or of a newer schema;
// then nothing has changed.
void unpack(Database& database, std::string_view archive);

}  // namespace cvemu::archive
