// The journal, waiting, and what the emulator says about both.
#include <thread>

#include "base/text.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kNobodysProject = "00000000-0000-4000-8000-000000000001";

}  // namespace

TEST_CASE(
    "journal: an answer the client has read is in it, with the emulator's own deliveries and without "
    "control") {
  const Story story;
  const auto journal = story.control.journal();
  const std::uint64_t mark = journal.mark();
  const std::string iteration = story.trained();
  const auto calls = journal.find({.since = mark});
  REQUIRE(calls.size() == 4);
  CHECK(calls[0].operation == "TrainProject");
  CHECK(calls[0].status == 200);
  CHECK(calls[0].response_body.find(iteration) != std::string::npos);
  CHECK(calls[1].operation == "DeleteBlob");  // the connection test's, a minute later
  CHECK(calls[1].internal);
  CHECK(calls[2].operation == "FinishTraining");  // nobody's request
  CHECK(calls[2].internal);
  CHECK(calls[3].operation == "PutMessage");
  CHECK(calls[3].internal);
  CHECK(calls[3].request_body.find("TrainingCompleted") != std::string::npos);
  const Json entry = call_control(story.emulator, "GET", "/journal/" + std::to_string(calls[0].seq)).json();
  CHECK(entry["project"] == story.project);
  CHECK(entry["request"]["headers"]["Training-Key"] == "***");
}

TEST_CASE("journal: filters") {
  const Story story;
  const auto journal = story.control.journal();
  story.trained();
  story.training.get("/projects/" + std::string(kNobodysProject));
  send("GET", story.emulator.training_endpoint() + "/nothing/here");
  CHECK(journal.count({.status = "4xx"}) == 2);
  CHECK(journal.count({.status = "404", .unknown = true}) == 1);
  CHECK(journal.count({.operation = "GetProject"}) == 1);
  CHECK(journal.count({.project = "demo"}) == journal.count({.project = story.project}));
  CHECK(journal.count({.queue = "notifications", .internal = true}) == 2);
  CHECK(journal.count({.container = "models", .blob = "CustomVision-TestPermission/*"}) == 2);
  CHECK(journal.count({.path = "*/train", .remark = "*"}) == 0);
  CHECK_THROWS_AS(journal.count({.operation = "TrainProjct"}), cvemu::ControlError);
  CHECK(call_control(story.emulator, "GET", "/journal?opertion=x").json()["didYouMean"] == "operation");
  CHECK(call_control(story.emulator, "GET", "/journal?status=nine").status == 400);
}

TEST_CASE("journal: keys and signatures are masked in every form") {
  const Story story;
  const std::string uri = story.queue + "?sv=2021-12-02&sig=SECRET";
  story.training.post("/projects?name=x&notificationQueueUri=" + cvemu::percent_encode(uri));
  for (const char* format : {"json", "ndjson", "har", "curl"}) {
    const std::string text =
        call_control(story.emulator, "GET", std::string("/journal?format=") + format).body;
    CHECK(text.find("SECRET") == std::string::npos);
    CHECK(text.find("any key") == std::string::npos);
    CHECK(text.find("notificationQueueUri") != std::string::npos);
  }
  const Json har = call_control(story.emulator, "GET", "/journal?format=har").json();
  CHECK(har["log"]["version"] == "1.2");
  CHECK(har["log"]["entries"].size() == story.control.journal().count());
  CHECK(call_control(story.emulator, "GET", "/journal?format=curl&limit=1")
            .body.starts_with("curl -X POST 'http://127.0.0.1:"));
}

TEST_CASE("journal: a retry is known by method, URL and body") {
  const Story story;
  const auto journal = story.control.journal();
  {
    const auto fault =
        story.control.inject({.operation = "CreateTag"}, {.first = 1}, cvemu::Action::status(503));
    story.training.post("/projects/" + story.project + "/tags?name=a");
    story.training.post("/projects/" + story.project + "/tags?name=b");  // another call
    story.training.post("/projects/" + story.project + "/tags?name=a");
  }
  const auto calls = journal.find({.operation = "CreateTag", .status = "200"});
  const auto failed = journal.find({.operation = "CreateTag", .status = "503"});
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].fault == "fault-1");
  CHECK(calls.back().retry_of == failed[0].seq);
  CHECK(journal.count({.operation = "CreateTag", .since = failed[0].seq - 1}) == 3);
  CHECK(journal.calls({.operation = "CreateTag", .since = failed[0].seq - 1}) == 2);
}

TEST_CASE("journal: the oldest go when room is short, and the count says so") {
  const cvemu::Emulator emulator({.journal_max = 3});
  const Training training(emulator);
  for (int i = 0; i < 5; ++i) training.get("/domains");
  const Json all = call_control(emulator, "GET", "/journal").json();
  CHECK(all["entries"].size() == 3);
  CHECK(all["entries"][0]["seq"] == 5);
  CHECK(all["evicted"] == 2);
  CHECK(call_control(emulator, "GET", "/journal/1").status == 404);
  CHECK(call_control(emulator, "POST", "/journal/count", "{}").json()["evicted"] == 2);
  call_control(emulator, "DELETE", "/journal");
  CHECK(call_control(emulator, "GET", "/journal").json()["entries"].empty());
}

