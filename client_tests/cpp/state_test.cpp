// The state as a whole: emptied, kept, brought back, compared.
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

Json counts(const Story& story) {
  return call_control(story.emulator, "GET", "/state").json();
}

}  // namespace

TEST_CASE("Reset: everything goes, the answer counts it, and the clock stays") {
  Story story;
  story.train();
  story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true}});
  const auto before = story.control.now();
  const Json answer = call_control(story.emulator, "POST", "/reset").json();
  CHECK(answer["removed"]["projects"] == 1);
  CHECK(answer["removed"]["images"] == 10);
  CHECK(answer["removed"]["iterations"] == 1);
  CHECK(answer["removed"]["queues"] == 1);
  CHECK(answer["removed"]["containers"] == 1);
  CHECK(answer["removed"]["jobs"] == 2);
  CHECK(answer["generation"] == 2);
  CHECK(story.control.now() == before);
  CHECK(story.control.jobs().empty());
  CHECK(call_control(story.emulator, "GET", "/transitions").json()["transitions"].empty());
  CHECK(story.training.get("/projects").body == "[]");
  CHECK(story.storage.create_queue("notifications") == story.queue);
  CHECK(trainable_project(story.training).size() == 36);
}

TEST_CASE("Reset: a part goes, and the rest stays") {
  const std::pair<const char*, const char*> parts[] = {
      {"projects", "projects"}, {"queues", "queues"}, {"blobs", "containers"}, {"operations", "jobs"}};
  for (const auto& part : parts) {
    const char *const scope = part.first, *const gone = part.second;
    Story story;
    story.train();
    const Json before = counts(story);
    story.control.reset({scope});
    const Json after = counts(story);
    for (const char* name : {"projects", "queues", "containers", "jobs"})
      CHECK_MESSAGE(after[name] == (std::string(name) == gone ? Json(0) : before[name]), scope, ' ', name);
  }
}

TEST_CASE("Reset: faults and journal go, too, or alone") {
  const Story story;
  const auto begin = [&] {
    story.control.inject({.operation = "TrainProject"}, {}, cvemu::Action::status(503)).keep();
    CHECK(story.try_to_train().status == 503);
  };
  const auto left = [&] {
    const auto faults = call_control(story.emulator, "GET", "/faults").json()["faults"].size();
    return std::pair(faults, story.control.journal().count());
  };
  begin();
  const auto requests = left().second;
  story.control.reset({"faults"});
  CHECK(left() == std::pair(std::size_t{0}, requests));
  story.control.reset({"journal"});
  CHECK(left() == std::pair(std::size_t{0}, std::size_t{0}));
  CHECK(counts(story)["projects"] == 1);
  begin();
  const Json removed = call_control(story.emulator, "POST", "/reset").json()["removed"];
  CHECK(removed["faults"] == 1);
  CHECK(removed["requests"] == 1);
  CHECK(left() == std::pair(std::size_t{0}, std::size_t{0}));
}

TEST_CASE("Reset: unknown scopes are refused with the nearest name, and nothing goes") {
  Story story;
  const Answer answer = call_control(story.emulator, "POST", "/reset", R"({"scope":["queues","project"]})");
  CHECK(answer.status == 400);
  CHECK(answer.json()["didYouMean"] == "projects");
  CHECK(answer.json()["path"] == "/scope/1");
  CHECK(counts(story)["queues"] == 1);
}

TEST_CASE("Reset: the clock goes back to where the options put it") {
  const auto at = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen, .clock_at = at});
  emulator.control().advance(24h);
  emulator.control().resume();
  emulator.control().reset({"clock"});
  CHECK(emulator.control().clock() == cvemu::ClockMode::Frozen);
  CHECK(emulator.control().now() == at);
}

