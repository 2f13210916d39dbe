// Stories about services that are busy and connections that break.
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

TEST_CASE("Story: 429 with Retry-After, and the next try succeeds") {
  Story story;
  const auto fault = story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::throttle(2));
  const Answer refused = story.try_to_train();
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after") == "2");
  CHECK(refused.json()["error"]["code"] == "429");
  CHECK(story.try_to_train().status == 200);
  CHECK(fault.matched() == 2);
  CHECK(fault.applied() == 1);
  CHECK(fault.absorbed() == 1);
  CHECK(fault.remaining() == 0);
  CHECK(story.control.journal().count({.operation = "TrainProject", .remark = "retry-too-soon"}) == 1);
}

TEST_CASE("Story: 429 without Retry-After") {
  Story story;
  const auto fault = story.control.inject({.service = "training"}, {.first = 1}, Action::throttle());
  const Answer refused = story.try_to_train();
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after").empty());
  CHECK(story.try_to_train().status == 200);
  CHECK(story.control.journal().count({.remark = "retry-too-soon"}) == 0);
}

TEST_CASE("Story: 503 outlasts every retry of a client, and the call after it succeeds") {
  Story story;
  const auto fault =
      story.control.inject({.operation = "TrainProject"}, {.first = 1, .calls = true}, Action::status(503));
  for (int tries = 0; tries < 4; ++tries) CHECK(story.try_to_train().status == 503);
  CHECK(story.try_to_train().status == 200);
  CHECK(fault.applied() == 4);
  CHECK(fault.absorbed() == 0);  // the code that called did notice
  CHECK(fault.remaining() == 0);
}

TEST_CASE("Story: the connection breaks before anything is done, and trying again trains once") {
  Story story;
  const auto fault =
      story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::reset_connection());
  CHECK_THROWS(story.try_to_train());
  story.trained();
  CHECK(story.training.get("/projects/" + story.project + "/iterations").json().size() == 1);
  CHECK(fault.absorbed() == 1);
}

TEST_CASE("Story: the connection breaks after the work is done, and trying again trains twice") {
  Story story;
  const cvemu::Fault fault(story.control, {.operation = "TrainProject"}, {.first = 1},
                           Action::reset_connection(), cvemu::Phase::AfterEffect);
  CHECK_THROWS(story.try_to_train());  // the client sees an error of its socket and cannot know
  story.control.advance(Story::kTrainingTime);
  story.trained();
  CHECK(story.training.get("/projects/" + story.project + "/iterations").json().size() == 2);
  CHECK(story.control.journal().count({.operation = "TrainProject", .status = "broken"}) == 1);
  CHECK(fault.absorbed() == 1);
}
