// What bodies and scenarios say about the clock, the identity and the ends of operations.
#include <doctest/doctest.h>

#include "control/handlers/clock.h"
#include "control/handlers/identity.h"
#include "control/handlers/transitions.h"

namespace cvemu::handlers_readers_test {

using namespace cvemu::control;

namespace {

// Code and path of what is refused.
template <class Read>
std::string refusal(Read read) {
  try {
    read();
    return "";
  } catch (const ApiError& error) {
    std::string all = error.code;
    for (const auto& [name, value] : error.details)
      if (name == "path") all += ' ' + value;
    return all;
  }
}

}  // namespace

TEST_CASE("clock: a change keeps the mode unless it names one") {
  const ClockChange moved = read_clock(Json{{"at", "2030-01-01T00:00:00Z"}}, ClockMode::Frozen, "");
  CHECK(moved.mode == ClockMode::Frozen);
  CHECK(moved.at == Instant{std::chrono::seconds{1'893'456'000}});
  const ClockChange scaled = read_clock(Json{{"mode", "scaled"}, {"rate", 3600}}, ClockMode::Real, "");
  CHECK(scaled.mode == ClockMode::Scaled);
  CHECK(scaled.rate == 3600);
  CHECK_FALSE(scaled.at);
}

TEST_CASE("clock: what is no change is refused at its place") {
  const std::pair<Json, const char*> rows[] = {
      {Json{{"at", "tomorrow"}}, "InvalidTime /clock/at"},
      {Json{{"mode", "scaled"}, {"rate", 0}}, "InvalidField /clock/rate"},
      {Json{{"mode", "scaled"}, {"rate", 1e300}}, "InvalidField /clock/rate"},
      {Json{{"mode", "scaled"}, {"rate", "fast"}}, "InvalidField /clock/rate"},
      {Json{{"mood", "real"}}, "UnknownField /clock/mood"},
  };
  for (const auto& [json, expected] : rows)
    CHECK(refusal([&json = json] { read_clock(json, ClockMode::Real, "/clock"); }) == expected);
}

TEST_CASE("identity: what is not named stays") {
  Identity before;
  before.managed_identity = false;
  const Identity after =
      read_identity(Json{{"roles", {{"Storage Queue Data Contributor", false}}}}, before, "");
  CHECK_FALSE(after.managed_identity);
  CHECK(after.blob_contributor == before.blob_contributor);
  CHECK_FALSE(after.queue_contributor);
}

TEST_CASE("identity: unknown roles and values are refused at their place") {
  const std::pair<Json, const char*> rows[] = {
      {Json{{"managedIdentity", "yes"}}, "InvalidField /managedIdentity"},
      {Json{{"roles", "all"}}, "InvalidField /identity/roles"},
      {Json{{"roles", {{"Owner", true}}}}, "UnknownField /identity/roles/Owner"},
      {Json{{"identity", true}}, "UnknownField /identity/identity"},
  };
  for (const auto& [json, expected] : rows)
    CHECK(refusal([&json = json] { read_identity(json, {}, "/identity"); }) == expected);
}

TEST_CASE("transitions: a script of outcomes, and what follows the last") {
  const outcomes::Script script = read_script(OperationKind::Export,
                                              Json{{"outcomes",
                                                    {{{"status", "Failed"}, {"details", "Out of memory."}},
                                                     {{"status", "Completed"}, {"hold", true}}}},
                                                   {"then", "cycle"}},
                                              "");
  CHECK(script.kind == OperationKind::Export);
  REQUIRE(script.sequence.size() == 2);
  CHECK(script.sequence[0].fails);
  CHECK(script.sequence[0].details == "Out of memory.");
  CHECK_FALSE(script.sequence[1].fails);
  CHECK(script.sequence[1].hold);
  CHECK(script.after == AfterLast::Cycle);
}

TEST_CASE("transitions: what is no script is refused at its place") {
  const auto refused = [](const Json& json) {
    return refusal([&] { read_script(OperationKind::Training, json, "/transitions/training"); });
  };
  CHECK(refused(Json::object()) == "InvalidField /transitions/training/outcomes");
  CHECK(refused(Json{{"outcomes", Json::array()}}) == "InvalidField /transitions/training/outcomes");
  CHECK(refused(Json{{"outcomes", {{{"status", "Failed"}}, {{"stauts", "Failed"}}}}}) ==
        "UnknownField /transitions/training/outcomes/1/stauts");
  CHECK(refusal([] { read_operation_kind("trainning", "/kind"); }) == "UnknownValue /kind");
  CHECK(read_operation_kind("TRAINING", "") == OperationKind::Training);
}

}  // namespace cvemu::handlers_readers_test
