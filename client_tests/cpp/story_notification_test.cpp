// Stories about notifications that do not come as they should.
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

TEST_CASE("Story: a notification is lost, and the state is there all the same") {
  Story story;
  const auto fault = story.control.inject({}, {}, Action::notification_lost());
  const std::string id = story.trained();
  CHECK(story.news().empty());
  CHECK(story.status(id) == "Completed");
  CHECK(fault.applied() == 1);
  CHECK(story.explanation(id).find("a fault had a hand") != std::string::npos);
}

TEST_CASE("Story: a notification comes twice") {
  Story story;
  const auto fault = story.control.inject({}, {}, Action::notification_duplicated());
  story.trained();
  const auto messages = story.messages();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == messages[1]);
  CHECK(fault.applied() == 1);
}

TEST_CASE("Story: a notification comes late") {
  Story story;
  const auto fault = story.control.inject({}, {}, Action::notification_delayed(10min));
  const std::string id = story.trained();
  CHECK(story.status(id) == "Completed");
  CHECK(story.news().empty());
  story.control.advance(10min);
  CHECK(story.news() == News{"TrainingCompleted"});
}

TEST_CASE("Story: the second notification overtakes the first") {
  Story story;
  const auto fault = story.control.inject({}, {}, Action::notification_reordered(1h));
  const std::string first = story.trained(), second = story.trained();
  const auto early = story.notifications();
  REQUIRE(early.size() == 1);
  CHECK(early[0]["iterationId"] == second);
  story.control.advance(1h);
  const auto late = story.notifications();
  REQUIRE(late.size() == 1);
  CHECK(late[0]["iterationId"] == first);
}

TEST_CASE("Story: a notification is early, and the API still says Training") {
  Story story;
  const auto fault =
      story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::notification_early(5s));
  const std::string id = story.trained();
  CHECK(story.news() == News{"TrainingCompleted"});
  CHECK(story.status(id) == "Training");
  story.control.advance(5s);
  CHECK(story.status(id) == "Completed");
  CHECK(story.news().empty());
}

TEST_CASE("Story: an export's notification is early, and the API still says Exporting") {
  Story story;
  const std::string id = story.trained();
  story.messages();
  const auto fault =
      story.control.inject({.operation = "ExportIteration"}, {}, Action::notification_early(5s));
  story.exported(id);
  CHECK(story.news() == News{"ExportCompleted"});
  CHECK(story.export_status(id) == "Exporting");
  story.control.advance(5s);
  CHECK(story.export_status(id) == "Done");
  CHECK(story.news().empty());
}

namespace {

// The one message of a training while notifications are malformed.
std::string malformed(const std::string& kind) {
  const Story story;
  const auto fault = story.control.inject({}, {}, Action::notification_malformed(kind));
  story.trained();
  const auto messages = story.messages();
  REQUIRE(messages.size() == 1);
  CHECK(fault.applied() == 1);
  return messages[0];
}

}  // namespace

TEST_CASE("Story: a notification is no JSON but a sentence") {
  CHECK(malformed("plainText") == "Training completed");
}

TEST_CASE("Story: a notification is neither JSON nor base64") {
  CHECK(malformed("notBase64").starts_with("%%%"));
}

TEST_CASE("Story: a notification has its members in lower case") {
  const Json message = Json::parse(malformed("lowerCaseContent"));
  CHECK_FALSE(message.contains("Content"));
  CHECK(message["content"]["trainingStatus"] == "TrainingCompleted");
}

TEST_CASE("Story: a notification has a type that nobody knows") {
  CHECK(Json::parse(malformed("unknownType"))["type"] == "Retraining");
}

TEST_CASE("Story: a notification has members that nobody expects") {
  const Json message = Json::parse(malformed("extraFields"));
  CHECK(message.contains("unexpected"));
  CHECK(message["Content"]["trainingStatus"] == "TrainingCompleted");
}

TEST_CASE("Story: a notification breaks off in the middle of its JSON") {
  const std::string text = malformed("brokenJson");
  CHECK(text.starts_with("{"));
  CHECK_FALSE(Json::accept(text));
}

TEST_CASE("Story: a notification is of another version") {
  CHECK(Json::parse(malformed("otherVersion"))["version"] == "2.0");
}
