// How long operations come out: what moved time, the journal and the timeline say the same of it.
#include <algorithm>

#include "story.h"

using namespace testing;

namespace {

std::vector<cvemu::Control::Fired> of_event(const std::vector<cvemu::Control::Fired>& fired,
                                            std::string_view event) {
  std::vector<cvemu::Control::Fired> found;
  std::copy_if(fired.begin(), fired.end(), std::back_inserter(found),
               [&](const auto& one) { return one.event == event; });
  return found;
}

// The answer of the newest such entry of the journal.
Json journal_says(const Story& story, const std::string& operation) {
  const Json entries =
      call_control(story.emulator, "GET", "/journal?internal=true&operation=" + operation).json()["entries"];
  REQUIRE_FALSE(entries.empty());
  CHECK(entries[0]["internal"] == true);
  CHECK(entries[0]["project"] == story.project);
  return Json::parse(entries[0]["response"]["body"].get<std::string>());
}

// The link of the chain that tells of the event.
Json timeline_says(const Story& story, const std::string& iteration, const std::string& event) {
  const Json chain = call_control(story.emulator, "GET", "/timeline?iteration=" + iteration).json()["chain"];
  const auto link =
      std::find_if(chain.begin(), chain.end(), [&](const Json& one) { return one["what"] == event; });
  REQUIRE(link != chain.end());
  return *link;
}

}  // namespace

TEST_CASE("Outcome: a training that completes") {
  const Story story;
  const std::string id = story.train();
  const auto ended = of_event(story.control.advance(Story::kTrainingTime), "training.finished");
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].succeeded);
  CHECK(ended[0].outcome == "Completed");
  CHECK(ended[0].details.empty());
  CHECK(journal_says(story, "FinishTraining")["status"] == "Completed");
  CHECK(timeline_says(story, id, "training.finished")["outcome"] == "Completed");
}

TEST_CASE("Outcome: a training that was to fail has not succeeded, and says why") {
  const Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true, .details = "Out of memory."}});
  const std::string id = story.train();
  const auto fired = story.control.advance(Story::kTrainingTime);
  const auto ended = of_event(fired, "training.finished");
  REQUIRE(ended.size() == 1);
  CHECK_FALSE(ended[0].succeeded);
  CHECK(ended[0].outcome == "Failed");
  CHECK(ended[0].details == "Out of memory.");
  CHECK(of_event(fired, "notification.enqueued").at(0).succeeded);  // the message itself went well
  const Json entry = journal_says(story, "FinishTraining");
  CHECK(entry["event"] == "training.finished");
  CHECK(entry["status"] == "Failed");
  CHECK(entry["trainingErrorDetails"] == "Out of memory.");
  const Json link = timeline_says(story, id, "training.finished");
  CHECK(link["outcome"] == "Failed");
  CHECK(link["trainingErrorDetails"] == "Out of memory.");
}

TEST_CASE("Outcome: a training decided by hand") {
  const Story story;
  story.train();
  const auto failed = story.control.fail(story.control.operations("demo", "training").at(0).id, "By hand.");
  CHECK_FALSE(failed.at(0).succeeded);
  CHECK(failed.at(0).details == "By hand.");
  story.train();
  CHECK(story.control.complete(story.control.operations("demo", "training").at(0).id).at(0).succeeded);
}

TEST_CASE("Outcome: a training whose project was deleted has no outcome") {
  const Story story;
  story.train();
  REQUIRE(story.training.remove("/projects/" + story.project).status == 204);
  const auto ended = of_event(story.control.advance(Story::kTrainingTime), "training.finished");
  REQUIRE(ended.size() == 1);
  CHECK_FALSE(ended[0].succeeded);
  CHECK(ended[0].outcome.empty());
  CHECK(ended[0].details.find("deleted") != std::string::npos);
}

TEST_CASE("Outcome: exports, done and failed, with platform and reason") {
  const Story story;
  const std::string id = story.trained();
  story.control.set_outcomes(cvemu::OperationKind::Export, {{.fails = true, .details = "No room."}});
  story.export_model(id);
  const auto failed = of_event(story.control.advance(Story::kExportTime), "export.finished");
  REQUIRE(failed.size() == 1);
  CHECK_FALSE(failed[0].succeeded);
  CHECK(failed[0].outcome == "Failed");
  CHECK(journal_says(story, "FinishExport")["details"] == "No room.");
  CHECK(timeline_says(story, id, "export.finished")["platform"] == "ONNX");
  story.control.clear_outcomes(cvemu::OperationKind::Export);
  story.export_model(id);
  const auto done = of_event(story.control.advance(Story::kExportTime), "export.finished");
  REQUIRE(done.size() == 1);
  CHECK(done[0].succeeded);
  CHECK(done[0].outcome == "Done");
  CHECK(journal_says(story, "FinishExport")["status"] == "Done");
}

TEST_CASE("Outcome: a training that is announced first shows its end with the second run") {
  const Story story;
  story.control.set_outcomes(cvemu::OperationKind::Training,
                             {{.notifies_early = true, .notification_gap = std::chrono::seconds(5)}});
  story.train();
  const auto ended =
      of_event(story.control.advance(Story::kTrainingTime + std::chrono::seconds(5)), "training.finished");
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].outcome == "Training");
  CHECK(ended[1].outcome == "Completed");
}

TEST_CASE("Outcome: a delivery that fails says so in words for people") {
  const Story story;
  REQUIRE(story.storage.signed_request("DELETE", story.queue).status == 204);
  story.train();
  const auto failed = of_event(story.control.advance(Story::kTrainingTime), "delivery.failed");
  REQUIRE(failed.size() == 1);
  CHECK_FALSE(failed[0].succeeded);
  CHECK(failed[0].details == story.control.jobs().at(0).last_error);
  CHECK_FALSE(failed[0].details.empty());
}

TEST_CASE("Outcome: an import, well and badly") {
  const Story story;
  for (const bool fails : {false, true}) {
    CAPTURE(fails);
    if (fails)
      story.control.set_outcomes(cvemu::OperationKind::Import, {{.fails = true, .details = "Not today."}});
    const Json exported = story.training.get("/projects/" + story.project + "/export").json();
    const std::string token = exported["token"];
    REQUIRE(story.training.post("/projects/import?token=" + percent_encode(token)).status == 200);
    const auto ended = of_event(story.control.run_until_idle(), "import.finished");
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].succeeded != fails);
    CHECK(ended[0].outcome == (fails ? "Failed" : "Succeeded"));
    CHECK(ended[0].details == (fails ? "Not today." : ""));
  }
}