TEST_CASE("Snapshots: restored as often as wanted, with clock, jobs and blobs") {
  Story story;
  const std::string id = story.train();
  const auto then = story.control.now();
  const std::string before = story.control.state();
  CHECK(story.control.snapshot("in training").bytes > 10'000);
  for (int i = 0; i < 2; ++i) {
    story.control.advance(90s);
    CHECK(story.status(id) == "Completed");
    CHECK(story.news() == News{"TrainingCompleted"});
    story.control.restore("in training");
    CHECK(story.control.now() == then);
    CHECK(story.control.state() == before);
    CHECK(story.status(id) == "Training");
  }
  CHECK(story.control.snapshots().size() == 1);
  CHECK(call_control(story.emulator, "GET", "/snapshots/in%20training").json()["name"] == "in training");
  CHECK(call_control(story.emulator, "POST", "/snapshots/in%20training/restore")
            .json()["generation"]
            .get<int>() > 2);
  story.control.remove_snapshot("in training");
  CHECK_THROWS_AS(story.control.restore("in training"), cvemu::ControlError);
  CHECK(call_control(story.emulator, "DELETE", "/snapshots/x").status == 404);
}

TEST_CASE("Archive: the whole state moves into another emulator") {
  Story story;
  const std::string id = story.train();
  const std::string archive = story.control.export_archive();
  cvemu::Emulator other;
  other.control().import_archive(archive);
  CHECK(other.control().now() == story.control.now());
  const Training training(other);
  CHECK(training.get("/projects/" + story.project + "/iterations/" + id).json()["status"] == "Training");
  other.control().run_until("training.finished");
  CHECK(training.get("/projects/" + story.project + "/iterations/" + id).json()["status"] == "Completed");
}

TEST_CASE("Archive: cut anywhere, or with any byte changed, it is refused whole") {
  Story story;
  story.train();
  const std::string archive = story.control.export_archive();
  const std::string before = story.control.state();
  const auto is_refused = [&](const std::string& bytes) {
    const Answer answer = call_control(story.emulator, "POST", "/import", bytes);
    return answer.status == 400 && answer.json().value("message", "") != "" &&
           story.control.state() == before;
  };
  const std::size_t line = archive.find('\n'), step = archive.size() / 40;
  for (std::size_t end = 0; end < archive.size(); end += end < line + 2 ? line / 8 : step)
    CHECK_MESSAGE(is_refused(archive.substr(0, end)), "cut at ", end);
  for (std::size_t at = 0; at < archive.size(); at += at < line + 2 ? 3 : step + 7) {
    std::string flipped = archive;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x04);
    CHECK_MESSAGE(is_refused(flipped), "changed at ", at);
  }
  CHECK(is_refused(archive + "x"));
  CHECK(call_control(story.emulator, "POST", "/import", archive).status == 200);
}

// As 0.1.0 wrote it: without a digest, so that only the database itself can show the damage.
TEST_CASE("Archive: one without a digest is taken, and refused if its pages are damaged") {
  Story story;
  story.train();
  std::string archive = story.control.export_archive();
  const std::string before = story.control.state();
  const std::size_t digest = archive.find(",\"sha256\"");
  archive.erase(digest, archive.find('}', digest) - digest);
  const std::size_t image = archive.find('\n') + 1;
  for (std::size_t page = 4096; page < archive.size() - image; page += 4096 * 3) {
    std::string damaged = archive;
    damaged.replace(image + page, 64, 64, '\xff');
    const Answer answer = call_control(story.emulator, "POST", "/import", damaged);
    CHECK_MESSAGE(answer.status == 400, "page at ", page);
    CHECK(answer.json()["code"] == "InvalidArchive");
    CHECK(answer.body.find("SQL") == std::string::npos);
    CHECK(story.control.state() == before);
  }
  CHECK(call_control(story.emulator, "POST", "/import", archive).status == 200);
}

TEST_CASE("Archive: newer, broken and foreign ones are refused by name, and nothing changes") {
  Story story;
  const std::string archive = story.control.export_archive();
  const std::string before = story.control.state();
  const std::size_t line = archive.find('\n');
  Json manifest = Json::parse(archive.substr(0, line));
  manifest["schema"] = 999;
  const auto refusal = [&](const std::string& bytes) {
    const Answer answer = call_control(story.emulator, "POST", "/import", bytes);
    CHECK(answer.status == 400);
    return answer.json();
  };
  const Json newer = refusal(manifest.dump() + archive.substr(line));
  CHECK(newer["code"] == "NewerArchive");
  CHECK(newer["message"].get<std::string>().find("999") != std::string::npos);
  CHECK(refusal(archive.substr(0, archive.size() - 1))["code"] == "InvalidArchive");
  CHECK(refusal("rubbish")["code"] == "InvalidArchive");
  manifest["schema"] = 1;
  manifest["bytes"] = 8;
  CHECK(refusal(manifest.dump() + "\nrubbish!")["code"] == "InvalidArchive");
  CHECK(story.control.state() == before);
}
