#include "store/sequence.h"

#include "store/live_state.h"

namespace cvemu {

namespace {

// Taken from the row in advance: most writes to blobs then do not touch it. Those left over are lost with the
// process.
constexpr std::int64_t kAtOnce = 1000;

std::int64_t last_taken(Transaction& tx) {
  Statement read = tx.prepare("SELECT last FROM numbers");
  read.step();
  return read.integer(0);
}

}  // namespace

std::int64_t next_number(Transaction& tx) {
  NumberReserve& reserve = live_state(tx).numbers;
  if (reserve.next == reserve.end) {
    const std::int64_t last = last_taken(tx);
    tx.run("UPDATE numbers SET last = ?", last + kAtOnce);
    reserve = {last + 1, last + 1 + kAtOnce};
  }
  return reserve.next++;
}

void settle_sequence(Transaction& tx) {
  NumberReserve& reserve = live_state(tx).numbers;
  if (reserve.next == reserve.end) return;
  tx.run("UPDATE numbers SET last = ?", reserve.next - 1);
  reserve = {};
}

}  // namespace cvemu
