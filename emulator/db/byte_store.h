// Large immutable bytes beside SQLite, which moves them at a fraction of memory's or the disk's speed: on the
// heap when the database is in memory, otherwise one file each in a folder beside it. Which bytes exist is a
// matter of rows that name their places; a Transaction keeps rows and bytes together.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cvemu {

// Complete, and never changed. Any thread; stays readable while the object lives, also when its place is
// given up.
class StoredBytes {
 public:
  virtual ~StoredBytes() = default;
  // Bytes from `offset` on, which must lie inside: at least one, at most `limit`; in place, or in `room`.
  // Valid while both live. DbError if the disk fails.
  virtual std::string_view read(std::uint64_t offset, std::uint64_t limit, std::string& room) const = 0;
};

// Bytes on their way in; those that were not kept go with the object. One thread.
class IncomingBytes {
 public:
  virtual ~IncomingBytes() = default;
  virtual void append(std::string_view piece) = 0;  // DbError if there is no room
};

// Any thread.
class ByteStore {
 public:
  using Place = std::int64_t;  // above 0; not used twice while the store is open

  // An empty folder: on the heap. Otherwise made when first needed; what lies there already is kept.
  static std::unique_ptr<ByteStore> open(const std::filesystem::path& folder);
  virtual ~ByteStore() = default;

  virtual std::unique_ptr<IncomingBytes> begin() = 0;
  virtual Place keep(std::unique_ptr<IncomingBytes> bytes) = 0;
  virtual std::shared_ptr<const StoredBytes> find(Place place) const = 0;  // DbError if nothing is there
  virtual std::vector<Place> places() const = 0;                           // of what is kept
  void remove(const std::vector<Place>& places) { erase(give_up(places)); }
  // The first half of remove(): marks those that somebody retains, and answers the others. The second half
  // frees, which may take long.
  std::vector<Place> give_up(const std::vector<Place>& places);
  void erase(const std::vector<Place>& places);

  // Keeps places while it lives: what is removed meanwhile goes only afterwards.
  class Retained {
   public:
    Retained(ByteStore& store, std::vector<Place> places);
    ~Retained();
    Retained(const Retained&) = delete;
    Retained& operator=(const Retained&) = delete;
    void revive() const;  // what was removed meanwhile is not

   private:
    ByteStore& store_;
    const std::vector<Place> places_;
  };

 private:
  struct Claim {
    int count = 0;
    bool given_up = false;
  };
  virtual void erase(Place place) = 0;
  void retain(const std::vector<Place>& places);
  void release(const std::vector<Place>& places);
  void revive(const std::vector<Place>& places);

  std::mutex mutex_;
  std::unordered_map<Place, Claim> claims_;
};

// The two kinds; open() chooses.
std::unique_ptr<ByteStore> open_heap();
std::unique_ptr<ByteStore> open_folder(const std::filesystem::path& folder);

}  // namespace cvemu
