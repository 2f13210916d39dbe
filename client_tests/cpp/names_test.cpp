// How control requests name a project: by its id, or by its name without regard to case, on every route.
#include <cvemu/faults.h>
#include <cvemu/resources.h>

#include "story.h"

using namespace testing;

namespace {

struct Use {
  std::string method, path, body;  // with PROJECT where it is named
};

// One of each kind of route that takes a project.
const std::vector<Use>& uses() {
  static const std::vector<Use> all = {
      {"GET", "/projects?project=PROJECT", ""},
      {"GET", "/operations?project=PROJECT", ""},
      {"GET", "/timeline?project=PROJECT", ""},
      {"GET", "/transitions/training?project=PROJECT", ""},
      {"PUT", "/transitions/training", R"({"project": "PROJECT", "outcomes": [{"status": "Failed"}]})"},
      {"PUT", "/predictions/rules", R"({"rules": [{"project": "PROJECT", "predictions": []}]})"},
      {"POST", "/clock/advance", R"({"until": {"event": "training.finished", "project": "PROJECT"}})"},
      {"POST", "/notifications/trigger", R"({"type": "ConnectionTest", "project": "PROJECT"})"},
      {"POST", "/wait", R"({"for": {"iteration": {"project": "PROJECT"}}, "timeout": "1ms"})"},
      {"POST", "/journal/count", R"({"project": "PROJECT"})"},
      {"POST", "/faults",
       R"({"match": {"project": "PROJECT"}, "action": {"type": "status", "status": 500}})"},
  };
  return all;
}

std::string put_in(std::string text, const std::string& project) {
  const auto at = text.find("PROJECT");
  return at == std::string::npos ? text : text.replace(at, 7, project);
}

Answer use(const cvemu::Emulator& emulator, const Use& one, const std::string& project) {
  return call_control(emulator, one.method, put_in(one.path, project), put_in(one.body, project));
}

}  // namespace

TEST_CASE("Names: a project is found by its id and by its name in any case, on every route") {
  for (const Use& one : uses()) {
    SUBCASE((one.method + ' ' + one.path).c_str()) {
      Story story;
      use(story.emulator, {"PUT", "/transitions/training", uses()[4].body}, story.project);
      story.train();
      for (const std::string& name : {story.project, std::string("demo"), std::string("DEMO")}) {
        CAPTURE(name);
        const Answer answer = use(story.emulator, one, name);
        CHECK_MESSAGE((answer.status < 300 || answer.status == 408), answer.body);
        CHECK(answer.body.find("There is no project") == std::string::npos);
        story.control.call("DELETE", "/_emulator/faults");
      }
    }
  }
}

TEST_CASE("Names: two projects of one name are refused with the ids of both, on every route") {
  Story story;
  const std::string other = story.training.post("/projects?name=DEMO").json().at("id");
  for (const Use& one : uses()) {
    SUBCASE((one.method + ' ' + one.path).c_str()) {
      const Answer answer = use(story.emulator, one, "demo");
      CHECK(answer.status == 400);
      CHECK_MESSAGE(answer.body.find("AmbiguousName") != std::string::npos, answer.body);
      CHECK(answer.body.find(story.project) != std::string::npos);
      CHECK(answer.body.find(other) != std::string::npos);
      CHECK(use(story.emulator, one, other).body.find("AmbiguousName") == std::string::npos);
    }
  }
  CHECK_THROWS_WITH_AS(story.control.project("Demo"), doctest::Contains(other.c_str()), cvemu::ControlError);
}
