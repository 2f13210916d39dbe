// What goes wrong in production, arranged: copy what you need. Each story has its entry in README.md.
#include "stage.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

TEST_CASE("story: a notification is lost, and the state is there all the same") {
  const Stage story;
  const auto fault = story.control.inject({}, {}, Action::notification_lost());
  const std::string iteration = story.trained();
  CHECK(story.notifications().empty());
  CHECK(story.status_of(iteration) == "Completed");
  CHECK(fault.applied() == 1);
  CHECK(story.control.journal().explain(iteration).find("a fault had a hand") != std::string::npos);
}

TEST_CASE("story: a notification comes twice") {
  const Stage story;
  const auto fault = story.control.inject({}, {}, Action::notification_duplicated());
  story.trained();
  const auto messages = story.notifications();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == messages[1]);
  CHECK(fault.applied() == 1);
}

TEST_CASE("story: a notification comes late") {
  const Stage story;
  const auto fault = story.control.inject({}, {}, Action::notification_delayed(10min));
  story.trained();
  CHECK(story.notifications().empty());
  story.control.advance(10min);
  CHECK(story.notifications().size() == 1);
}

TEST_CASE("story: the second notification overtakes the first") {
  const Stage story;
  const auto fault = story.control.inject({}, {}, Action::notification_reordered(1h));
  const std::string first = story.trained(), second = story.trained();
  const auto early = story.notifications();
  REQUIRE(early.size() == 1);
  CHECK(early[0].find(second) != std::string::npos);
  story.control.advance(1h);
  const auto late = story.notifications();
  REQUIRE(late.size() == 1);
  CHECK(late[0].find(first) != std::string::npos);
}

TEST_CASE("story: a notification that cannot be read") {
  const Stage story;
  const auto received_as = [&](const std::string& kind) {
    const auto fault = story.control.inject({}, {}, Action::notification_malformed(kind));
    story.trained();
    const auto messages = story.notifications();
    REQUIRE(messages.size() == 1);
    CHECK(fault.applied() == 1);
    return messages[0];
  };
  CHECK(received_as("plainText") == "Training completed");
  CHECK(received_as("notBase64").starts_with("%%%"));
  CHECK(received_as("lowerCaseContent").find(R"("content":{)") != std::string::npos);
  CHECK(received_as("unknownType").find(R"("type":"Retraining")") != std::string::npos);
  CHECK(Json::parse(received_as("extraFields")).contains("unexpected"));
  CHECK_FALSE(Json::accept(received_as("brokenJson")));
  CHECK(Json::parse(received_as("otherVersion"))["version"] == "2.0");
}

TEST_CASE("story: 429 with Retry-After, and the next try succeeds") {
  const Stage story;
  const auto fault = story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::throttle(2));
  const Answer refused = story.train();
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after") == "2");
  CHECK(refused.json()["error"]["code"] == "429");
  CHECK(story.train().status == 200);
  CHECK(fault.matched() == 2);
  CHECK(fault.applied() == 1);
  CHECK(fault.absorbed() == 1);
  CHECK(fault.remaining() == 0);
  CHECK(story.control.journal().count({.operation = "TrainProject", .remark = "retry-too-soon"}) == 1);
}

TEST_CASE("story: 429 without Retry-After") {
  const Stage story;
  const auto fault = story.control.inject({.service = "training"}, {.first = 1}, Action::throttle());
  const Answer refused = story.train();
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after").empty());
}

TEST_CASE("story: a second export of the same platform is refused") {
  const Stage story;
  const std::string iteration = story.trained();
  CHECK(story.start_export(iteration).status == 200);
  story.settle();
  const Answer refused = story.start_export(iteration);
  CHECK(refused.status == 400);
  CHECK(refused.json()["code"] == "BadRequestExportAlreadyInProgress");
  CHECK(story.control.journal().count({.remark = "second-export"}) == 1);
}

TEST_CASE("story: the queue is deleted in between, and the notification comes when it is back") {
  const Stage story;
  story.storage.remove_queue("notifications");
  const std::string iteration = story.trained();
  CHECK(story.control.journal().explain(iteration).find("QueueNotFound") != std::string::npos);
  story.storage.create_queue("notifications");
  story.control.advance(10min);
  CHECK(story.notifications().size() == 1);
}

TEST_CASE("story: the connection breaks after the work is done, and trying again trains twice") {
  const Stage story;
  const cvemu::Fault fault(story.control, {.operation = "TrainProject"}, {.first = 1}, Action::reset_connection(),
                           cvemu::Phase::AfterEffect);
  CHECK_THROWS(story.train());  // the client sees an error of its socket and cannot know
  story.settle();
  CHECK(story.train().status == 200);
  story.settle();
  CHECK(story.training.get("/projects/" + story.project + "/iterations").json().size() == 2);
  CHECK(story.control.journal().count({.operation = "TrainProject", .status = "broken"}) == 1);
  CHECK(fault.absorbed() == 1);
}

TEST_CASE("story: the right to the storage is taken away between creation and delivery") {
  const Stage story;
  std::string iteration;
  {
    const auto fault = story.control.inject({}, {}, Action::storage_denied("delivery"));
    iteration = story.trained();
    CHECK(fault.applied() == 1);
    CHECK(story.notifications().empty());
  }
  CHECK(story.control.journal().explain(iteration).find("AuthorizationPermissionMismatch") != std::string::npos);
  story.control.advance(10min);
  CHECK(story.notifications().size() == 1);
}

TEST_CASE("story: a project cannot be created while its storage refuses") {
  const Stage story;
  const auto create = [&] {
    return story.training.post("/projects?name=other&notificationQueueUri=" + cvemu::percent_encode(story.queue));
  };
  {
    const auto denied = story.control.inject({}, {}, Action::storage_denied("create"));
    CHECK(create().json()["code"] == "BadRequestInvalidUri");
    CHECK(denied.applied() == 1);
  }
  const auto missing = story.control.inject({}, {}, Action::storage_missing("create"));
  CHECK(create().json()["message"].get<std::string>().find("QueueNotFound") != std::string::npos);
}

TEST_CASE("story: the backup is announced and is not there, or only half of it") {
  const Stage story;
  const std::string first = story.trained();
  {
    const auto fault = story.control.inject({}, {}, Action::backup_missing());
    story.start_export(first);
    story.settle();
    CHECK(fault.applied() == 1);
  }
  const std::string name = story.project + " - " + first + ".ONNX";
  CHECK(story.storage.get_blob("models", name).status == 404);
  const std::string second = story.trained();
  const auto fault = story.control.inject({}, {}, Action::backup_truncated());
  story.start_export(second);
  story.settle();
  const Answer half = story.storage.get_blob("models", story.project + " - " + second + ".ONNX");
  CHECK(half.status == 200);
  CHECK(half.body.starts_with("PK"));
  CHECK(half.body.find("PK\5\6") == std::string::npos);  // the end of the archive is missing
  CHECK(fault.applied() == 1);
}
