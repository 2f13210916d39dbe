#include "store/customvision/features.h"

namespace cvemu::features {

void put(Transaction& tx, const Uuid& image, std::string_view kind, std::string_view bytes) {
  tx.run("INSERT OR REPLACE INTO features VALUES (?, ?, ?)", image, kind, BlobView{bytes});
}

std::optional<std::string> find(Transaction& tx, const Uuid& image, std::string_view kind) {
  Statement row = tx.prepare("SELECT data FROM features WHERE image = ? AND kind = ?");
  row.bind(image, kind);
  if (!row.step()) return std::nullopt;
  return row.text(0);
}

void copy(Transaction& tx, const Uuid& from, const Uuid& to) {
  tx.run("INSERT OR REPLACE INTO features SELECT ?, kind, data FROM features WHERE image = ?", to, from);
}

}  // namespace cvemu::features
