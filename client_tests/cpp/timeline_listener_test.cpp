// Failing tests of this program tell what their emulator saw.
#include <sstream>

#include "doctest_timeline.h"
#include "testing.h"

REGISTER_LISTENER("timeline", 1, testing::TimelineListener);

TEST_CASE("a failed assertion prints the journal of the emulators that are there, once a test case") {
  cvemu::Emulator emulator;
  testing::Training(emulator).get("/domains");
  std::ostringstream out;
  doctest::ContextOptions options = *doctest::getContextOptions();
  options.cout = &out;
  testing::TimelineListener listener(options);
  const doctest::AssertData::StringContains nothing{doctest::String("")};
  doctest::AssertData assertion(doctest::assertType::DT_CHECK, "here.cpp", 1, "false", "", nothing);
  const auto fail = [&] {
    const testing::Witnessed witnessed(emulator);
    assertion.m_failed = true;
    listener.log_assert(assertion);
  };
  assertion.m_failed = false;
  listener.log_assert(assertion);
  CHECK(out.str().empty());
  fail();
  const std::string once = out.str();
  CHECK(once.find("GetDomains 200") != std::string::npos);
  fail();
  CHECK(out.str() == once);
}
