// Whose database a file is, before it is opened for writing: a file of another program stays as it is, byte
// for byte.
#pragma once
#include <filesystem>

struct sqlite3;

namespace cvemu {

// In the header of each database that is made from 0.2.0 on: "cvem".
inline constexpr int kApplicationId = 0x6376656d;

// DbError if there is a file and it is another program's, damaged, or no database at all. Writes nothing.
void require_ours(const std::filesystem::path& file);
// Whether an open connection leads to a database of ours, or to one without anything in it, which may become
// ours.
bool is_ours(sqlite3* connection);

}  // namespace cvemu