TEST_CASE("journal: verify says what came nearest, field by field") {
  const Story story;
  const auto journal = story.control.journal();
  story.trained();
  CHECK(journal.verify({{.match = {.operation = "TrainProject"}, .calls = 1},
                        {.match = {.operation = "PutMessage", .queue = "notifications", .since = 1}},
                        {.match = {.operation = "DeleteProject"}, .never = true}}) == "");
  CHECK(journal.verify({{.match = {.operation = "CreateProject"}}, {.match = {.operation = "TrainProject"}}},
                       true) == "");
  const std::string order = journal.verify(
      {{.match = {.operation = "TrainProject"}}, {.match = {.operation = "CreateProject"}}}, true);
  CHECK_MESSAGE(order.find("before #") != std::string::npos, order);
  const std::string near =
      journal.near_misses({.operation = "TrainProject", .method = "POST", .status = "404"});
  CHECK_MESSAGE(near.find("status: wanted 404, was 200") != std::string::npos, near);
  CHECK(journal.verify({{.match = {.operation = "TrainProject"}, .calls = 2}})
            .find("expected 2 calls, were 1") != std::string::npos);
  CHECK(call_control(story.emulator, "POST", "/journal/verify",
                     R"({"expect":[{"match":{"operation":"GetTags"},"never":true}]})")
            .json()["ok"] == true);
}

TEST_CASE("wait: for a request, a message, a blob, a state, and for nothing to be left") {
  const Story story;
  const auto wait = [&](const std::string& condition, const std::string& timeout = "5s") {
    return call_control(story.emulator, "POST", "/wait",
                        R"({"for":)" + condition + R"(,"timeout":")" + timeout + "\"}");
  };
  std::thread other([&] { story.training.get("/domains"); });
  CHECK(story.control.journal().wait_for({.operation = "GetDomains"}).status == 200);
  other.join();

  const std::string iteration = story.trained();
  CHECK(wait(R"({"iteration":{"project":"demo","status":"Completed"}})").json()["id"] == iteration);
  const Json message = wait(R"({"message":{"queue":"notifications","type":"Training"}})").json();
  CHECK(message["content"]["Content"]["iterationId"] == iteration);
  story.exported(iteration);
  CHECK(wait(R"({"blob":{"container":"models","name":"*.ONNX"}})").json()["length"] > 0);
  CHECK(wait(R"({"idle":true})").status == 200);

  const Answer late = wait(R"({"message":{"queue":"notifications","type":"Import"}})", "1ms");
  CHECK(late.status == 408);
  const std::string why = late.json()["message"];
  CHECK_MESSAGE(why.find("TrainingCompleted") != std::string::npos, why);
  CHECK_MESSAGE(why.find("the clock is frozen") != std::string::npos, why);
  CHECK(wait(R"({"massage":{}})").json()["didYouMean"] == "message");
  CHECK(wait(R"({"message":{}})").status == 400);
}

TEST_CASE("wait: says what is due next when the clock stands still") {
  const Story story;
  story.train();
  const Answer late = call_control(story.emulator, "POST", "/wait",
                                   R"({"for":{"iteration":{"project":"demo"}},"timeout":"1ms"})");
  CHECK(late.status == 408);
  const std::string why = late.json()["message"];
  CHECK_MESSAGE(why.find("due next: finish_training") != std::string::npos, why);
  CHECK_MESSAGE(why.find(R"("status":"Training")") != std::string::npos, why);
}

TEST_CASE("timeline: one chain from request to delete") {
  const Story story;
  const std::string iteration = story.trained();
  const auto verdict = [&] { return Json::parse(story.control.journal().explain(iteration))["verdict"]; };
  CHECK(verdict() == "delivered, not received yet");
  story.messages();
  CHECK(verdict() == "delivered and deleted after 1 receive");
  const Json timeline = call_control(story.emulator, "GET", "/timeline?iteration=" + iteration).json();
  std::vector<std::string> what;
  for (const Json& link : timeline["chain"]) what.push_back(link["what"]);
  CHECK(what == std::vector<std::string>{"TrainProject", "training.finished", "notification.enqueued",
                                         "GetMessages", "DeleteMessage"});
  const std::string message = timeline["chain"][2]["message"];
  CHECK(call_control(story.emulator, "GET", "/timeline?message=" + message).json()["chain"].size() == 3);
  CHECK(Json::parse(story.control.journal().timeline("demo"))["chain"].size() > 4);
  CHECK(call_control(story.emulator, "GET", "/explain?iteration=nothing").status == 404);
}

TEST_CASE("explain: why there is no notification") {
  const Story story;
  const auto reason = [&](const std::string& id) {
    return Json::parse(story.control.journal().explain(id))["reason"].get<std::string>();
  };
  const std::string iteration = story.train();
  CHECK(reason(iteration).find("not over: finish_training") != std::string::npos);
  const std::string silent = trainable_project(story.training);
  const std::string other = story.training.post("/projects/" + silent + "/train").json()["id"];
  CHECK(reason(other).find("no notificationQueueUri") != std::string::npos);
}
