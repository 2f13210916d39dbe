// Stories about exports and imports that do not go well.
#include "base/text.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

namespace {

// A story that begins with a trained iteration.
struct Trained : Story {
  Trained() { messages(); }
  std::string id = trained();
};

}  // namespace

TEST_CASE("Story: an export fails, and may be asked for again") {
  Trained story;
  story.control.set_outcomes(cvemu::OperationKind::Export, {{.fails = true}, {}});
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
  story.control.set_outcomes(cvemu::OperationKind::Export, {{.hold = true}});
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
  story.control.set_outcomes(cvemu::OperationKind::Export, {{.notifies_early = true}});
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
  story.control.set_outcomes(cvemu::OperationKind::Import, {{.fails = true}});
  const std::string copy =
      story.training.post("/projects/import?token=" + cvemu::percent_encode(token)).json()["id"];
  story.control.run_until_idle();
  CHECK(story.training.get("/projects/" + copy).json()["status"] == "Failed");
}

TEST_CASE("Story: the first export fails, by a fault, and the second succeeds") {
  Trained story;
  const auto fault = story.control.inject({.project = "demo"}, {.first = 1}, Action::export_failed());
  story.exported(story.id);
  CHECK(story.export_status(story.id) == "Failed");
  story.exported(story.id);
  CHECK(story.export_status(story.id) == "Done");
  CHECK(story.news() == News{"ExportFailed", "ExportCompleted"});
  CHECK(fault.applied() == 1);
}

TEST_CASE("Story: an export is stuck, by a fault, until it is failed by hand") {
  Trained story;
  const auto fault = story.control.inject({}, {.first = 1}, Action::export_stuck());
  story.exported(story.id);
  story.control.advance(24h);
  CHECK(story.export_status(story.id) == "Exporting");
  CHECK(story.news().empty());
  story.control.fail(story.control.operations("demo", "export").at(0).id);
  CHECK(story.export_status(story.id) == "Failed");
  CHECK(story.news() == News{"ExportFailed"});
}

TEST_CASE("Story: a second export of the same platform is refused") {
  Trained story;
  CHECK(story.exported(story.id).status == 200);
  const Answer refused = story.export_model(story.id);
  CHECK(refused.status == 400);
  CHECK(refused.json()["code"] == "BadRequestExportAlreadyInProgress");
  CHECK(story.control.journal().count({.remark = "second-export"}) == 1);
}
