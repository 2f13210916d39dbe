#include "store/numbers.h"

namespace cvemu {

std::int64_t next_number(Transaction& tx) {
  Statement next = tx.prepare("UPDATE numbers SET last = last + 1 RETURNING last");
  next.step();
  const std::int64_t number = next.integer(0);
  next.run();
  return number;
}

}  // namespace cvemu
