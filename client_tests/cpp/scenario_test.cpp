// Scenario files: what a test begins with, written down.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "cvemu/resources.h"
#include "story.h"

using namespace testing;

namespace {

constexpr const char* kScenario = R"({
  "clock": {"mode": "frozen", "at": "2030-01-01T00:00:00Z"},
  "queues": ["notifications"],
  "containers": ["models"],
  "projects": [{
    "name": "Hemlock",
    "notificationQueue": "notifications",
    "exportContainer": "models",
    "tags": ["Hemlock", "Japanese Cherry"],
    "images": [{"tag": "Hemlock", "count": 10}, {"tags": ["Japanese Cherry"], "count": 5}],
    "iterations": [
      {"name": "first", "publishedAs": "classifyModel", "exports": ["ONNX"]},
      {"name": "second", "status": "Failed", "details": "Out of memory."},
      {"status": "Training"}
    ]
  }],
  "transitions": [{"kind": "training", "project": "Hemlock", "outcomes": [{"status": "Failed"}]}],
  "predictions": [{"project": "Hemlock", "predictions": [{"tagName": "Hemlock", "probability": 0.9}]}]
})";

// The clock of that scenario stands still: its third training goes on until a test moves the clock.
const cvemu::Options kTrainingTakesTime{.training_time = Story::kTrainingTime};

Answer post(const cvemu::Emulator& emulator, const std::string& body) {
  return call_control(emulator, "POST", "/scenarios", body);
}

}  // namespace

TEST_CASE("Scenario: everything that it describes is there") {
  cvemu::Emulator emulator(kTrainingTakesTime);
  emulator.control().load(kScenario);
  const Json state = Json::parse(emulator.control().state());
  CHECK(state["clock"]["now"].get<std::string>().starts_with("2030-01-01T00:00:00"));
  const Json& project = state["projects"].at(0);
  CHECK(project["name"] == "Hemlock");
  CHECK(project["images"].size() == 15);
  CHECK(project["notificationQueueUri"] == emulator.queue_endpoint() + "/notifications");
  const Json& iterations = project["iterations"];
  REQUIRE(iterations.size() == 3);
  CHECK(iterations[0]["name"] == "Iteration 3");
  CHECK(iterations[0]["status"] == "Training");
  CHECK(iterations[1]["name"] == "first");
  CHECK(iterations[1]["publishName"] == "classifyModel");
  CHECK(iterations[1]["exports"].at(0)["status"] == "Done");
  CHECK(iterations[2]["trainingErrorDetails"] == "Out of memory.");
  // Nobody is told of the past: the queue holds the connection test alone.
  CHECK(state["queues"].at(0)["messages"].size() == 1);
}

TEST_CASE("Scenario: a published model answers as the scenario says") {
  cvemu::Emulator emulator(kTrainingTakesTime);
  emulator.control().load(kScenario);
  const std::string project = Json::parse(emulator.control().state())["projects"][0]["id"];
  const Answer answer =
      send("POST",
           emulator.prediction_endpoint() + "/customvision/v3.0/Prediction/" + project +
               "/classify/iterations/classifyModel/image",
           png(64, 64, 1), {{"Prediction-Key", "any"}, {"Content-Type", "application/octet-stream"}});
  REQUIRE(answer.status == 200);
  CHECK(answer.json()["predictions"][0]["tagName"] == "Hemlock");
}

TEST_CASE("Scenario: an error names its line and place, and nothing has changed") {
  struct Case {
    const char *text, *path;
    int line;
  };
  const Case cases[] = {
      {"{\n\"queues\": [\"work\"],\n\"project\": []}", "/project", 3},
      {"{\"queues\": [\"work\"],\n\"projects\": [{\"name\": \"x\"},\n{\"name\": \"\"}]}", "/projects/1/name",
       3},
      {"{\"queues\": [\"work\"],\n\"projects\": [\n{\"name\": \"x\", \"tags\": [\"t\"],\n\"images\": "
       "[{\"tag\": \"u\"}]}]}",
       "/projects/0/images/0/tag", 4},
      {"{\"queues\": [\"work\"], \"projects\": [{\"name\": \"x\",\n\"notificationQueue\": \"b\"}]}",
       "/projects/0/notificationQueue", 2},
      {"{\"queues\": [\"work\"], \"projects\": [{\"name\": \"x\", \"domain\":\n\"Compact\"}]}",
       "/projects/0/domain", 2},
      {"{\"queues\": [\"work\"],\n\"transitions\": [{\"kind\": \"trainin\"}]}", "/transitions/0/kind", 2},
      {"{\"queues\": [\"work\"], \"predictions\": [{\"predictions\": [{\"tagName\": \"a\", \"probability\": "
       "1,\n"
       "\"boundingBox\": \"all\"}]}]}",
       "/predictions/0/predictions/0/boundingBox", 2},
      {"{\"predictions\": [{\"predictions\": [{\"tagName\": \"a\", \"probability\": 1,\n\"boundingBox\": "
       "{\"left\": 0, \"top\": 0, \"width\": 2, \"height\": 1}}]}]}",
       "/predictions/0/predictions/0/boundingBox/width", 2},
      {"{\"queues\": [\"work\"],\n\n nonsense}", "", 3},
  };
  cvemu::Emulator emulator;
  for (const Case& one : cases) {
    const Json error = post(emulator, one.text).json();
    CAPTURE(std::string(one.text));
    CHECK(error["status"] == 400);
    CHECK(error["path"] == one.path);
    CHECK(error["line"].get<std::string>() == std::to_string(one.line));
  }
  CHECK(Json::parse(emulator.control().call("GET", "/_emulator/state"))["queues"] == 0);
  CHECK_THROWS_WITH(emulator.control().load("{\n\"queue\": []}"), doctest::Contains("line 2"));
}

