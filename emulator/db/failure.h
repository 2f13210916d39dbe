// What SQLite's errors are to people.
#pragma once
#include <string>

struct sqlite3;

namespace cvemu {

// Why a folder's database cannot be used, as the end of a sentence that names the folder. `code` is SQLite's.
const char* plain_reason_of(int code);

// Throws the last error of the connection; null: there was no memory for one. What the file or the disk is to
// blame for is a DbError in words for people. Anything else is a slip of the program: a std::logic_error in
// SQLite's words with `what` was done, for the log.
[[noreturn]] void throw_failure(sqlite3* connection, const std::string& what);

}  // namespace cvemu
