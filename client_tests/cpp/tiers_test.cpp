// Pricing tiers: what F0 and S0 allow, and what nothing limits by default.
#include "vision.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

// Calls per second are a limit of their own; here every call has its second.
struct Slow {
  explicit Slow(const std::string& tier) : emulator({.tier = tier, .clock = cvemu::ClockMode::Frozen}) {}
  Answer post(const std::string& path, const std::string& body = "") {
    emulator.control().advance(1s);
    return training.post(path, body);
  }
  cvemu::Emulator emulator;
  Training training{emulator};
};

}  // namespace

TEST_CASE("F0: two projects; one less makes room") {
  Slow resource("F0");
  resource.post("/projects?name=a");
  const std::string second = resource.post("/projects?name=b").json()["id"];
  CHECK(outcome_of(resource.post("/projects?name=c")) == "400 BadRequestExceedProjectLimit");
  resource.training.remove("/projects/" + second);
  CHECK(resource.post("/projects?name=c").status == 200);
}

TEST_CASE("F0: fifty tags in a project") {
  Slow resource("f0");
  const std::string tags =
      "/projects/" + resource.post("/projects?name=a").json()["id"].get<std::string>() + "/tags";
  for (int i = 0; i < 50; ++i) CHECK(resource.post(tags + "?name=" + std::to_string(i)).status == 200);
  CHECK(outcome_of(resource.post(tags + "?name=50")) == "400 BadRequestExceedTagPerProjectLimit");
}

TEST_CASE("S0: twenty iterations in a project") {
  Slow resource("S0");
  const std::string project = trainable_project(resource.training);
  for (int i = 0; i < 20; ++i) {
    CHECK(resource.post("/projects/" + project + "/train?forceTrain=true").status == 200);
    resource.emulator.control().run_until_idle(10s);
  }
  CHECK(outcome_of(resource.post("/projects/" + project + "/train?forceTrain=true")) ==
        "400 BadRequestExceedIterationPerProjectLimit");
}

TEST_CASE("F0: ten calls a second; the eleventh is 429 in the gateway's shape, a second later all is well") {
  cvemu::Emulator emulator({.tier = "F0", .clock = cvemu::ClockMode::Frozen});
  const Training training(emulator);
  for (int i = 0; i < 10; ++i) CHECK(training.get("/projects").status == 200);
  const Answer refused = training.get("/projects");
  CHECK(refused.status == 429);
  CHECK(refused.json()["error"]["code"] == "429");
  CHECK(refused.header("retry-after") == "1");
  emulator.control().advance(1s);
  CHECK(training.get("/projects").status == 200);
}

TEST_CASE("Without a tier nothing is counted; an unknown tier is a start error") {
  const cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen});
  const Training training(emulator);
  for (int i = 0; i < 101; ++i) CHECK(training.post("/projects?name=x").status == 200);
  CHECK_THROWS_AS(cvemu::Emulator({.tier = "S1"}), cvemu::StartError);
}
