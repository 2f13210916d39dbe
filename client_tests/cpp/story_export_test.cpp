// Stories about exports, permissions and restarts.
#include <filesystem>

#include "base/ids.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

struct Trained : Story {
  explicit Trained(cvemu::Options options = {}) : Story(std::move(options)) {
    control.advance(90s);
    notifications();
  }
  std::string id = train();
};

}  // namespace

TEST_CASE("Story: an export fails, and may be asked for again") {
  Trained story;
  story.control.script("export", {{.fails = true}, {}});
  story.export_model(story.id);
  story.control.advance(10s);
  CHECK(story.export_status(story.id) == "Failed");
  const auto told = story.notifications();
  REQUIRE(told.size() == 1);
  CHECK(told[0]["exportStatus"] == "ExportFailed");
  CHECK(told[0]["modelUri"].is_null());
  CHECK(story.export_model(story.id).status == 200);
  story.control.advance(10s);
  CHECK(story.export_status(story.id) == "Done");
  CHECK(story.news() == News{"ExportCompleted"});
}

TEST_CASE("Story: an export is stuck, and a second one is refused") {
  Trained story;
  story.control.script("export", {{.hold = true}});
  story.export_model(story.id);
  story.control.run_until_idle();
  CHECK(story.export_status(story.id) == "Exporting");
  CHECK(story.export_model(story.id).status == 400);
  CHECK(story.storage.blob_names("models").empty());
  story.control.complete(story.control.operations(story.project, "export").at(0).id);
  CHECK(story.export_status(story.id) == "Done");
  CHECK(story.storage.blob_names("models").size() == 1);
}

TEST_CASE("Story: backup and notification are there before the API says Done") {
  Trained story;
  story.control.script("export", {{.notifies_early = true}});
  story.export_model(story.id);
  story.control.advance(10s);
  CHECK(story.news() == News{"ExportCompleted"});
  CHECK(story.export_status(story.id) == "Exporting");
  story.control.advance(1s);
  CHECK(story.export_status(story.id) == "Done");
}

TEST_CASE("Story: an import fails") {
  Story story;
  const std::string token = story.training.get("/projects/" + story.project + "/export").json()["token"];
  story.control.script("import", {{.fails = true}});
  const std::string copy =
      story.training.post("/projects/import?token=" + cvemu::percent_encode(token)).json()["id"];
  story.control.run_until_idle();
  CHECK(story.training.get("/projects/" + copy).json()["status"] == "Failed");
}

TEST_CASE("Story: a permission is taken away while models are made, and the delivery says so until it is back") {
  Trained story;
  story.control.set_identity({.blob_contributor = false});
  story.export_model(story.id);
  story.control.advance(10s);
  CHECK(story.export_status(story.id) == "Done");
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
  CHECK(refusal({.queue_contributor = false}, with_queue).find("Storage Queue Data Contributor") != std::string::npos);
  CHECK(refusal({.blob_contributor = false}, with_container).find("Storage Blob Data Contributor") !=
        std::string::npos);
  CHECK(refusal({.multi_service_resource = true}, with_queue).find("multi-service") != std::string::npos);
  story.control.set_identity({.queue_contributor = false});
  CHECK(story.training.post("/projects?name=x&" + with_container).status == 200);
}

TEST_CASE("Story: the service restarts in mid-training; scripts, clock and pending work survive") {
  const auto folder = std::filesystem::temp_directory_path() / ("cvemu-" + cvemu::IdSource().uuid().compact());
  std::string project, id;
  cvemu::Control::Time left;
  cvemu::Options options{.location = folder};
  {
    Story story(options);
    story.control.script("training", {{.fails = true, .details = "after the restart"}});
    id = story.train();
    story.control.advance(30s);
    project = story.project;
    left = story.control.now();
    options.queue_port = story.emulator.queue_port();
  }
  {
    cvemu::Emulator again(options);
    CHECK(again.control().clock() == "frozen");
    CHECK(again.control().now() == left);
    again.control().advance(60s);
    const Training training(again, "v3.4-preview");
    const Json iteration = training.get("/projects/" + project + "/iterations/" + id).json();
    CHECK(iteration.at("trainingErrorDetails") == "after the restart");
  }
  std::filesystem::remove_all(folder);
}
