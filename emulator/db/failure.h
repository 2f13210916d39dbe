// What SQLite's errors are to people.
#pragma once
#include <string>

struct sqlite3;

namespace cvemu {

// Throws the last error of the connection; null: there was no memory for one. What the file or the disk is to
// blame for is a DbError in words for people. Anything else is a slip of the program: a std::logic_error in
// SQLite's words with `what` was done, for the log.
[[noreturn]] void throw_failure(sqlite3* connection, const std::string& what);

}  // namespace cvemu
