#include "customvision/model/model_cache.h"

#include <algorithm>

namespace cvemu::customvision {

std::shared_ptr<const TrainedModel> ModelCache::find(Transaction& tx, const Iteration& iteration) {
  if (auto trained = remembered(iteration.id)) return trained;
  auto trained = std::make_shared<const TrainedModel>(load_model(tx, iteration));
  if (trained->model) remember({iteration.id, trained});
  return trained;
}

// The generation cannot change here: the caller's transaction holds the database.
std::shared_ptr<const TrainedModel> ModelCache::remembered(const Uuid& iteration) {
  return entries_.with([&](Entries& entries) -> std::shared_ptr<const TrainedModel> {
    if (entries.generation != database_.generation()) entries = {database_.generation(), {}};
    const auto found = std::find_if(entries.latest.begin(), entries.latest.end(),
                                    [&](const Entry& entry) { return entry.iteration == iteration; });
    if (found == entries.latest.end()) return nullptr;
    std::rotate(entries.latest.begin(), found, found + 1);
    return entries.latest.front().trained;
  });
}

void ModelCache::remember(Entry entry) {
  entries_.with([&](Entries& entries) {
    entries.latest.insert(entries.latest.begin(), std::move(entry));
    if (entries.latest.size() > kModels) entries.latest.pop_back();
  });
}

}  // namespace cvemu::customvision
