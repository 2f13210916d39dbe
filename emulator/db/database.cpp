#include "db/database.h"

#include <sqlite3.h>

#include <atomic>
#include <cassert>
#include <unordered_map>

#include "db/failure.h"
#include "db/migrations.h"
#include "db/ownership.h"

namespace cvemu {

namespace {

// SQLite stops an in-memory database at 1 GiB unless told otherwise.
constexpr sqlite3_int64 kMemoryLimit = 64LL << 30;
// A second process that opens the same file is told so after this time.
constexpr int kBusyTimeoutMs = 500;

thread_local const Transaction* open_transaction = nullptr;
thread_local GenerationGuard* innermost_guard = nullptr;

// Every database in memory needs a name of its own: no leading slash, or the whole process would share it.
std::string memory_name() {
  static std::atomic<unsigned> next{0};
  return "file:cvemu-" + std::to_string(++next) + "?vfs=memdb";
}

std::filesystem::path bytes_folder(std::filesystem::path file) {
  return file.empty() ? file : file += "-bytes";
}

}  // namespace

// Prepared statements by the address of their text. A Statement marks its entry as in use.
struct Database::Cache {
  struct Entry {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };
  std::unordered_map<const char*, Entry> entries;

  void clear() {
    for (auto& [sql, entry] : entries) sqlite3_finalize(entry.statement);
    entries.clear();
  }
  ~Cache() { clear(); }
};

Database::Database(const std::filesystem::path& file) : file_(file), cache_(std::make_unique<Cache>()) {
  try {
    if (!in_memory()) require_ours(file_);
    open();
    configure();
    migrate(connection_);
    bytes_ = ByteStore::open(bytes_folder(file_));
  } catch (const DbError& error) {
    // What SQLite refuses here is the file's fault: words for who named it.
    const int code = connection_ ? sqlite3_errcode(connection_) : SQLITE_OK;
    sqlite3_close(connection_);
    if (in_memory() || code == SQLITE_OK) throw;
    throw DbError(plain_reason_of(code), error.full);
  } catch (...) {
    sqlite3_close(connection_);
    throw;
  }
}

Database::~Database() {
  cache_.reset();
  sqlite3_close(connection_);
}

void Database::open() {
  const std::string name = in_memory() ? memory_name() : file_.string();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (in_memory() ? SQLITE_OPEN_URI : 0);
  if (sqlite3_open_v2(name.c_str(), &connection_, flags, nullptr) != SQLITE_OK) fail("cannot open " + name);
}

void Database::configure() {
  sqlite3_busy_timeout(connection_, kBusyTimeoutMs);
  // Debian's SQLite overwrites freed pages with zeros unless told not to: half the speed of replacing a blob.
  execute("PRAGMA secure_delete=OFF; PRAGMA foreign_keys=ON;");
  if (in_memory()) {
    sqlite3_int64 limit = kMemoryLimit;
    sqlite3_file_control(connection_, "main", SQLITE_FCNTL_SIZE_LIMIT, &limit);
    // The rollback journal is a file in memory as well, and kept: journal_mode=MEMORY would allocate each
    // kilobyte of it anew for every transaction, a third of the time of a small one.
    execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF;");
    return;
  }
  // What was answered survives kill -9: the pages are with the kernel. One process owns the file.
  execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
      "PRAGMA wal_autocheckpoint=4000; BEGIN EXCLUSIVE; COMMIT;");
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

void Database::fail(const std::string& what) const {
  throw_failure(connection_, what);
}

std::string Database::library_version() {
  return std::string("SQLite ") + sqlite3_libversion();
}

void Database::reset() {
  std::lock_guard lock(mutex_);
  cache_->clear();
  int on = 1;
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_RESET_DATABASE, on, nullptr);
  execute("VACUUM");
  on = 0;
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_RESET_DATABASE, on, nullptr);
  configure();
  migrate(connection_);
  if (side_state_) side_state_->replaced();
  begin_generation();
}

void Database::stop_counting_memory() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

std::int64_t Database::schema_version() {
  return static_cast<std::int64_t>(newest_schema());
}

