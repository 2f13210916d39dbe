// Every action of the catalogue at both endpoints, the route and the object: what the code under test sees of
// it, and how it is counted. Each rule hits the first request that fits, and the second one finds all well.
#include <algorithm>
#include <functional>
#include <thread>

#include "base/text.h"
#include "http/test_client.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

namespace {

struct Hit {
  Story story;
  std::function<int()> matched;
};

struct Case {
  std::string type;
  std::string operation;  // that the rule is tied to; "": any
  std::string json;       // the action's members
  Action action;
  std::function<void(const Hit&)> seen;
  int absorbed;  // 1 if the second request was a retry of the first
};

Answer domains(const Story& story) {
  return story.training.get("/domains");
}

void breaks(const Hit& hit) {
  CHECK_THROWS(domains(hit.story));
  CHECK(domains(hit.story).status == 200);
}

// A client that looks at the bytes one by one.
cvemu::TestClient begin_domains(const Story& story) {
  cvemu::TestClient client(story.emulator.port());
  client.send(
      "GET /customvision/v3.3/training/domains HTTP/1.1\r\nHost: localhost\r\nTraining-Key: any key\r\n\r\n");
  return client;
}

// `size` bytes of the body come, and then nothing.
void stops_after(const Hit& hit, std::size_t size) {
  cvemu::TestClient client = begin_domains(hit.story);
  const std::string some = client.read_some(size);
  CHECK(some.size() - some.find("\r\n\r\n") - 4 == size);
  CHECK(client.is_quiet());
  CHECK(domains(hit.story).status == 200);
}

void keeps_waiting(const Hit& hit) {
  cvemu::TestClient client = begin_domains(hit.story);
  while (hit.matched() == 0) std::this_thread::yield();
  CHECK(client.is_quiet());
  CHECK(domains(hit.story).status == 200);
}

void exports(const Story& story, const std::string& first) {
  const std::string hit = story.trained(), spared = story.trained();
  for (const std::string& id : {hit, spared}) CHECK(story.exported(id).status == 200);
  CHECK(story.export_status(hit) == first);
  CHECK(story.export_status(spared) == "Done");
}

// The messages there are after each of two trainings.
void messages_after_trainings(const Story& story, std::size_t first, std::size_t second) {
  story.trained();
  CHECK(story.messages().size() == first);
  story.trained();
  CHECK(story.messages().size() == second);
}

// Two exports; the first one's backup is not what it should be.
Answer hit_backup(const Story& story) {
  const std::string hit = story.trained(), spared = story.trained();
  for (const std::string& id : {hit, spared}) story.exported(id);
  CHECK(story.backup(spared).body.find("PK\5\6") != std::string::npos);
  return story.backup(hit);
}

std::string imported(const Story& story) {
  const std::string token = story.training.get("/projects/" + story.project + "/export").json()["token"];
  const std::string id =
      story.training.post("/projects/import?token=" + cvemu::percent_encode(token)).json()["id"];
  story.control.advance(1h);
  return story.training.get("/projects/" + id).json()["status"];
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"status", "GetDomains", R"("status": 503, "error": {"code": "Busy", "message": "Come back."})",
       Action::status(503, "Busy", "Come back."),
       [](const Hit& hit) {
         const Answer refused = domains(hit.story);
         CHECK(refused.status == 503);
         CHECK(refused.json()["code"] == "Busy");
         CHECK(refused.json()["message"] == "Come back.");
         CHECK(domains(hit.story).status == 200);
       },
       1},
      {"throttle", "GetDomains", R"("retryAfter": 2)", Action::throttle(2),
       [](const Hit& hit) {
         const Answer refused = domains(hit.story);
         CHECK(refused.status == 429);
         CHECK(refused.header("retry-after") == "2");
         CHECK(domains(hit.story).status == 200);
       },
       1},
      {"delay", "GetDomains", R"("for": "10m")", Action::delay(10min), keeps_waiting, 1},
      {"stall", "GetDomains", R"("afterBytes": 10, "for": "10m")", Action::stall(10, 10min),
       [](const Hit& hit) { stops_after(hit, 10); }, 0},
      {"resetConnection", "GetDomains", "", Action::reset_connection(), breaks, 1},
      {"emptyReply", "GetDomains", "", Action::empty_reply(), breaks, 1},
      {"truncateBody", "GetDomains", R"("afterBytes": 100)", Action::truncate_body(100), breaks, 1},
      {"corruptBody", "GetDomains", R"("afterBytes": 5)", Action::corrupt_body(5),
       [](const Hit& hit) {
         std::string corrupt = domains(hit.story).body;
         const std::string whole = domains(hit.story).body;
         CHECK(corrupt[5] != whole[5]);
         corrupt[5] = whole[5];
         CHECK(corrupt == whole);
       },
       0},
      {"slowBody", "GetDomains", R"("chunk": 7, "pause": "10m")", Action::slow_body(7, 10min),
       [](const Hit& hit) { stops_after(hit, 7); }, 0},
      {"storageDenied", "", R"("at": "delivery")", Action::storage_denied("delivery"),
       [](const Hit& hit) {
         hit.story.trained();
         CHECK(hit.story.news().empty());
         CHECK(hit.story.control.jobs().at(0).last_error.find("AuthorizationPermissionMismatch") !=
               std::string::npos);
         hit.story.control.advance(10min);
         CHECK(hit.story.news() == News{"TrainingCompleted"});
       },
       1},
      {"storageMissing", "", R"("at": "backup")", Action::storage_missing("backup"),
       [](const Hit& hit) {
         const std::string id = hit.story.trained();
         hit.story.exported(id);
         CHECK(hit.story.backup(id).status == 404);
         CHECK(hit.story.control.jobs().at(0).last_error.find("ContainerNotFound") != std::string::npos);
         hit.story.control.advance(10min);
         CHECK(hit.story.backup(id).status == 200);
       },
       1},
      {"trainingFailed", "", R"("details": "Out of memory.")", Action::training_failed("Out of memory."),
       [](const Hit& hit) {
         const std::string failed = hit.story.trained();
         CHECK(hit.story.status(failed) == "Failed");
         CHECK(hit.story.iteration(failed)["trainingErrorDetails"] == "Out of memory.");
         CHECK(hit.story.status(hit.story.trained()) == "Completed");
       },
       0},
      {"trainingStuck", "", "", Action::training_stuck(),
       [](const Hit& hit) {
         const std::string id = hit.story.trained();
         CHECK(hit.story.status(id) == "Training");
         CHECK(hit.story.try_to_train().status == 400);  // one at a time, and the first is still there
         hit.story.control.complete(hit.story.control.operations("demo", "training").at(0).id);
         CHECK(hit.story.status(id) == "Completed");
       },
       0},
      {"exportFailed", "", R"("details": "No room.")", Action::export_failed("No room."),
       [](const Hit& hit) { exports(hit.story, "Failed"); }, 0},
      {"exportStuck", "", "", Action::export_stuck(), [](const Hit& hit) { exports(hit.story, "Exporting"); },
       0},
      {"importFailed", "", "", Action::import_failed(),
       [](const Hit& hit) {
         CHECK(imported(hit.story) == "Failed");
         CHECK(imported(hit.story) == "Succeeded");
       },
       0},
      {"notificationLost", "", "", Action::notification_lost(),
       [](const Hit& hit) { messages_after_trainings(hit.story, 0, 1); }, 0},
      {"notificationDuplicated", "", R"("copies": 2)", Action::notification_duplicated(2),
       [](const Hit& hit) { messages_after_trainings(hit.story, 3, 1); }, 0},
      {"notificationDelayed", "", R"("by": "10m")", Action::notification_delayed(10min),
       [](const Hit& hit) {
         messages_after_trainings(hit.story, 0, 1);
         hit.story.control.advance(10min);
         CHECK(hit.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"notificationReordered", "", R"("window": "1h")", Action::notification_reordered(1h),
       [](const Hit& hit) {
         const std::string first = hit.story.trained(), second = hit.story.trained();
         CHECK(hit.story.notifications().at(0)["iterationId"] == second);
         hit.story.control.advance(1h);
         CHECK(hit.story.notifications().at(0)["iterationId"] == first);
       },
       0},
      {"notificationEarly", "", R"("by": "5s")", Action::notification_early(5s),
       [](const Hit& hit) {
         const std::string id = hit.story.trained();
         CHECK(hit.story.news() == News{"TrainingCompleted"});
         CHECK(hit.story.status(id) == "Training");
         hit.story.control.advance(5s);
         CHECK(hit.story.status(id) == "Completed");
         CHECK(hit.story.status(hit.story.trained()) == "Completed");
         CHECK(hit.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"notificationMalformed", "", R"("kind": "plainText")", Action::notification_malformed("plainText"),
       [](const Hit& hit) {
         hit.story.trained();
         CHECK(hit.story.messages() == std::vector<std::string>{"Training completed"});
         hit.story.trained();
         CHECK(hit.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"backupMissing", "", "", Action::backup_missing(),
       [](const Hit& hit) { CHECK(hit_backup(hit.story).status == 404); }, 0},
      {"backupTruncated", "", "", Action::backup_truncated(),
       [](const Hit& hit) {
         const Answer half = hit_backup(hit.story);
         CHECK(half.body.starts_with("PK"));
         CHECK(half.body.find("PK\5\6") == std::string::npos);
       },
       0},
      {"listOrder", "GetDomains", R"("order": "reverse")", Action::list_order("reverse"),
       [](const Hit& hit) {
         Json list = domains(hit.story).json();
         std::reverse(list.begin(), list.end());
         CHECK(list == domains(hit.story).json());
       },
       0},
  };
  return all;
}

void hit_by_route(const Case& one) {
  Hit hit;
  const std::string faults = hit.story.emulator.training_endpoint() + "/_emulator/faults";
  Json rule = Json::parse(R"({"match": {}, "when": {"requests": {"first": 1}}})");
  if (!one.operation.empty()) rule["match"]["operation"] = one.operation;
  rule["action"] =
      Json::parse("{\"type\": \"" + one.type + '"' + (one.json.empty() ? "" : ", ") + one.json + '}');
  const Answer made = send("POST", faults, rule.dump());
  REQUIRE_MESSAGE(made.status == 201, made.body);
  const std::string mine = faults + '/' + made.json()["id"].get<std::string>();
  hit.matched = [mine] { return send("GET", mine).json()["matched"].get<int>(); };
  one.seen(hit);
  const Json counts = send("DELETE", mine).json();
  CHECK(counts["matched"] == 2);
  CHECK(counts["applied"] == 1);
  CHECK(counts["absorbed"] == one.absorbed);
  CHECK(counts["remaining"] == 0);
}

void hit_by_object(const Case& one) {
  Hit hit;
  const cvemu::Fault fault = hit.story.control.inject({.operation = one.operation}, {.first = 1}, one.action);
  hit.matched = [&fault] { return fault.matched(); };
  one.seen(hit);
  CHECK(fault.matched() == 2);
  CHECK(fault.applied() == 1);
  CHECK(fault.absorbed() == one.absorbed);
  CHECK(fault.remaining() == 0);
}

}  // namespace

TEST_CASE("fault actions: no action of the catalogue is without its case here") {
  cvemu::Emulator emulator;
  std::vector<std::string> catalogue, tested;
  const Json answer = Json::parse(emulator.control().call("GET", "/_emulator/faults/catalog"));
  for (const Json& action : answer["actions"]) catalogue.push_back(action["type"]);
  for (const Case& one : cases()) tested.push_back(one.type);
  CHECK(tested == catalogue);
}

TEST_CASE("fault actions: each one asked for by the route hits once and is counted") {
  for (const Case& one : cases()) SUBCASE(one.type.c_str()) hit_by_route(one);
}

TEST_CASE("fault actions: each one asked for by the object hits once and is counted") {
  for (const Case& one : cases()) SUBCASE(one.type.c_str()) hit_by_object(one);
}
