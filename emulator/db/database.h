// SQLite behind one connection and one lock, and the large bytes that lie beside it. The lock is a
// Transaction: who has none cannot touch data.
#pragma once
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/byte_store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cvemu {

// SQLite refused. `full` tells a disk or memory limit from everything else.
struct DbError : std::runtime_error {
  DbError(const std::string& text, bool no_space) : std::runtime_error(text), full(no_space) {}
  bool full;
};

// Bytes to be stored as a BLOB; a plain string_view is stored as TEXT.
struct BlobView {
  std::string_view bytes;
};

// The text of a statement: a literal, for its address is its name in the statement cache.
class Sql {
 public:
  template <std::size_t N>
  consteval Sql(const char (&literal)[N]) : text_(literal) {
    if (literal[N - 1] != '\0') throw std::logic_error("SQL is no literal");  // reads it: constants only
  }
  constexpr const char* text() const { return text_; }

 private:
  const char* text_;
};

// What the floor above keeps in memory beside the rows of one database, in step with them. Called under the
// database's lock.
class SideState {
 public:
  virtual ~SideState() = default;
  virtual void committed() = 0;    // the transaction's rows are kept
  virtual void rolled_back() = 0;  // back to the last committed(); also if nothing has changed since
  virtual void replaced() = 0;     // reset or restored: these are other rows
};

// The state was replaced (reset, restore) after this work had begun; its transactions are refused from then
// on.
struct GenerationChanged : std::runtime_error {
  GenerationChanged() : GenerationChanged("the emulator's state was replaced while this was under way") {}

 protected:
  using std::runtime_error::runtime_error;
};

// The emulator ends; no more transactions.
struct Ending : GenerationChanged {
  Ending() : GenerationChanged("the emulator is ending") {}
};

class Database {
 public:
  // An empty path: in memory, private to this object. Otherwise the file, created if missing and brought to
  // the newest schema; one process owns it at a time. Large bytes lie in a folder of its name and "-bytes".
  // Throws DbError.
  explicit Database(const std::filesystem::path& file = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void reset();  // all rows gone, schema as new
  // An image of an older schema is brought to the newest. DbError if it is none, or of a newer schema; then
  // nothing has changed.
  void restore(std::string_view image);
  bool in_memory() const { return file_.empty(); }
  // Not part of a snapshot; store/archive.h puts both together.
  ByteStore& bytes() { return *bytes_; }
  static std::string library_version();  // "SQLite 3.40.1"
  static std::int64_t schema_version();  // the newest, which every open database has
  // SQLite stops counting its memory, in the whole process: two locks less for each of its many allocations.
  // For a program, before its first use of SQLite; a library leaves that to its host.
  static void stop_counting_memory();

  // Grows with reset(), restore() and Transaction::begin_generation(): work that another thread began before,
  // under a GenerationGuard, is refused from then on.
  std::uint64_t generation() const { return generation_.load(); }

  // Every Transaction from now on throws Ending: long work stops at its next one. Any thread.
  void refuse_transactions() { ending_ = true; }
  // For long work that makes none for a while: throws Ending likewise.
  void check_ending() const {
    if (ending_.load(std::memory_order_relaxed)) throw Ending();
  }

 private:
  friend class Transaction;
  friend class Statement;
  struct Cache;
  void open();
  void configure();
  void begin_generation();
  void execute(const char* sql);
  [[noreturn]] void fail(const std::string& what) const;

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> generation_{1};
  std::atomic<bool> ending_{false};
  sqlite3* connection_ = nullptr;
  std::unique_ptr<Cache> cache_;
  std::unique_ptr<ByteStore> bytes_;
  std::unique_ptr<SideState> side_state_;
};

// One use of a cached statement; resets it when it dies. Must die before its Transaction.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  ~Statement();

  // Binds the parameters in order. Text and bytes must live until the last step().
  template <class... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }
  bool step();  // true: a row is there. Throws DbError
  void run() {  // for statements without rows
    while (step()) {
    }
  }

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  bool boolean(int column) const { return integer(column) != 0; }
  double real(int column) const;
  std::string_view view(int column) const;  // text or bytes, until the next step
  std::string text(int column) const { return std::string(view(column)); }
  std::optional<std::string> optional_text(int column) const;
  Uuid uuid(int column) const;
  std::optional<Uuid> optional_uuid(int column) const;
  Instant instant(int column) const { return from_micros(integer(column)); }
  std::optional<Instant> optional_instant(int column) const;

 private:
  friend class Transaction;
  Statement(Database& database, sqlite3_stmt* statement, bool* in_use);
  void bind_integer(int index, std::int64_t value);
  void bind_one(int index, std::string_view value);
  void bind_one(int index, BlobView value);
  void bind_one(int index, double value);
  void bind_one(int index, std::nullptr_t);
  void bind_one(int index, const Uuid& value);
  void bind_one(int index, Instant value) { bind_integer(index, to_micros(value)); }
  void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, const char* value) { bind_one(index, std::string_view(value)); }
  template <std::integral T>
  void bind_one(int index, T value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  template <class T>
  void bind_one(int index, const std::optional<T>& value) {
    if (value) {
      bind_one(index, *value);
    } else {
      bind_one(index, nullptr);
    }
  }

  Database* database_;
  sqlite3_stmt* statement_;
  bool* in_use_;
};

