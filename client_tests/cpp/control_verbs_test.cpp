#include "control_verbs.h"

#include <algorithm>

using namespace testing;

namespace {

std::vector<Verb> all_verbs() {
  std::vector<Verb> all = state_verbs();
  for (auto& verbs : {hand_verbs(), sight_verbs()}) all.insert(all.end(), verbs.begin(), verbs.end());
  return all;
}

}  // namespace

TEST_CASE("control verbs: each route has its case in control_verbs_*.cpp, and each case has a route") {
  std::vector<std::string> routes, tested;
  const Json list = Json::parse(cvemu::operations_json());
  for (const Json& service : list["services"])
    if (service["name"] == "control")
      for (const Json& row : service["operations"]) routes.push_back(row["name"]);
  for (const Verb& verb : all_verbs()) tested.push_back(verb.operation);
  std::sort(routes.begin(), routes.end());
  std::sort(tested.begin(), tested.end());
  std::vector<std::string> forgotten, unknown;
  std::set_difference(routes.begin(), routes.end(), tested.begin(), tested.end(),
                      std::back_inserter(forgotten));
  std::set_difference(tested.begin(), tested.end(), routes.begin(), routes.end(),
                      std::back_inserter(unknown));
  CHECK(forgotten == std::vector<std::string>());
  CHECK(unknown == std::vector<std::string>());
}

TEST_CASE("control verbs: each one through its route") {
  for (const Verb& verb : all_verbs()) {
    SUBCASE(verb.operation.c_str()) {
      Story story;
      verb.by_route(story);
    }
  }
}

TEST_CASE("control verbs: each one through the object") {
  for (const Verb& verb : all_verbs()) {
    SUBCASE(verb.operation.c_str()) {
      Story story;
      verb.by_object(story);
    }
  }
}
