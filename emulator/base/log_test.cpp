#include "base/log.h"

#include <doctest/doctest.h>

namespace cvemu::base_log_test {

TEST_CASE("log: every line has its secrets masked, at every level") {
  std::string lines;
  const Log log([&](LogLevel, std::string_view text) { lines += std::string(text) + '\n'; });
  log.debug("GET /q?sv=1&sig=abc");
  log.info("Training-Key: abc");
  log.warning("cannot fetch http://h/b?sig=abc&se=1: refused");
  log.error("Authorization: SharedKey acct:abc");
  CHECK(lines ==
        "GET /q?sv=1&sig=***\nTraining-Key: ***\ncannot fetch http://h/b?sig=***&se=1: refused\n"
        "Authorization: SharedKey acct:***\n");
}

}  // namespace cvemu::base_log_test
