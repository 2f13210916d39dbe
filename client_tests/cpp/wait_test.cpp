// Waiting for what time brings, and for what others do.
#include <cvemu/resources.h>

#include <thread>

#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

TEST_CASE("wait: on an automatic clock it moves time to what it waits for") {
  const auto follow = [](const Story& story, const cvemu::Control& control) {
    const std::string id = story.train();
    CHECK(control.project("demo").wait_for(cvemu::IterationStatus::Completed).id == id);
    CHECK(control.queue("notifications").wait_for("Training").decoded.find(id) != std::string::npos);
    story.export_model(id);
    CHECK(control.container("models").wait_for("*" + id + ".ONNX").length > 0);
  };
  const Story here({.clock = cvemu::ClockMode::Automatic}), there({.clock = cvemu::ClockMode::Automatic});
  follow(here, here.control);
  follow(there, cvemu::connect(there.emulator.training_endpoint()));
}

TEST_CASE("wait: an automatic clock is moved through the retries of a delivery, and not for ever") {
  Story story({.clock = cvemu::ClockMode::Automatic});
  const auto begin = story.control.now();
  const auto broken =
      story.control.inject({.operation = "PutMessage"}, {.first = 3}, cvemu::Action::status(503));
  story.train();
  CHECK(story.control.queue("notifications").wait_for("Training").visible);
  CHECK(broken.applied() == 3);
  CHECK_THROWS_AS(story.control.queue("notifications").wait_for("Import", 1ms), cvemu::ControlError);
  CHECK(story.control.now() < begin + 48h);
}

TEST_CASE("wait: a frozen clock stays where it is") {
  Story story;
  story.train();
  CHECK_THROWS_WITH_AS(story.control.project("demo").wait_for(cvemu::IterationStatus::Completed, 1ms),
                       doctest::Contains("finish_training"), cvemu::ControlError);
}

TEST_CASE("wait: on a running clock the end of a message's hiding comes by itself") {
  cvemu::Emulator emulator({.create_queues = {"orders"}});
  emulator.control().call("POST", "/_emulator/storage/devstoreaccount1/queues/orders/messages",
                          R"({"text":"later","visibleIn":"20ms"})");
  const auto message = emulator.control().queue("orders").wait_for("");
  CHECK(message.text == "later");
  CHECK(message.visible);
}

TEST_CASE("wait: who waits hears of what control does, and of jobs") {
  cvemu::Emulator emulator({.training_time = 1h, .create_queues = {"orders"}});
  std::thread other([&] { emulator.control().queue("orders").put("hello"); });
  CHECK(emulator.control().queue("orders").wait_for("", 60s).text == "hello");
  other.join();
  const Training training(emulator);
  const std::string id = trainable_project(training);
  training.post("/projects/" + id + "/train");
  std::thread mover([&] { emulator.control().advance(1h); });
  CHECK(emulator.control().project(id).wait_for(cvemu::IterationStatus::Completed, 60s).status ==
        cvemu::IterationStatus::Completed);
  mover.join();
}

TEST_CASE("wait: what a deleted project leaves to be removed keeps nobody waiting, on a frozen clock too") {
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen});
  emulator.control().load(R"({"projects": [{"name": "Large", "tags": ["a"],
                                            "images": [{"tag": "a", "count": 120}]}]})");
  const std::string id = emulator.control().project("Large").id();
  REQUIRE(Training(emulator).remove("/projects/" + id).status == 204);
  CHECK(Json::parse(emulator.control().wait_for(R"({"idle": true})")) == Json{{"idle", true}});
}

TEST_CASE("wait: a project that nobody has is reported with the nearest name") {
  Story story;
  const Answer answer = call_control(
      story.emulator, "POST", "/wait",
      R"({"for": {"iteration": {"project": "demmo", "status": "Completed"}}, "timeout": "1ms"})");
  CHECK(answer.status == 408);
  CHECK(answer.body.find("There is no project") != std::string::npos);
  CHECK(answer.body.find("demo") != std::string::npos);
}
