#include "db/byte_store.h"

#include <utility>

namespace cvemu {

std::unique_ptr<ByteStore> ByteStore::open(const std::filesystem::path& folder) {
  return folder.empty() ? open_heap() : open_folder(folder);
}

std::vector<ByteStore::Place> ByteStore::give_up(const std::vector<Place>& places) {
  std::vector<Place> free;
  std::lock_guard lock(mutex_);
  for (const Place place : places) {
    const auto claim = claims_.find(place);
    if (claim == claims_.end())
      free.push_back(place);
    else
      claim->second.given_up = true;
  }
  return free;
}

void ByteStore::erase(const std::vector<Place>& places) {
  for (const Place place : places) erase(place);
}

void ByteStore::retain(const std::vector<Place>& places) {
  std::lock_guard lock(mutex_);
  for (const Place place : places) ++claims_[place].count;
}

void ByteStore::release(const std::vector<Place>& places) {
  std::vector<Place> free;
  {
    std::lock_guard lock(mutex_);
    for (const Place place : places) {
      const auto claim = claims_.find(place);
      if (--claim->second.count > 0) continue;
      if (claim->second.given_up) free.push_back(place);
      claims_.erase(claim);
    }
  }
  erase(free);
}

void ByteStore::revive(const std::vector<Place>& places) {
  std::lock_guard lock(mutex_);
  for (const Place place : places) claims_[place].given_up = false;
}

ByteStore::Retained::Retained(ByteStore& store, std::vector<Place> places)
    : store_(store), places_(std::move(places)) {
  store_.retain(places_);
}

ByteStore::Retained::~Retained() {
  try {
    store_.release(places_);
  } catch (const std::bad_alloc&) {
    // What was to be freed stays until the store is opened again.
  }
}

void ByteStore::Retained::revive() const {
  store_.revive(places_);
}

}  // namespace cvemu
