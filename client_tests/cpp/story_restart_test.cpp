// Stories about a service that restarts in between.
#include <filesystem>

#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

TEST_CASE("Story: the service restarts in mid-training; scripts, clock and pending work survive") {
  const Folder folder;
  cvemu::Options options{.location = folder.path};
  std::string project, id;
  cvemu::Control::Time left;
  {
    Story story(options);
    story.control.set_outcomes(cvemu::OperationKind::Training,
                               {{.fails = true, .details = "after the restart"}});
    id = story.train();
    story.control.advance(30s);
    project = story.project;
    left = story.control.now();
    options.queue_port = story.emulator.queue_port();  // the project knows its queue by this port
  }
  cvemu::Emulator again(options);
  CHECK(again.control().clock() == cvemu::ClockMode::Frozen);
  CHECK(again.control().now() == left);
  again.control().advance(60s);
  const Training training(again, "v3.4-preview");
  const Json iteration = training.get("/projects/" + project + "/iterations/" + id).json();
  CHECK(iteration.at("trainingErrorDetails") == "after the restart");
  const auto messages = Storage(again).messages("notifications");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].find("TrainingFailed") != std::string::npos);
}
