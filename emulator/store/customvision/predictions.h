// Predictions that were kept with their images. The images are blobs of the service's own account
// (customvision/files.h).
#pragma once
#include <cstdint>
#include <functional>
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
  double uncertainty = 0;              // 0 certain, 1 no idea
};

// The last of a page: the next one begins behind it, whether it is still there or not.
struct PredictionPosition {
  Instant created;
  double uncertainty = 0;
  Uuid id;
};

// Which of a project's, in which order and where to go on.
struct PredictionFilter {
  enum class Order { Newest, Oldest, MostUncertain };
  Order order = Order::Newest;
  std::optional<Uuid> iteration{};
  std::optional<Instant> start{}, end{};                   // both included
  std::optional<std::string> application{};                // exactly this
  std::function<bool(const StoredPrediction&)> accepts{};  // empty: all
  std::optional<PredictionPosition> after{};
};

namespace predictions {

void insert(Transaction& tx, const StoredPrediction& prediction);
std::optional<StoredPrediction> find(Transaction& tx, const Uuid& project, const Uuid& id);
// At most `count`; reads no more rows than it must look at.
std::vector<StoredPrediction> list(Transaction& tx, const Uuid& project, const PredictionFilter& filter,
                                   std::size_t count);
std::vector<Uuid> some_ids(Transaction& tx, const Uuid& project, std::size_t most);  // the oldest
bool remove(Transaction& tx, const Uuid& project, const Uuid& id);  // false if it was not there

}  // namespace predictions
}  // namespace cvemu
