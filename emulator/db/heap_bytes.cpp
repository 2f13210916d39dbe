#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <map>
#include <new>

#include "base/guarded.h"
#include "db/byte_store.h"
#include "db/database.h"

namespace cvemu {

namespace {

constexpr std::size_t kChunk = 256 * 1024;
// What is freed goes to the next that need it. The rest goes back to the system at once: malloc would keep
// it.
constexpr std::size_t kMostSpare = 64;

// Chunks of a store that were freed and wait for the next that need them. Any thread.
class SpareChunks {
 public:
  SpareChunks() {
    all_.with([](auto& all) { all.reserve(kMostSpare); });
  }
  ~SpareChunks() {
    all_.with([](auto& all) {
      for (char* const bytes : all) ::munmap(bytes, kChunk);
    });
  }
  SpareChunks(const SpareChunks&) = delete;
  SpareChunks& operator=(const SpareChunks&) = delete;

  char* take() {  // null if there is none
    return all_.with([](auto& all) -> char* {
      if (all.empty()) return nullptr;
      char* const last = all.back();
      all.pop_back();
      return last;
    });
  }
  bool keep(char* bytes) {  // false if there are enough
    return all_.with([&](auto& all) {
      if (all.size() == kMostSpare) return false;
      all.push_back(bytes);
      return true;
    });
  }

 private:
  Guarded<std::vector<char*>> all_;
};

// Whole pages of the process, used again and again.
class Chunk {
 public:
  explicit Chunk(SpareChunks& spare) : spare_(spare), bytes_(spare.take()) {
    if (!bytes_) bytes_ = map_new();
  }
  ~Chunk() {
    if (!spare_.keep(bytes_)) ::munmap(bytes_, kChunk);
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  char* bytes() const { return bytes_; }

 private:
  static char* map_new() {
    void* const pages = ::mmap(nullptr, kChunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return static_cast<char*>(pages);
  }

  SpareChunks& spare_;
  char* bytes_;
};

// Full chunks, and a last one that is shorter.
class HeapBytes : public StoredBytes, public IncomingBytes {
 public:
  explicit HeapBytes(std::shared_ptr<SpareChunks> spare) : spare_(std::move(spare)) {}

  std::string_view read(std::uint64_t offset, std::uint64_t limit, std::string&) const override {
    const std::size_t n = offset / kChunk;
    const std::string_view chunk = n < full_.size() ? std::string_view(full_[n]->bytes(), kChunk) : last_;
    return chunk.substr(offset % kChunk, limit);
  }

  void append(std::string_view piece) override {
    while (!piece.empty()) {
      if (!filling_) filling_ = std::make_unique<Chunk>(*spare_);
      const std::string_view first = piece.substr(0, kChunk - filled_);
      std::memcpy(filling_->bytes() + filled_, first.data(), first.size());
      filled_ += first.size();
      piece.remove_prefix(first.size());
      if (filled_ == kChunk) end_chunk();
    }
  }

  std::uint64_t length() const { return full_.size() * kChunk + last_.size(); }

  // What is left over takes no more room than it needs.
  void finish() {
    if (filling_) last_.assign(filling_->bytes(), filled_);
    filling_.reset();
  }

 private:
  void end_chunk() {
    full_.push_back(std::move(filling_));
    filled_ = 0;
  }

  const std::shared_ptr<SpareChunks> spare_;  // bytes that are being read may outlive their store
  std::vector<std::unique_ptr<Chunk>> full_;
  std::string last_;
  std::unique_ptr<Chunk> filling_;
  std::size_t filled_ = 0;
};

class Heap : public ByteStore {
 public:
  std::unique_ptr<IncomingBytes> begin() override { return std::make_unique<HeapBytes>(spare_); }

  Place keep(std::unique_ptr<IncomingBytes> bytes) override {
    const std::shared_ptr<HeapBytes> kept(static_cast<HeapBytes*>(bytes.release()));
    kept->finish();
    const Place place = ++last_;
    kept_.with([&](auto& all) { all.emplace(place, kept); });
    return place;
  }

  std::shared_ptr<const StoredBytes> find(Place place, std::uint64_t length) const override {
    return kept_.with([&](const auto& all) {
      const auto found = all.find(place);
      if (found == all.end() || found->second->length() != length)
        throw DbError("no " + std::to_string(length) + " bytes at place " + std::to_string(place), false);
      return found->second;
    });
  }

  std::vector<Kept> kept() const override {
    return kept_.with([](const auto& all) {
      std::vector<Kept> found;
      for (const auto& [place, bytes] : all) found.push_back({place, bytes->length()});
      return found;
    });
  }

 private:
  // Taken out under the lock, freed after it.
  void erase(Place place) override {
    kept_.with([&](auto& all) { return all.extract(place); });
  }

  const std::shared_ptr<SpareChunks> spare_ = std::make_shared<SpareChunks>();
  std::atomic<Place> last_{0};
  Guarded<std::map<Place, std::shared_ptr<const HeapBytes>>> kept_;
};

}  // namespace

std::unique_ptr<ByteStore> open_heap() {
  return std::make_unique<Heap>();
}

}  // namespace cvemu
