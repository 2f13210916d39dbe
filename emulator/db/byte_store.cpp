#include "db/byte_store.h"

#include <utility>

namespace cvemu {

std::unique_ptr<ByteStore> ByteStore::open(const std::filesystem::path& folder) {
  return folder.empty() ? open_heap() : open_folder(folder);
}

void ByteStore::remove(Place place) {
  if (!put_off(place)) erase(place);
}

bool ByteStore::put_off(Place place) {
  std::lock_guard lock(mutex_);
  if (pins_ > 0) put_off_.push_back(place);
  return pins_ > 0;
}

std::vector<ByteStore::Place> ByteStore::unpin() {
  std::lock_guard lock(mutex_);
  return --pins_ > 0 ? std::vector<Place>() : std::exchange(put_off_, {});
}

ByteStore::Pin::Pin(ByteStore& store) : store_(store) {
  std::lock_guard lock(store_.mutex_);
  ++store_.pins_;
}

ByteStore::Pin::~Pin() {
  for (const Place place : store_.unpin()) store_.erase(place);
}

}  // namespace cvemu
