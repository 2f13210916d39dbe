#include "customvision/jobs/deleted_projects.h"

#include "customvision/files.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

namespace {

// True if there may be more. A project whose predictions were kept by the thousand takes more than one slice.
bool remove_predictions(Transaction& tx, CustomVision& state, const Uuid& project) {
  constexpr std::size_t kSlice = 100;
  const std::vector<Uuid> ids = predictions::some_ids(tx, project, kSlice);
  for (const Uuid& prediction : ids) {
    state.files.remove_prediction(tx, project, prediction);
    predictions::remove(tx, project, prediction);
  }
  return ids.size() == kSlice;
}

}  // namespace

bool remove_deleted(CustomVision& state) {
  Transaction tx(state.environment.database);
  const auto project = projects::find_deleted(tx);
  if (!project) return false;
  if (!remove_predictions(tx, state, *project)) projects::remove_slice(tx, *project);
  tx.commit();
  return true;
}

}  // namespace cvemu::customvision
