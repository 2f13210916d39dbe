#include "db/ownership.h"

#include <sqlite3.h>

#include <memory>
#include <string>

#include "db/database.h"
#include "db/failure.h"

namespace cvemu {

namespace {

constexpr const char* kForeign =
    "cvemu.sqlite3 in it is the database of another program, and was left as it is; name another folder";

using SqliteConnection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

[[noreturn]] void fail(sqlite3* connection) {
  throw DbError(plain_reason_of(sqlite3_errcode(connection)), false);
}

std::int64_t number(sqlite3* connection, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) != SQLITE_OK) fail(connection);
  const bool row = sqlite3_step(statement) == SQLITE_ROW;
  const std::int64_t value = row ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  if (!row) fail(connection);
  return value;
}

// Of every schema that was ever released. Those before 0.2.0 have no application id.
bool has_our_tables(sqlite3* connection) {
  constexpr std::int64_t kTables = 5;
  return number(connection,
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN"
                " ('jobs', 'settings', 'queues', 'blobs', 'projects')") == kTables;
}

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

std::filesystem::path beside(std::filesystem::path file, const char* ending) {
  return file += ending;
}

// In a URI; what means something there is escaped.
std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path)
    if (c == '?' || c == '#' || c == '%') {
      constexpr const char* kDigits = "0123456789ABCDEF";
      out += {'%', kDigits[c >> 4], kDigits[c & 15]};
    } else {
      out += c;
    }
  return out;
}

SqliteConnection open_to_look(const std::filesystem::path& file, bool has_log) {
  // A log beside the file (WAL) is part of it, and only a connection that might write reads it; a file
  // without one is read as if it were on a disc that nobody can change.
  const std::string uri = "file:" + escaped(std::filesystem::absolute(file).string());
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (has_log ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2((uri + (has_log ? "" : "?mode=ro&immutable=1")).c_str(), &connection, flags, nullptr);
  SqliteConnection owned(connection, &sqlite3_close);
  if (code != SQLITE_OK) throw DbError(plain_reason_of(code), false);
  // At the end the log stays a log.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  constexpr int kBusyTimeoutMs = 500;
  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  return owned;
}

// The index of a log, made for the look: gone again if it was not there before.
class LogIndex {
 public:
  explicit LogIndex(const std::filesystem::path& file)
      : file_(beside(file, "-shm")), was_there_(std::filesystem::exists(file_)) {}
  ~LogIndex() {
    std::error_code ignored;
    if (!was_there_) std::filesystem::remove(file_, ignored);
  }
  LogIndex(const LogIndex&) = delete;
  LogIndex& operator=(const LogIndex&) = delete;

 private:
  const std::filesystem::path file_;
  const bool was_there_;
};

}  // namespace

bool is_ours(sqlite3* connection) {
  const std::int64_t id = number(connection, "PRAGMA application_id");
  if (id == kApplicationId) return true;
  const bool empty = number(connection, "SELECT count(*) FROM sqlite_master") == 0;
  const std::int64_t schema = number(connection, "PRAGMA user_version");
  return id == 0 && (empty ? schema == 0 : schema > 0 && has_our_tables(connection));
}

void require_ours(const std::filesystem::path& file) {
  const bool has_log = size_of(beside(file, "-wal")) > 0;
  if (size_of(file) == 0 && !has_log) return;
  const LogIndex index(file);
  if (!is_ours(open_to_look(file, has_log).get())) throw DbError(kForeign, false);
}

}  // namespace cvemu