TEST_CASE("Scenario: what the service refuses leaves everything as it was") {
  Story story;
  const std::string before = story.control.state();
  // Five images of one tag are not enough to train on.
  const Answer answer = post(story.emulator, R"({"queues": ["more"], "projects": [
      {"name": "x", "tags": ["t"], "images": [{"tag": "t", "count": 5}], "iterations": [{}]}]})");
  CHECK(answer.status == 400);
  CHECK(story.control.state() == before);
}

TEST_CASE("Scenario: identity is taken away after the projects were made") {
  cvemu::Emulator emulator;
  emulator.control().load(R"({"queues": ["queue"], "identity": {"managedIdentity": false},
                              "projects": [{"name": "x", "notificationQueue": "queue"}]})");
  CHECK_FALSE(emulator.control().identity().managed_identity);
}

TEST_CASE("Scenario: the options name files, and a bad one stops the start with its own kind") {
  const auto path =
      std::filesystem::temp_directory_path() / ("cvemu-" + cvemu::IdSource().uuid().compact() + ".json");
  const auto write = [&](const char* text) { std::ofstream(path) << text; };
  write(R"({"queues": ["from-file"]})");
  {
    const cvemu::Emulator emulator({.scenarios = {path}});
    CHECK(Storage(emulator).messages("from-file").empty());
  }
  write("{\n\"queue\": 1}");
  try {
    const cvemu::Emulator emulator({.scenarios = {path}});
    FAIL("it started");
  } catch (const cvemu::StartError& error) {
    CHECK(static_cast<int>(error.kind) == 5);
    CHECK(std::string(error.what()).find(path.string() + ": line 2") != std::string::npos);
  }
  std::filesystem::remove(path);
  CHECK_THROWS_AS(cvemu::Emulator({.scenarios = {path}}), cvemu::StartError);
}

TEST_CASE("Scenario: the answer says what was loaded") {
  const cvemu::Emulator emulator(kTrainingTakesTime);
  Json scenario = Json::parse(kScenario);
  scenario["faults"] = {{{"id", "slow"},
                         {"action", {{"type", "status"}, {"status", 503}}},
                         {"match", {{"operation", "DeleteTag"}}}}};
  const Answer answer = post(emulator, scenario.dump());
  REQUIRE(answer.status == 201);
  const Json said = answer.json();
  CHECK(said["projects"] == Json{"Hemlock"});
  CHECK(said["queues"] == Json{"notifications"});
  CHECK(said["containers"] == Json{"models"});
  CHECK(said["faults"] == Json{"slow"});
  CHECK(said["images"] == 15);
  CHECK(said["iterations"] == 3);
  CHECK(said["transitions"] == 1);
  CHECK(said["predictions"] == 1);
  CHECK(said["replaced"].empty());
  const std::string summary = said["summary"];
  CHECK(summary.starts_with("Loaded project \"Hemlock\" (15 images, 3 iterations); queue \"notifications\""));
  CHECK(post(emulator, "{}").json()["summary"] == "Loaded nothing: the scenario is empty.");
}

TEST_CASE("Scenario: a project whose name is taken is refused by its name, and nothing has changed") {
  cvemu::Emulator emulator(kTrainingTakesTime);
  emulator.control().load(kScenario);
  const std::string before = emulator.control().state();
  const Answer again = post(
      emulator, "{\"queues\": [\"more\"],\n\"projects\": [{\"name\": \"first\"},\n{\"name\": \"HEMLOCK\"}]}");
  CHECK(again.status == 409);
  CHECK(again.json()["code"] == "ProjectExists");
  CHECK(again.json()["project"] == "Hemlock");
  CHECK(again.json()["path"] == "/projects/1/name");
  CHECK(again.json()["line"] == "3");
  CHECK(again.json()["message"].get<std::string>().find("replace=1") != std::string::npos);
  CHECK(emulator.control().state() == before);
  try {
    emulator.control().load(kScenario);
    FAIL("two projects of one name");
  } catch (const cvemu::ControlError& error) {
    CHECK(error.status == 409);
  }
}

