// Stories about trainings that do not go well.
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

TEST_CASE("Story: a training fails, with the reason in trainingErrorDetails") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training,
                             {{.fails = true, .details = "Training ran out of memory."}});
  const std::string id = story.train();
  CHECK(story.status(id) == "Training");
  story.control.advance(90s);
  CHECK(story.status(id) == "Failed");
  CHECK(story.iteration(id)["trainingErrorDetails"] == "Training ran out of memory.");
  CHECK(story.news() == News{"TrainingFailed"});
}

TEST_CASE("Story: a training fails without a word, and the second try succeeds") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true}, {}}, story.project);
  const std::string first = story.train();
  story.control.advance(90s);
  CHECK(story.status(first) == "Failed");
  CHECK(story.iteration(first).value("trainingErrorDetails", Json()).is_null());
  const std::string second = story.train();
  story.control.advance(90s);
  CHECK(story.status(second) == "Completed");
  CHECK(story.news() == News{"TrainingFailed", "TrainingCompleted"});
}

TEST_CASE("Story: a training hangs for a week, until somebody helps it along") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.hold = true}});
  const std::string id = story.train();
  story.control.advance(24h * 7);
  CHECK(story.status(id) == "Training");
  const auto pending = story.control.operations(story.project, "training");
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].held);
  CHECK(pending[0].iteration == id);
  const auto fired = story.control.release(pending[0].id);
  CHECK(story.status(id) == "Completed");
  REQUIRE(fired.size() == 2);
  CHECK(fired[0].event == "training.finished");
  CHECK(fired[1].event == "notification.enqueued");
  CHECK(fired[1].iteration == id);
}

TEST_CASE("Story: a running training is completed, failed or held by hand") {
  Story story;
  const std::string first = story.train();
  story.control.complete(story.control.operations(story.project).at(0).id);
  CHECK(story.status(first) == "Completed");
  const std::string second = story.train();
  story.control.fail(story.control.operations("demo").at(0).id, "Broken by hand.");
  CHECK(story.iteration(second)["trainingErrorDetails"] == "Broken by hand.");
  const std::string third = story.train();
  story.control.hold(story.control.operations({}, "training").at(0).id);
  story.control.advance(1h);
  CHECK(story.status(third) == "Training");
}

TEST_CASE("Story: a training takes longer than the caller has patience") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.takes = 6h}});
  const std::string id = story.train();
  story.control.advance(5h);
  CHECK(story.status(id) == "Training");
  story.control.advance(1h);
  CHECK(story.status(id) == "Completed");
}

TEST_CASE("Story: the notification is there before the API shows the new state") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training,
                             {{.notifies_early = true, .notification_gap = 5s}});
  const std::string id = story.train();
  story.control.advance(90s);
  CHECK(story.news() == News{"TrainingCompleted"});
  CHECK(story.status(id) == "Training");
  story.control.advance(5s);
  CHECK(story.status(id) == "Completed");
  CHECK(story.news().empty());
}

TEST_CASE("Story: the notification comes a minute after the state") {
  Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.notification_gap = 60s}});
  const std::string id = story.train();
  story.control.advance(90s);
  CHECK(story.status(id) == "Completed");
  CHECK(story.news().empty());
  story.control.advance(60s);
  CHECK(story.news() == News{"TrainingCompleted"});
}

TEST_CASE("Story: a training of one project fails, by a fault, with details") {
  Story story;
  const auto fault = story.control.inject({.project = "demo"}, {.first = 1},
                                          Action::training_failed("Training ran out of memory."));
  const std::string failed = story.trained();
  CHECK(story.status(failed) == "Failed");
  CHECK(story.iteration(failed)["trainingErrorDetails"] == "Training ran out of memory.");
  CHECK(story.status(story.trained()) == "Completed");
  CHECK(story.news() == News{"TrainingFailed", "TrainingCompleted"});
  CHECK(fault.applied() == 1);
}

TEST_CASE("Story: a training fails, by a fault, without a word") {
  Story story;
  const auto fault = story.control.inject({}, {}, Action::training_failed());
  const std::string failed = story.trained();
  CHECK(story.status(failed) == "Failed");
  CHECK(story.iteration(failed).value("trainingErrorDetails", Json()).is_null());
}

TEST_CASE("Story: a training hangs, by a fault, and the next one does not") {
  Story story;
  const auto fault = story.control.inject({}, {.first = 1}, Action::training_stuck());
  const std::string stuck = story.trained();
  story.control.advance(24h);
  CHECK(story.status(stuck) == "Training");
  CHECK(story.news().empty());
  story.control.complete(story.control.operations("demo", "training").at(0).id);
  CHECK(story.status(stuck) == "Completed");
  CHECK(story.status(story.trained()) == "Completed");
}

TEST_CASE("Story: a training that is refused does not use up the failure that waits for it") {
  Story story;
  const auto fault = story.control.inject({.operation = "TrainProject"}, {}, Action::training_failed());
  CHECK(story.training.post("/projects/" + story.project + "/train?trainingType=nonsense").status == 400);
  story.control.call("DELETE", "/_emulator/faults");
  CHECK(story.status(story.trained()) == "Completed");
}
