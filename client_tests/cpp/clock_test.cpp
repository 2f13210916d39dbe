// Time: each mode, and each way to move it, through the routes and through the object.
#include <filesystem>

#include "base/ids.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

TEST_CASE("Automatic clock: a poll sees the training first, and then its end") {
  Story story({.clock = cvemu::ClockMode::Automatic});
  const std::string id = story.train();
  CHECK(story.status(id) == "Training");
  CHECK(story.status(id) == "Completed");
  story.export_model(id);
  CHECK(story.export_status(id) == "Exporting");
  CHECK(story.export_status(id) == "Done");
  CHECK(story.news() == News{"TrainingCompleted", "ExportCompleted"});
}

TEST_CASE("Automatic clock: who waits at the queue gets the notification with the second look") {
  Story story({.clock = cvemu::ClockMode::Automatic});
  story.train();
  const std::string messages = story.queue + "/messages";
  CHECK(story.storage.signed_request("GET", messages).body.find("TrainingCompleted") == std::string::npos);
  CHECK(story.storage.signed_request("GET", messages).body.find("TrainingCompleted") != std::string::npos);
}

TEST_CASE("Automatic clock: looking at nothing in particular does not make the test blob expire") {
  Story story({.clock = cvemu::ClockMode::Automatic});
  story.control.run_until("testBlob.removed");
  const auto before = story.control.now();
  for (int i = 0; i < 3; ++i) CHECK(story.notifications().empty());
  CHECK(story.control.now() == before);
  CHECK(story.control.clock() == cvemu::ClockMode::Automatic);
}

TEST_CASE("Clock: advance to a time, until an event, until idle") {
  Story story;
  const auto start = story.control.now();
  const std::string id = story.train();
  CHECK(story.control.advance_to(start + 60s).size() == 1);  // the test blob goes
  const auto fired = story.control.run_until("notification.enqueued", "demo");
  REQUIRE(fired.size() == 2);
  CHECK(fired[0].event == "training.finished");
  CHECK(fired[0].project == story.project);
  CHECK(fired[1].iteration == id);
  CHECK(story.control.now() == start + 90s);
  CHECK(story.control.run_until_idle().empty());
  CHECK_THROWS_AS(story.control.advance_to(start), cvemu::ControlError);
  CHECK_THROWS_AS(story.control.run_until("notification.enqueued", "dem"), cvemu::ControlError);
}

TEST_CASE("Clock: the routes set every mode and say what is due") {
  cvemu::Emulator emulator;
  CHECK(call_control(emulator, "GET", "/clock").json()["mode"] == "real");
  const Json scaled = call_control(emulator, "PUT", "/clock", R"({"mode":"scaled","rate":3600})").json();
  CHECK(scaled["rate"] == 3600);
  const Json frozen =
      call_control(emulator, "PUT", "/clock", R"({"mode":"frozen","at":"2030-01-01T00:00:00Z"})").json();
  CHECK(frozen["now"] == "2030-01-01T00:00:00.000Z");
  CHECK(call_control(emulator, "POST", "/clock/advance", R"({"to":"2030-01-02T00:00:00Z"})").json()["now"] ==
        "2030-01-02T00:00:00.000Z");
  CHECK(emulator.control().clock() == cvemu::ClockMode::Frozen);
  for (const char* bad :
       {R"({"mode":"slow"})", R"({"mode":"scaled","rate":0})", R"({"at":"noon"})", R"({"mod":"real"})"})
    CHECK(call_control(emulator, "PUT", "/clock", bad).status == 400);
  for (const char* bad : {"{}", R"({"by":"1m","until":"idle"})", R"({"until":{"event":"training.done"}})",
                          R"({"to":"2020-01-01T00:00:00Z"})"})
    CHECK(call_control(emulator, "POST", "/clock/advance", bad).status == 400);
}

TEST_CASE("Clock: a scaled one lets a six hours' training end by itself") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.takes = 6h}});
  const std::string id = story.train();
  story.control.scale(1e6);
  while (story.status(id) == "Training") {
  }
  CHECK(story.status(id) == "Completed");
}

TEST_CASE("Clock: mode and time survive in a file") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("cvemu-" + cvemu::IdSource().uuid().compact());
  const cvemu::Options options{.location = folder};
  cvemu::Control::Time left;
  {
    cvemu::Emulator emulator(options);
    emulator.control().automatic();
    emulator.control().advance(24h);
    left = emulator.control().now();
  }
  {
    cvemu::Emulator emulator(options);
    CHECK(emulator.control().clock() == cvemu::ClockMode::Automatic);
    CHECK(emulator.control().now() == left);
    emulator.control().scale(1000);
  }
  {
    cvemu::Emulator emulator(options);
    CHECK(emulator.control().clock() == cvemu::ClockMode::Scaled);
    CHECK(emulator.control().now() >= left);
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("Clock: the options name a mode and a time") {
  const auto at = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen, .clock_at = at});
  CHECK(emulator.control().now() == at);
}
