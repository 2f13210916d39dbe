#include "store/customvision/suggestions.h"

namespace cvemu::suggestions {

void put(Transaction& tx, const StoredSuggestion& s) {
  tx.run("INSERT OR REPLACE INTO suggestions VALUES (?, ?, ?, ?, ?)", s.iteration, s.image, s.created,
         s.predictions, s.uncertainty);
}

std::vector<StoredSuggestion> list_untagged(Transaction& tx, const Uuid& iteration, const Uuid& workspace) {
  Statement rows = tx.prepare(
      "SELECT s.iteration, s.image, s.created, s.predictions, s.uncertainty FROM suggestions s"
      " JOIN workspace_images w ON w.image = s.image"
      " WHERE s.iteration = ? AND w.workspace = ? AND w.tag_count = 0");
  rows.bind(iteration, workspace);
  std::vector<StoredSuggestion> all;
  while (rows.step())
    all.push_back({rows.uuid(0), rows.uuid(1), rows.instant(2), rows.text(3), rows.real(4)});
  return all;
}

}  // namespace cvemu::suggestions
