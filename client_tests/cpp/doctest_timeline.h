// When a test fails, says what the emulator saw: the journal of every emulator that is Witnessed, at the
// first failed assertion of a test case, while its emulators are still there. One source file of the test
// program registers it:
//
//   REGISTER_LISTENER("timeline", 1, testing::TimelineListener);
//
// and each test that is to be heard has, next to its emulator:
//
//   const testing::Witnessed witnessed(emulator);
#pragma once
#include <cvemu/emulator.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <vector>

namespace testing {

class Witnessed {
 public:
  explicit Witnessed(cvemu::Emulator& emulator) : emulator_(emulator) {
    std::lock_guard lock(mutex());
    all().push_back(this);
  }
  ~Witnessed() {
    std::lock_guard lock(mutex());
    std::erase(all(), this);
  }
  Witnessed(const Witnessed&) = delete;

  static void print(std::ostream& out) {
    std::lock_guard lock(mutex());
    for (const Witnessed* witnessed : all())
      out << "what the emulator at " << witnessed->emulator_.training_endpoint() << " saw:\n"
          << witnessed->emulator_.control().journal().text();
  }

 private:
  static std::vector<Witnessed*>& all() {
    static std::vector<Witnessed*> emulators;
    return emulators;
  }
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  cvemu::Emulator& emulator_;
};

// Once for each test case that fails.
class TimelineListener : public doctest::IReporter {
 public:
  explicit TimelineListener(const doctest::ContextOptions& options) : out_(*options.cout) {}
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override { told_ = false; }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
  void log_assert(const doctest::AssertData& assertion) override {
    if (!assertion.m_failed) return;
    std::lock_guard lock(mutex_);
    if (!told_) Witnessed::print(out_);
    told_ = true;
  }

 private:
  std::ostream& out_;
  std::mutex mutex_;
  bool told_ = false;
};

}  // namespace testing
