// Predictions that were kept with their pictures. The pictures are blobs of the service's own account
// (customvision/files.h).
#pragma once
#include <string>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct StoredPrediction {
  Uuid id, project, iteration;
  Instant created;
  std::string application;             // as the caller named itself, or empty
  std::int64_t width = 0, height = 0;  // pixels
  std::string predictions;             // JSON array, as it was answered by the newest version
};

namespace predictions {

void insert(Transaction& tx, const StoredPrediction& prediction);
std::optional<StoredPrediction> find(Transaction& tx, const Uuid& project, const Uuid& id);
std::vector<Uuid> ids(Transaction& tx, const Uuid& project);
bool remove(Transaction& tx, const Uuid& project, const Uuid& id);  // false if it was not there

}  // namespace predictions
}  // namespace cvemu
