// Every action of the catalogue at both endpoints, the route and the object: what the code under test sees of it,
// and how it is counted. Each rule strikes the first request that fits, and the second one finds all well.
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

struct Struck {
  Story story;
  std::function<int()> matched;
};

struct Case {
  std::string type;
  std::string operation;  // that the rule is tied to; "": any
  std::string json;       // the action's members
  Action action;
  std::function<void(const Struck&)> seen;
  int absorbed;  // 1 if the second request was a retry of the first
};

Answer domains(const Story& story) {
  return story.training.get("/domains");
}

void breaks(const Struck& struck) {
  CHECK_THROWS(domains(struck.story));
  CHECK(domains(struck.story).status == 200);
}

// A client that looks at the bytes one by one.
cvemu::TestClient begin_domains(const Story& story) {
  cvemu::TestClient client(story.emulator.port());
  client.send(
      "GET /customvision/v3.3/training/domains HTTP/1.1\r\nHost: localhost\r\nTraining-Key: any key\r\n\r\n");
  return client;
}

// `size` bytes of the body come, and then nothing.
void stops_after(const Struck& struck, std::size_t size) {
  cvemu::TestClient client = begin_domains(struck.story);
  const std::string some = client.read_some(size);
  CHECK(some.size() - some.find("\r\n\r\n") - 4 == size);
  CHECK(client.is_quiet());
  CHECK(domains(struck.story).status == 200);
}

void keeps_waiting(const Struck& struck) {
  cvemu::TestClient client = begin_domains(struck.story);
  while (struck.matched() == 0) std::this_thread::yield();
  CHECK(client.is_quiet());
  CHECK(domains(struck.story).status == 200);
}

