#include "db/migrations.h"

#include <sqlite3.h>

#include <string>

#include "base/embedded.h"
#include "db/database.h"
#include "db/failure.h"
#include "db/ownership.h"

namespace cvemu {

namespace schema {
extern const std::vector<EmbeddedFile> kScripts;
}

namespace {

constexpr const char* kNotOurs = "it is no database of cvemu";

void execute(sqlite3* connection, const std::string& sql) {
  if (sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw_failure(connection, "schema");
}

std::size_t version_of(sqlite3* connection) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, "PRAGMA user_version", -1, &statement, nullptr) != SQLITE_OK)
    throw_failure(connection, "schema");
  const bool row = sqlite3_step(statement) == SQLITE_ROW;
  const auto version = row ? static_cast<std::size_t>(sqlite3_column_int(statement, 0)) : 0;
  sqlite3_finalize(statement);
  return version;
}

}  // namespace

std::size_t newest_schema() {
  return schema::kScripts.size();
}

namespace {

void refuse_newer(std::size_t version) {
  if (version <= newest_schema()) return;
  throw DbError("the database was written by a newer version of cvemu (schema " + std::to_string(version) +
                    ", this program knows " + std::to_string(newest_schema()) + ")",
                false);
}

}  // namespace

namespace {

// Damage is no sign of ours.
bool looks_like_ours(sqlite3* connection) {
  try {
    return is_ours(connection);
  } catch (const DbError&) {
    return false;
  }
}

}  // namespace

void require_known_schema(sqlite3* connection) {
  const std::size_t version = version_of(connection);
  if (version == 0 || !looks_like_ours(connection)) throw DbError(kNotOurs, false);
  refuse_newer(version);
}

void migrate(sqlite3* connection) {
  const std::size_t version = version_of(connection);
  if (version == newest_schema()) return;
  refuse_newer(version);
  execute(connection, "BEGIN IMMEDIATE");
  for (std::size_t i = version; i < schema::kScripts.size(); ++i)
    execute(connection, std::string(schema::kScripts[i].text));
  execute(connection, "PRAGMA application_id=" + std::to_string(kApplicationId) +
                          "; PRAGMA user_version=" + std::to_string(schema::kScripts.size()) + "; COMMIT");
}

}  // namespace cvemu
