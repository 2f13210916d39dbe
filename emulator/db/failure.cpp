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
  const char* of_location;  // the end of "DIR: ..."
  bool full = false;        // room may help
};
constexpr const char* kBusy = "another process uses it";  // one process owns the file
constexpr const char* kClosed = "the database cannot be opened for writing; may this user do it?";
constexpr const char* kClosedThere =
    "cvemu.sqlite3 in it cannot be opened for writing; look at its rights, and at those of the folder";
constexpr Sentence kSentences[] = {
    {SQLITE_BUSY, kBusy, kBusy},
    {SQLITE_LOCKED, kBusy, kBusy},
    {SQLITE_NOTADB, "this is no database of cvemu",
     "cvemu.sqlite3 in it is no database, and was left as it is; name another folder"},
    {SQLITE_CORRUPT, "the database is damaged; put a copy of it back, or begin with an empty folder",
     "cvemu.sqlite3 in it is damaged; put a copy back, or name another folder"},
    {SQLITE_CANTOPEN, kClosed, kClosedThere},
    {SQLITE_PERM, kClosed, kClosedThere},
    {SQLITE_AUTH, kClosed, kClosedThere},
    {SQLITE_READONLY, kClosed, kClosedThere},
    {SQLITE_FULL, "there is no room left for the database", "the disk is full", true},
    {SQLITE_IOERR, "the disk of the database failed or is full", "the disk cannot be read or written", true},
    {SQLITE_TOOBIG, "the database takes no value of this size", "its database cannot be used"},
    {SQLITE_NOMEM, "there is no memory left for the database", "there is not enough memory"},
};

const Sentence* find_sentence(int code) {
  constexpr int kPrimary = 0xff;
  const auto found = std::find_if(std::begin(kSentences), std::end(kSentences),
                                  [code](const Sentence& row) { return row.code == (code & kPrimary); });
  return found == std::end(kSentences) ? nullptr : found;
}

}  // namespace

const char* plain_reason_of(int code) {
  const Sentence* known = find_sentence(code);
  return known ? known->of_location : "its database cannot be used";
}

void throw_failure(sqlite3* connection, const std::string& what) {
  if (const Sentence* known = find_sentence(connection ? sqlite3_errcode(connection) : SQLITE_NOMEM))
    throw DbError(known->text, known->full);
  throw std::logic_error(std::string(sqlite3_errmsg(connection)) + " (" + what + ")");
}

}  // namespace cvemu
