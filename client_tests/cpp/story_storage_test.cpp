// Stories about the user's own storage: gone, forbidden, half written.
#include "base/text.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

TEST_CASE("Story: the queue is deleted in between, and the notification comes when it is back") {
  Story story;
  story.storage.remove_queue("notifications");
  const std::string id = story.trained();
  CHECK(story.status(id) == "Completed");
  CHECK(story.explanation(id).find("QueueNotFound") != std::string::npos);
  story.storage.create_queue("notifications");
  story.control.advance(10min);
  CHECK(story.news() == News{"TrainingCompleted"});
}

TEST_CASE("Story: the container is deleted in between, and backup and notification come when it is back") {
  Story story;
  const std::string id = story.trained();
  story.messages();
  story.storage.remove_container("models");
  story.exported(id);
  CHECK(story.export_status(id) == "Done");
  CHECK(story.news().empty());
  CHECK(story.control.jobs().at(0).last_error.find("ContainerNotFound") != std::string::npos);
  story.storage.create_container("models");
  story.control.advance(10min);
  CHECK(story.backup(id).status == 200);
  CHECK(story.news() == News{"ExportCompleted"});
}

TEST_CASE("Story: the right to the storage is taken away between creation and delivery") {
  Story story;
  std::string id;
  {
    const auto fault = story.control.inject({}, {}, Action::storage_denied("delivery"));
    id = story.trained();
    CHECK(fault.applied() == 1);
    CHECK(story.news().empty());
  }
  CHECK(story.explanation(id).find("AuthorizationPermissionMismatch") != std::string::npos);
  story.control.advance(10min);
  CHECK(story.news() == News{"TrainingCompleted"});
}

TEST_CASE(
    "Story: a permission is taken away while models are made, and the delivery says so until it is back") {
  Story story;
  const std::string id = story.trained();
  story.messages();
  story.control.set_identity({.blob_contributor = false});
  story.exported(id);
  CHECK(story.export_status(id) == "Done");
  CHECK(story.storage.blob_names("models").empty());
  const auto jobs = story.control.jobs();
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].attempts == 1);
  CHECK(jobs[0].last_error.find("Storage Blob Data Contributor") != std::string::npos);
  story.control.set_identity({});
  story.control.advance(5s);
  CHECK(story.storage.blob_names("models").size() == 1);
  CHECK(story.news() == News{"ExportCompleted"});
}

TEST_CASE("Story: a project cannot be integrated while a prerequisite is missing") {
  Story story;
  const auto refusal = [&](const cvemu::Control::Identity& identity, const std::string& query) {
    story.control.set_identity(identity);
    const Answer answer = story.training.post("/projects?name=x&" + query);
    CHECK(answer.status == 400);
    return answer.body;
  };
  const std::string with_queue = "notificationQueueUri=" + cvemu::percent_encode(story.queue);
  const std::string with_container = "exportModelContainerUri=" + cvemu::percent_encode(story.container);
  CHECK(refusal({.managed_identity = false}, with_queue).find("no managed identity") != std::string::npos);
  CHECK(refusal({.queue_contributor = false}, with_queue).find("Storage Queue Data Contributor") !=
        std::string::npos);
  CHECK(refusal({.blob_contributor = false}, with_container).find("Storage Blob Data Contributor") !=
        std::string::npos);
  CHECK(refusal({.multi_service_resource = true}, with_queue).find("multi-service") != std::string::npos);
  story.control.set_identity({.queue_contributor = false});
  CHECK(story.training.post("/projects?name=x&" + with_container).status == 200);
}

TEST_CASE("Story: a project cannot be created while its storage refuses") {
  Story story;
  const auto create = [&] {
    return story.training.post("/projects?name=other&notificationQueueUri=" +
                               cvemu::percent_encode(story.queue));
  };
  {
    const auto denied = story.control.inject({}, {}, Action::storage_denied("create"));
    CHECK(create().json()["code"] == "BadRequestInvalidUri");
    CHECK(denied.applied() == 1);
  }
  const auto missing = story.control.inject({}, {}, Action::storage_missing("create"));
  CHECK(create().json()["message"].get<std::string>().find("QueueNotFound") != std::string::npos);
}

TEST_CASE("Story: the backup is announced and is not there") {
  Story story;
  const std::string id = story.trained();
  story.messages();
  const auto fault = story.control.inject({}, {}, Action::backup_missing());
  story.exported(id);
  CHECK(story.news() == News{"ExportCompleted"});
  CHECK(story.backup(id).status == 404);
  CHECK(fault.applied() == 1);
}

TEST_CASE("Story: only half of the backup is there") {
  Story story;
  const std::string id = story.trained();
  const auto fault = story.control.inject({}, {}, Action::backup_truncated());
  story.exported(id);
  const Answer half = story.backup(id);
  CHECK(half.status == 200);
  CHECK(half.body.starts_with("PK"));
  CHECK(half.body.find("PK\5\6") == std::string::npos);  // the end of the archive is missing
  CHECK(fault.applied() == 1);
}
