#include "db/failure.h"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "db/database.h"

namespace cvemu {

namespace {

struct Sentence {
  int code;
  const char* text;
  bool full;  // room may help
};
constexpr Sentence kSentences[] = {
    {SQLITE_BUSY, "another process uses it", false},  // one process owns the file
    {SQLITE_NOTADB, "this is no database of cvemu", false},
    {SQLITE_CORRUPT, "the database is damaged; put a copy of it back, or begin with an empty folder", false},
    {SQLITE_CANTOPEN, "the database cannot be opened; is the folder there, and may this user write to it?",
     false},
    {SQLITE_PERM, "the database cannot be opened; may this user write to it?", false},
    {SQLITE_AUTH, "the database cannot be opened; may this user write to it?", false},
    {SQLITE_READONLY, "the database cannot be written to; may this user do it?", false},
    {SQLITE_FULL, "there is no room left for the database", true},
    {SQLITE_TOOBIG, "the database takes no value of this size", false},
    {SQLITE_IOERR, "the disk of the database failed or is full", true},
    {SQLITE_NOMEM, "there is no memory left for the database", false},
};

}  // namespace

void throw_failure(sqlite3* connection, const std::string& what) {
  const int code = connection ? sqlite3_errcode(connection) & 0xff : SQLITE_NOMEM;
  const auto known = std::find_if(std::begin(kSentences), std::end(kSentences),
                                  [code](const Sentence& row) { return row.code == code; });
  if (known != std::end(kSentences)) throw DbError(known->text, known->full);
  throw std::logic_error(std::string(sqlite3_errmsg(connection)) + " (" + what + ")");
}

}  // namespace cvemu
