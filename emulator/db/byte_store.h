// Large immutable bytes beside SQLite, which moves them at a fraction of memory's or the disk's speed: on the
// heap when the database is in memory, otherwise one file each in a folder beside it. Which bytes exist is a
// matter of rows that name their places; a Transaction keeps rows and bytes together. A power loss does not:
// what a row names and is not here, or has another length, store/lost_bytes.h drops at the next start.
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
  // Above 0. In a folder never used twice, not even after a restart and whatever was lost or copied back
  // meanwhile: a row that names a place finds the bytes it was written with, or none.
  using Place = std::int64_t;
  struct Kept {
    Place place = 0;
    std::uint64_t length = 0;
    bool operator==(const Kept&) const = default;
  };

  // An empty folder: on the heap. Otherwise made when first needed; what lies there already is kept. DbError
  // if it is there and cannot be read.
  static std::unique_ptr<ByteStore> open(const std::filesystem::path& folder);
  virtual ~ByteStore() = default;

  virtual std::unique_ptr<IncomingBytes> begin() = 0;
  virtual Place keep(std::unique_ptr<IncomingBytes> bytes) = 0;
  // DbError if nothing is there, or bytes of another length.
  virtual std::shared_ptr<const StoredBytes> find(Place place, std::uint64_t length) const = 0;
  // What is kept, in order of place; of a folder: what lay there when it was opened, and what came and went
  // since.
  virtual std::vector<Kept> kept() const = 0;
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
