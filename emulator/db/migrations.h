// The numbered scripts of schema/, each run once per database. Before the first release they are edited
// freely; afterwards a change is a new script.
#pragma once
#include <cstddef>

struct sqlite3;

namespace cvemu {

// Brings an open connection to the newest schema in one SQL transaction. Throws DbError if a script fails or
// the database is newer than this program.
void migrate(sqlite3* connection);
// DbError if it is no database of ours, or a newer one.
void require_known_schema(sqlite3* connection);
std::size_t newest_schema();

}  // namespace cvemu