namespace {

// An image as a database of its own, read only; the bytes stay where they are and outlive it.
class Image {
 public:
  explicit Image(std::string_view bytes) {
    if (sqlite3_open(":memory:", &connection_) != SQLITE_OK)
      throw DbError("the image cannot be opened", true);
    auto* image = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    if (sqlite3_deserialize(connection_, "main", image, size, size, SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
      return;
    sqlite3_close(connection_);
    throw DbError("the image cannot be read", false);
  }
  ~Image() { sqlite3_close(connection_); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  sqlite3* connection() const { return connection_; }

 private:
  sqlite3* connection_ = nullptr;
};

}  // namespace

// The image is copied over the database page by page: works for memory and file alike.
void Database::restore(std::string_view image) {
  const Image source(image);
  require_known_schema(source.connection());
  std::lock_guard lock(mutex_);
  cache_->clear();
  sqlite3_backup* backup = sqlite3_backup_init(connection_, "main", source.connection(), "main");
  const bool copied = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
  if (backup) sqlite3_backup_finish(backup);
  if (!copied) throw DbError("the snapshot cannot be restored", false);
  configure();
  migrate(connection_);
  if (side_state_) side_state_->replaced();
  begin_generation();
}

Statement::Statement(Database& database, sqlite3_stmt* statement, bool* in_use)
    : database_(&database), statement_(statement), in_use_(in_use) {
  assert(!*in_use_ && "the same statement is already open in this transaction");
  *in_use_ = true;
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(other.statement_), in_use_(other.in_use_) {
  other.statement_ = nullptr;
}

Statement::~Statement() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  database_->fail(sqlite3_sql(statement_));
}

void Statement::bind_integer(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_, index, value);
}
void Statement::bind_one(int index, double value) {
  sqlite3_bind_double(statement_, index, value);
}
void Statement::bind_one(int index, std::nullptr_t) {
  sqlite3_bind_null(statement_, index);
}

void Statement::bind_one(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void Statement::bind_one(int index, BlobView value) {
  sqlite3_bind_blob64(statement_, index, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                      SQLITE_STATIC);
}

void Statement::bind_one(int index, const Uuid& value) {
  const std::string text = value.text();
  sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string_view Statement::view(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
               : std::string_view();
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

Uuid Statement::uuid(int column) const {
  return Uuid::parse(view(column)).value_or(Uuid());
}

std::optional<Uuid> Statement::optional_uuid(int column) const {
  if (is_null(column)) return std::nullopt;
  return uuid(column);
}

std::optional<Instant> Statement::optional_instant(int column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

// The thread that replaces the state goes on with the new one.
void Database::begin_generation() {
  const std::uint64_t generation = ++generation_;
  for (GenerationGuard* guard = innermost_guard; guard; guard = guard->outer_)
    if (&guard->database_ == this) guard->generation_ = generation;
}

GenerationGuard::GenerationGuard(Database& database, std::uint64_t generation)
    : database_(database), generation_(generation), outer_(innermost_guard) {
  innermost_guard = this;
}

std::uint64_t GenerationGuard::generation_of_this_thread(Database& database) {
  for (const GenerationGuard* guard = innermost_guard; guard; guard = guard->outer_)
    if (&guard->database_ == &database) return guard->generation_;
  return database.generation();
}

GenerationGuard::~GenerationGuard() {
  innermost_guard = outer_;
}

namespace {

// Most transactions are over in ten microseconds, and to sleep and be woken takes as long: a tenth more
// requests from eight clients than without looking again first.
constexpr int kLooks = 1000;

void pause_a_moment() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

std::unique_lock<std::mutex> patient_lock(std::mutex& mutex) {
  std::unique_lock lock(mutex, std::try_to_lock);
  for (int looks = 0; !lock && looks < kLooks; ++looks) {
    pause_a_moment();
    if (lock.try_lock()) return lock;
  }
  if (!lock) lock.lock();
  return lock;
}

}  // namespace

Transaction::Transaction(Database& database) : database_(database) {
  if (open_transaction) throw std::logic_error("this thread already holds a transaction");
  lock_ = patient_lock(database.mutex_);
  database.check_ending();
  const GenerationGuard* guard = innermost_guard;
  if (guard && &guard->database_ == &database && guard->generation_ != database.generation_)
    throw GenerationChanged();
  open_transaction = this;
}

Transaction::~Transaction() {
  if (begun_) sqlite3_exec(database_.connection_, "ROLLBACK", nullptr, nullptr, nullptr);
  if (database_.side_state_) database_.side_state_->rolled_back();
  open_transaction = nullptr;
  if (free_.empty() && adopted_.empty()) return;
  try {
    free_.insert(free_.end(), adopted_.begin(), adopted_.end());
    const auto gone = bytes().give_up(free_);
    lock_.unlock();  // nobody waits while they are freed
    bytes().erase(gone);
  } catch (const std::bad_alloc&) {
    // They are left over; the next start removes what no row names.
  }
}

namespace {

// SQLite's header: version to write, version to read; 1 is a rollback journal, 2 a WAL, which an image in
// memory cannot have.
void unmark_wal(std::string& image) {
  constexpr std::size_t kWriteVersion = 18, kReadVersion = 19;
  if (image.size() > kReadVersion) image[kWriteVersion] = image[kReadVersion] = 1;
}

}  // namespace

std::string Transaction::image() {
  assert(!begun_ && "what is not committed would be in it");
  sqlite3_int64 size = 0;
  unsigned char* image = sqlite3_serialize(database_.connection_, "main", &size, 0);
  if (!image) database_.fail("serialize");
  std::string bytes(reinterpret_cast<char*>(image), static_cast<std::size_t>(size));
  sqlite3_free(image);
  unmark_wal(bytes);
  return bytes;
}

Statement Transaction::prepare(Sql sql) {
  auto& entry = database_.cache_->entries[sql.text()];
  if (!entry.statement && sqlite3_prepare_v3(database_.connection_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT,
                                             &entry.statement, nullptr) != SQLITE_OK)
    database_.fail(sql.text());
  // Reads need no SQL transaction: nobody else can write while the lock is held.
  if (!begun_ && !sqlite3_stmt_readonly(entry.statement)) begin();
  return Statement(database_, entry.statement, &entry.in_use);
}

void Transaction::begin() {
  begun_ = true;  // before the next line, which comes back to prepare
  prepare("BEGIN IMMEDIATE").run();
}

std::int64_t Transaction::changes() const {
  return sqlite3_changes64(database_.connection_);
}
std::int64_t Transaction::last_row_id() const {
  return sqlite3_last_insert_rowid(database_.connection_);
}

void Transaction::commit() {
  if (begun_) prepare("COMMIT").run();
  begun_ = false;
  if (database_.side_state_) database_.side_state_->committed();
  free_.insert(free_.end(), removed_.begin(), removed_.end());
  removed_.clear();
  adopted_.clear();
}

}  // namespace cvemu