void exports(const Story& story, const std::string& first) {
  const std::string struck = story.trained(), spared = story.trained();
  for (const std::string& id : {struck, spared}) CHECK(story.exported(id).status == 200);
  CHECK(story.export_status(struck) == first);
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
Answer struck_backup(const Story& story) {
  const std::string struck = story.trained(), spared = story.trained();
  for (const std::string& id : {struck, spared}) story.exported(id);
  CHECK(story.backup(spared).body.find("PK\5\6") != std::string::npos);
  return story.backup(struck);
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
       [](const Struck& struck) {
         const Answer refused = domains(struck.story);
         CHECK(refused.status == 503);
         CHECK(refused.json()["code"] == "Busy");
         CHECK(refused.json()["message"] == "Come back.");
         CHECK(domains(struck.story).status == 200);
       },
       1},
      {"throttle", "GetDomains", R"("retryAfter": 2)", Action::throttle(2),
       [](const Struck& struck) {
         const Answer refused = domains(struck.story);
         CHECK(refused.status == 429);
         CHECK(refused.header("retry-after") == "2");
         CHECK(domains(struck.story).status == 200);
       },
       1},
      {"delay", "GetDomains", R"("for": "10m")", Action::delay(10min), keeps_waiting, 1},
      {"stall", "GetDomains", R"("afterBytes": 10, "for": "10m")", Action::stall(10, 10min),
       [](const Struck& struck) { stops_after(struck, 10); }, 0},
      {"resetConnection", "GetDomains", "", Action::reset_connection(), breaks, 1},
      {"emptyReply", "GetDomains", "", Action::empty_reply(), breaks, 1},
      {"truncateBody", "GetDomains", R"("afterBytes": 100)", Action::truncate_body(100), breaks, 1},
      {"corruptBody", "GetDomains", R"("afterBytes": 5)", Action::corrupt_body(5),
       [](const Struck& struck) {
         std::string corrupt = domains(struck.story).body;
         const std::string whole = domains(struck.story).body;
         CHECK(corrupt[5] != whole[5]);
         corrupt[5] = whole[5];
         CHECK(corrupt == whole);
       },
       0},
      {"slowBody", "GetDomains", R"("chunk": 7, "pause": "10m")", Action::slow_body(7, 10min),
       [](const Struck& struck) { stops_after(struck, 7); }, 0},
      {"storageDenied", "", R"("at": "delivery")", Action::storage_denied("delivery"),
       [](const Struck& struck) {
         struck.story.trained();
         CHECK(struck.story.news().empty());
         CHECK(struck.story.control.jobs().at(0).last_error.find("AuthorizationPermissionMismatch") !=
               std::string::npos);
         struck.story.control.advance(10min);
         CHECK(struck.story.news() == News{"TrainingCompleted"});
       },
       1},
      {"storageMissing", "", R"("at": "backup")", Action::storage_missing("backup"),
       [](const Struck& struck) {
         const std::string id = struck.story.trained();
         struck.story.exported(id);
         CHECK(struck.story.backup(id).status == 404);
         CHECK(struck.story.control.jobs().at(0).last_error.find("ContainerNotFound") != std::string::npos);
         struck.story.control.advance(10min);
         CHECK(struck.story.backup(id).status == 200);
       },
       1},
      {"trainingFailed", "", R"("details": "Out of memory.")", Action::training_failed("Out of memory."),
       [](const Struck& struck) {
         const std::string failed = struck.story.trained();
         CHECK(struck.story.status(failed) == "Failed");
         CHECK(struck.story.iteration(failed)["trainingErrorDetails"] == "Out of memory.");
         CHECK(struck.story.status(struck.story.trained()) == "Completed");
       },
       0},
      {"trainingStuck", "", "", Action::training_stuck(),
       [](const Struck& struck) {
         const std::string id = struck.story.trained();
         CHECK(struck.story.status(id) == "Training");
         CHECK(struck.story.try_to_train().status == 400);  // one at a time, and the first is still there
         struck.story.control.complete(struck.story.control.operations("demo", "training").at(0).id);
         CHECK(struck.story.status(id) == "Completed");
       },
       0},
      {"exportFailed", "", R"("details": "No room.")", Action::export_failed("No room."),
       [](const Struck& struck) { exports(struck.story, "Failed"); }, 0},
      {"exportStuck", "", "", Action::export_stuck(),
       [](const Struck& struck) { exports(struck.story, "Exporting"); }, 0},
      {"importFailed", "", "", Action::import_failed(),
       [](const Struck& struck) {
         CHECK(imported(struck.story) == "Failed");
         CHECK(imported(struck.story) == "Succeeded");
       },
       0},
      {"notificationLost", "", "", Action::notification_lost(),
       [](const Struck& struck) { messages_after_trainings(struck.story, 0, 1); }, 0},
      {"notificationDuplicated", "", R"("copies": 2)", Action::notification_duplicated(2),
       [](const Struck& struck) { messages_after_trainings(struck.story, 3, 1); }, 0},
      {"notificationDelayed", "", R"("by": "10m")", Action::notification_delayed(10min),
       [](const Struck& struck) {
         messages_after_trainings(struck.story, 0, 1);
         struck.story.control.advance(10min);
         CHECK(struck.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"notificationReordered", "", R"("window": "1h")", Action::notification_reordered(1h),
       [](const Struck& struck) {
         const std::string first = struck.story.trained(), second = struck.story.trained();
         CHECK(struck.story.notifications().at(0)["iterationId"] == second);
         struck.story.control.advance(1h);
         CHECK(struck.story.notifications().at(0)["iterationId"] == first);
       },
       0},
      {"notificationEarly", "", R"("by": "5s")", Action::notification_early(5s),
       [](const Struck& struck) {
         const std::string id = struck.story.trained();
         CHECK(struck.story.news() == News{"TrainingCompleted"});
         CHECK(struck.story.status(id) == "Training");
         struck.story.control.advance(5s);
         CHECK(struck.story.status(id) == "Completed");
         CHECK(struck.story.status(struck.story.trained()) == "Completed");
         CHECK(struck.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"notificationMalformed", "", R"("kind": "plainText")", Action::notification_malformed("plainText"),
       [](const Struck& struck) {
         struck.story.trained();
         CHECK(struck.story.messages() == std::vector<std::string>{"Training completed"});
         struck.story.trained();
         CHECK(struck.story.news() == News{"TrainingCompleted"});
       },
       0},
      {"backupMissing", "", "", Action::backup_missing(),
       [](const Struck& struck) { CHECK(struck_backup(struck.story).status == 404); }, 0},
      {"backupTruncated", "", "", Action::backup_truncated(),
       [](const Struck& struck) {
         const Answer half = struck_backup(struck.story);
         CHECK(half.body.starts_with("PK"));
         CHECK(half.body.find("PK\5\6") == std::string::npos);
       },
       0},
      {"listOrder", "GetDomains", R"("order": "reverse")", Action::list_order("reverse"),
       [](const Struck& struck) {
         Json list = domains(struck.story).json();
         std::reverse(list.begin(), list.end());
         CHECK(list == domains(struck.story).json());
       },
       0},
  };
  return all;
}

void strike_by_route(const Case& one) {
  Struck struck;
  const std::string faults = struck.story.emulator.training_endpoint() + "/_emulator/faults";
  Json rule = Json::parse(R"({"match": {}, "when": {"requests": {"first": 1}}})");
  if (!one.operation.empty()) rule["match"]["operation"] = one.operation;
  rule["action"] =
      Json::parse("{\"type\": \"" + one.type + '"' + (one.json.empty() ? "" : ", ") + one.json + '}');
  const Answer made = send("POST", faults, rule.dump());
  REQUIRE_MESSAGE(made.status == 201, made.body);
  const std::string mine = faults + '/' + made.json()["id"].get<std::string>();
  struck.matched = [mine] { return send("GET", mine).json()["matched"].get<int>(); };
  one.seen(struck);
  const Json counts = send("DELETE", mine).json();
  CHECK(counts["matched"] == 2);
  CHECK(counts["applied"] == 1);
  CHECK(counts["absorbed"] == one.absorbed);
  CHECK(counts["remaining"] == 0);
}

void strike_by_object(const Case& one) {
  Struck struck;
  const cvemu::Fault fault =
      struck.story.control.inject({.operation = one.operation}, {.first = 1}, one.action);
  struck.matched = [&fault] { return fault.matched(); };
  one.seen(struck);
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

TEST_CASE("fault actions: each one asked for by the route strikes once and is counted") {
  for (const Case& one : cases()) SUBCASE(one.type.c_str()) strike_by_route(one);
}

TEST_CASE("fault actions: each one asked for by the object strikes once and is counted") {
  for (const Case& one : cases()) SUBCASE(one.type.c_str()) strike_by_object(one);
}
