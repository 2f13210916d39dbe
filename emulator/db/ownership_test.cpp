#include "db/ownership.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>

#include "db/database.h"

namespace cvemu::db_ownership_test {

namespace {

namespace fs = std::filesystem;

struct TempFolder {
  fs::path path = fs::temp_directory_path() / ("cvemu-" + IdSource().uuid().compact());
  TempFolder() { fs::create_directory(path); }
  ~TempFolder() { fs::remove_all(path); }

  // Every file with its bytes.
  std::string contents() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(path)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.push_back(entry.path().filename().string() + ':' +
                    std::string(std::istreambuf_iterator<char>(file), {}));
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const std::string& one : all) text += one + '\n';
    return text;
  }
};

class Foreign {
 public:
  Foreign(const fs::path& file, const char* sql) {
    sqlite3_open(file.c_str(), &connection_);
    CHECK(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  ~Foreign() { sqlite3_close(connection_); }

 private:
  sqlite3* connection_ = nullptr;
};

std::string refusal(const fs::path& file) {
  try {
    Database database(file);
    return "";
  } catch (const DbError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("Ownership: the database of another program is refused, and stays as it is") {
  for (const char* sql : {"CREATE TABLE notes (text)", "PRAGMA user_version=3; CREATE TABLE notes (text)",
                          "PRAGMA user_version=7", "PRAGMA application_id=1234",
                          "PRAGMA application_id=1234; PRAGMA user_version=9; CREATE TABLE jobs (id); CREATE "
                          "TABLE settings (id)",
                          "PRAGMA journal_mode=WAL; CREATE TABLE notes (text)",
                          "PRAGMA user_version=999; CREATE TABLE jobs (id)"}) {
    const TempFolder folder;
    const fs::path file = folder.path / "cvemu.sqlite3";
    {
      const Foreign other(file, sql);
    }
    const std::string before = folder.contents();
    CHECK_MESSAGE(refusal(file).find("another program") != std::string::npos, sql);
    CHECK_MESSAGE(folder.contents() == before, sql);
  }
}

TEST_CASE("Ownership: also one whose changes still lie in its log") {
  const TempFolder folder, copy;
  {
    const Foreign other(folder.path / "cvemu.sqlite3",
                        "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE notes (text)");
    for (const char* ending : {"", "-wal"})
      fs::copy_file(folder.path / (std::string("cvemu.sqlite3") + ending),
                    copy.path / (std::string("cvemu.sqlite3") + ending));
  }
  const std::string before = copy.contents();
  CHECK(refusal(copy.path / "cvemu.sqlite3").find("another program") != std::string::npos);
  CHECK(copy.contents() == before);
}

TEST_CASE("Ownership: what is no database is refused, and stays as it is") {
  const TempFolder folder;
  const fs::path file = folder.path / "cvemu.sqlite3";
  std::ofstream(file) << std::string(5000, 'x');
  const std::string before = folder.contents();
  CHECK(refusal(file).find("no database") != std::string::npos);
  CHECK(folder.contents() == before);
}

TEST_CASE(
    "Ownership: ours opens again, with the id and as those were that had none; an empty file becomes ours") {
  const TempFolder folder;
  const fs::path file = folder.path / "odd ?#% name.sqlite3";
  std::ofstream{file};
  CHECK(refusal(file) == "");
  CHECK(refusal(file) == "");
  {
    const Foreign changed(file, "PRAGMA application_id=0");
  }
  CHECK(refusal(file) == "");
}

TEST_CASE("Ownership: ours opens from its log alone, as kill -9 may leave it") {
  const TempFolder folder, copy;
  {
    Database database(folder.path / "cvemu.sqlite3");
    for (const char* ending : {"", "-wal"})
      fs::copy_file(folder.path / (std::string("cvemu.sqlite3") + ending),
                    copy.path / (std::string("cvemu.sqlite3") + ending));
  }
  CHECK(refusal(copy.path / "cvemu.sqlite3") == "");
}

}  // namespace cvemu::db_ownership_test
