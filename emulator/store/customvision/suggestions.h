// What an iteration suggested for images, kept until it is asked for again.
#pragma once
#include <string>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct StoredSuggestion {
  Uuid iteration, image;
  Instant created;
  std::string predictions;  // JSON array, as it was answered by the newest version
  double uncertainty = 0;   // 0 certain, 1 no idea
};

namespace suggestions {

void put(Transaction& tx, const StoredSuggestion& suggestion);  // a newer one replaces it
// For those images that are in the workspace and have no tag there; in no order.
std::vector<StoredSuggestion> list_untagged(Transaction& tx, const Uuid& iteration, const Uuid& workspace);

}  // namespace suggestions
}  // namespace cvemu