// Ties what this thread does, until the end of the scope, to a generation: by default that of now. Once a
// newer one has begun, every Transaction on the database throws GenerationChanged. An inner scope counts
// while it lasts.
class GenerationGuard {
 public:
  explicit GenerationGuard(Database& database) : GenerationGuard(database, database.generation()) {}
  GenerationGuard(Database& database, std::uint64_t generation);
  ~GenerationGuard();
  GenerationGuard(const GenerationGuard&) = delete;
  GenerationGuard& operator=(const GenerationGuard&) = delete;

  std::uint64_t generation() const { return generation_; }
  // What this thread is tied to already, else the generation of now.
  static std::uint64_t generation_of_this_thread(Database& database);

 private:
  friend class Database;
  friend class Transaction;
  Database& database_;
  std::uint64_t generation_;
  GenerationGuard* const outer_;
};

// Holds the database's lock for its whole life. Writes are atomic: kept by commit(), undone otherwise. A
// second one on the same thread is a std::logic_error. While it lives: SQL and pure code only, no I/O, no
// waiting.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Statement prepare(Sql sql);
  // Prepare, bind and run in one word; answers how many rows changed.
  template <class... Values>
  std::int64_t run(Sql sql, const Values&... values) {
    prepare(sql).bind(values...).run();
    return changes();
  }
  std::int64_t changes() const;
  std::int64_t last_row_id() const;
  void begin_generation() { database_.begin_generation(); }
  void commit();  // ends the SQL transaction; the destructor gives the lock back

  // Bytes whose row this transaction deletes: removed once it has committed.
  void remove_bytes(ByteStore::Place place) { removed_.push_back(place); }
  // Bytes whose row it inserts: removed unless it commits.
  void adopt_bytes(ByteStore::Place place) { adopted_.push_back(place); }
  ByteStore& bytes() { return *database_.bytes_; }
  // That of the database, made when it is first asked for. There is one type of it in the program.
  template <std::derived_from<SideState> T>
  T& side_state() {
    if (!database_.side_state_) database_.side_state_ = std::make_unique<T>();
    return static_cast<T&>(*database_.side_state_);
  }

  // The whole database but the bytes beside it. With nothing written since the last commit.
  std::string image();

 private:
  void begin();

  Database& database_;
  std::unique_lock<std::mutex> lock_;
  BlockingGuard no_blocking_;
  bool begun_ = false;
  std::vector<ByteStore::Place> removed_, adopted_;  // since the last commit
  std::vector<ByteStore::Place> free_;               // for good
};

}  // namespace cvemu
