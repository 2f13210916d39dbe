#include <atomic>
#include <unordered_map>

#include "base/guarded.h"
#include "db/byte_store.h"
#include "db/database.h"

namespace cvemu {

namespace {

constexpr std::size_t kChunk = 256 * 1024;

// Chunks of one size, the last one shorter.
class HeapBytes : public StoredBytes, public IncomingBytes {
 public:
  std::string_view read(std::uint64_t offset, std::uint64_t limit, std::string&) const override {
    return std::string_view(chunks_.at(offset / kChunk)).substr(offset % kChunk, limit);
  }

  void append(std::string_view piece) override {
    while (!piece.empty()) {
      if (chunks_.empty() || chunks_.back().size() == kChunk) chunks_.emplace_back().reserve(kChunk);
      const std::string_view first = piece.substr(0, kChunk - chunks_.back().size());
      chunks_.back().append(first);
      piece.remove_prefix(first.size());
    }
  }

  void finish() {
    if (!chunks_.empty()) chunks_.back().shrink_to_fit();
  }

 private:
  std::vector<std::string> chunks_;
};

class Heap : public ByteStore {
 public:
  std::unique_ptr<IncomingBytes> begin() override { return std::make_unique<HeapBytes>(); }

  Place keep(std::unique_ptr<IncomingBytes> bytes) override {
    const std::shared_ptr<HeapBytes> kept(static_cast<HeapBytes*>(bytes.release()));
    kept->finish();
    const Place place = ++last_;
    kept_.with([&](auto& all) { all.emplace(place, kept); });
    return place;
  }

  std::shared_ptr<const StoredBytes> find(Place place) const override {
    return kept_.with([&](const auto& all) {
      const auto found = all.find(place);
      if (found == all.end()) throw DbError("no bytes at place " + std::to_string(place), false);
      return found->second;
    });
  }

  std::vector<Place> places() const override {
    return kept_.with([](const auto& all) {
      std::vector<Place> places;
      for (const auto& [place, bytes] : all) places.push_back(place);
      return places;
    });
  }

 private:
  // Taken out under the lock, freed after it.
  void erase(Place place) override {
    kept_.with([&](auto& all) { return all.extract(place); });
  }

  std::atomic<Place> last_{0};
  Guarded<std::unordered_map<Place, std::shared_ptr<const HeapBytes>>> kept_;
};

}  // namespace

std::unique_ptr<ByteStore> open_heap() {
  return std::make_unique<Heap>();
}

}  // namespace cvemu
