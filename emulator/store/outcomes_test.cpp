#include "store/outcomes.h"

#include <doctest/doctest.h>

namespace cvemu::store_outcomes_test {

using namespace std::chrono_literals;

namespace {

Outcome failing(const std::string& details) {
  Outcome outcome;
  outcome.fails = true;
  outcome.details = details;
  return outcome;
}

const Uuid kProject(1, 1), kOther(2, 2);

// The details of the next outcomes, "-" for one that does not fail.
std::vector<std::string> take(Transaction& tx, int count, const Uuid& project = kProject) {
  std::vector<std::string> details;
  for (int i = 0; i < count; ++i) {
    const Outcome outcome = outcomes::next(tx, OperationKind::Training, project);
    details.push_back(outcome.fails ? outcome.details.value_or("") : "-");
  }
  return details;
}

}  // namespace

TEST_CASE("Outcome: packing keeps everything, text of any kind included") {
  Outcome outcome = failing("a=b&c\n100 % \u00e9");
  outcome.takes = 90s;
  outcome.hold = outcome.notifies_early = true;
  outcome.notification_gap = 250ms;
  CHECK(Outcome::unpack(outcome.pack()) == outcome);
  CHECK(outcome.pack().find('\n') == std::string::npos);
  CHECK(Outcome::unpack(Outcome().pack()) == Outcome());
  CHECK(Outcome::unpack(failing("").pack()) == failing(""));
}

TEST_CASE("outcomes: a script gives its outcomes in order, and then what it says") {
  const std::pair<AfterLast, std::vector<std::string>> cases[] = {
      {AfterLast::RepeatLast, {"a", "b", "b", "b"}},
      {AfterLast::Cycle, {"a", "b", "a", "b"}},
      {AfterLast::Default, {"a", "b", "-", "-"}},
  };
  for (const auto& [after, expected] : cases) {
    Database database;
    Transaction tx(database);
    outcomes::set_script(tx, {OperationKind::Training, {}, {failing("a"), failing("b")}, after});
    CHECK(take(tx, 4) == expected);
  }
}

TEST_CASE("outcomes: a project's script counts before that of its kind, an override before both") {
  Database database;
  Transaction tx(database);
  outcomes::set_script(tx, {OperationKind::Training, {}, {failing("kind")}});
  outcomes::set_script(tx, {OperationKind::Training, kProject, {failing("project")}});
  outcomes::override_next(tx, OperationKind::Training, kProject, failing("once"));
  CHECK(take(tx, 1, kOther) == std::vector<std::string>{"kind"});
  CHECK(take(tx, 2) == std::vector<std::string>{"once", "project"});
  CHECK(outcomes::next(tx, OperationKind::Export, kProject) == Outcome());
  CHECK(outcomes::remove_script(tx, OperationKind::Training, kProject));
  CHECK(take(tx, 1) == std::vector<std::string>{"kind"});
}

TEST_CASE("outcomes: an override that was not used can be taken back, once") {
  Database database;
  Transaction tx(database);
  const auto unused = outcomes::override_next(tx, OperationKind::Training, {}, failing("x"));
  CHECK(outcomes::withdraw(tx, unused));
  CHECK(take(tx, 1) == std::vector<std::string>{"-"});
  const auto used = outcomes::override_next(tx, OperationKind::Training, {}, failing("y"));
  CHECK(take(tx, 1) == std::vector<std::string>{"y"});
  CHECK_FALSE(outcomes::withdraw(tx, used));
}

}  // namespace cvemu::store_outcomes_test
