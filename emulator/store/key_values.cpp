#include "store/key_values.h"

namespace cvemu::key_values {

std::optional<std::string> find(Transaction& tx, std::string_view name) {
  Statement row = tx.prepare("SELECT value FROM settings WHERE name = ?");
  row.bind(name);
  if (!row.step()) return std::nullopt;
  return row.text(0);
}

void set(Transaction& tx, std::string_view name, std::string_view value) {
  tx.run("INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name,
         value);
}

}  // namespace cvemu::key_values