TEST_CASE("Scenario: with replace the projects of those names go first, published ones, too") {
  cvemu::Emulator emulator(kTrainingTakesTime);
  cvemu::Control& control = emulator.control();
  control.load(kScenario);
  control.load(R"({"projects": [{"name": "Other"}]})");
  const std::string old = control.project("Hemlock").id();
  control.load(kScenario, true);
  CHECK(control.projects().size() == 2);
  CHECK(control.project("Hemlock").id() != old);
  CHECK(control.prediction_rules().size() == 1);
  const Json transitions = call_control(emulator, "GET", "/transitions").json()["transitions"];
  REQUIRE(transitions.size() == 1);
  CHECK(transitions[0]["project"] == control.project("Hemlock").id());
  const Answer answer = call_control(emulator, "POST", "/scenarios?replace=1", kScenario);
  CHECK(answer.json()["replaced"] == Json{"Hemlock"});
  CHECK(answer.json()["summary"].get<std::string>().ends_with("Replaced \"Hemlock\"."));
  CHECK(call_control(emulator, "POST", "/scenarios?replace=perhaps", kScenario).status == 400);
}

TEST_CASE("Scenario: faults of a scenario that is taken back go, too; a taken id is refused or replaced") {
  cvemu::Emulator emulator;
  // Scenarios meet no DeleteTag, so that none meets these rules itself.
  const auto fault = [](const std::string& id, int status) {
    return Json{{"id", id},
                {"match", {{"operation", "DeleteTag"}}},
                {"action", {{"type", "status"}, {"status", status}}}};
  };
  const auto scenario = [](const std::vector<Json>& faults) { return Json{{"faults", faults}}.dump(); };
  const auto faults = [&] { return call_control(emulator, "GET", "/faults").json()["faults"]; };
  CHECK(post(emulator, scenario({fault("mine", 503)})).status == 201);
  const Answer again = post(emulator, scenario({fault("other", 500), fault("mine", 500)}));
  CHECK(again.status == 409);
  CHECK(again.json()["code"] == "FaultExists");
  CHECK(again.json()["path"] == "/faults/1/id");
  CHECK(faults().size() == 1);
  const auto replaced =
      call_control(emulator, "POST", "/scenarios?replace=1", scenario({fault("mine", 500)}));
  CHECK(replaced.status == 201);
  REQUIRE(faults().size() == 1);
  CHECK(faults()[0]["action"]["status"] == 500);
  const Answer twice = post(emulator, scenario({fault("a", 500), fault("a", 500)}));
  CHECK(twice.status == 400);
  CHECK(twice.json()["path"] == "/faults/1/id");
  CHECK(faults().size() == 1);
}

TEST_CASE("Scenario: what one has taken from the identity is no obstacle to the same once more") {
  cvemu::Emulator emulator;
  const std::string scenario = R"({"queues": ["queue"], "identity": {"managedIdentity": false},
                                   "projects": [{"name": "x", "notificationQueue": "queue"}]})";
  emulator.control().load(scenario);
  emulator.control().load(scenario, true);
  CHECK_FALSE(emulator.control().identity().managed_identity);
  CHECK(emulator.control().projects().size() == 1);
}

TEST_CASE("Scenario: what a service refuses is a sentence with its place, and no document in a document") {
  const cvemu::Emulator emulator;
  const Answer answer = post(emulator,
                             "{\"projects\": [{\"name\": \"fine\"},\n{\"name\": \"x\", \"tags\": [\"t\"], "
                             "\"images\": [{\"tag\": \"t\", \"count\": 5}], \"iterations\": [{}]}]}");
  CHECK(answer.status == 400);
  CHECK(answer.json()["path"] == "/projects/1");
  CHECK(answer.json()["line"] == "2");
  const std::string message = answer.json()["message"];
  CHECK(message.find("Nothing was loaded") != std::string::npos);
  CHECK(message.find("BadRequest") != std::string::npos);
  CHECK(message.find(": ") != std::string::npos);
  CHECK(message.find('{') == std::string::npos);
}

TEST_CASE("Scenario: what a replaced project had under way goes with it") {
  cvemu::Emulator emulator(kTrainingTakesTime);
  emulator.control().load(kScenario);
  emulator.control().load(kScenario, true);
  CHECK(emulator.control().operations().size() ==
        1 + emulator.control().operations("", "connectionTest").size());
}
