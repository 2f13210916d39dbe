// The models that were asked for last, read and ready: a prediction takes a few milliseconds, reading a
// detector takes longer than that. Safe to share between threads.
//
// What makes it sound: the model of an iteration and the tags it was trained on never change once they are
// there, an iteration's id is never given twice, and whatever replaces the whole state (reset, restore)
// begins a new generation. Whether the iteration is still there, and published, is asked of the database each
// time, before the cache.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/guarded.h"
#include "customvision/model/trained_model.h"

namespace cvemu::customvision {

class ModelCache {
 public:
  static constexpr std::size_t kModels = 8;  // Emulator: enough for the iterations of a test suite

  explicit ModelCache(const Database& database) : database_(database) {}

  // Reads the model if it is not here. One that is not there yet is not remembered.
  std::shared_ptr<const TrainedModel> find(Transaction& tx, const Iteration& iteration);

 private:
  struct Entry {
    Uuid iteration;
    std::shared_ptr<const TrainedModel> trained;
  };
  struct Entries {
    std::uint64_t generation = 0;
    std::vector<Entry> latest;  // the one asked for last comes first
  };

  std::shared_ptr<const TrainedModel> remembered(const Uuid& iteration);
  void remember(Entry entry);

  const Database& database_;
  Guarded<Entries> entries_;
};

}  // namespace cvemu::customvision
