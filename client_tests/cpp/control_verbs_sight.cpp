// Verbs that look: what happened, what goes wrong, what queues and containers hold.
#include <cvemu/resources.h>

#include "base/text.h"
#include "control_verbs.h"

namespace testing {

namespace {

using namespace std::chrono_literals;
using cvemu::Action;

constexpr const char* kAccount = "/storage/devstoreaccount1";
constexpr const char* kRule =
    R"({"id": "mine", "match": {"operation": "GetDomains"}, "action": {"type": "throttle"}})";

Json get(const Story& story, const std::string& path) {
  return call_control(story.emulator, "GET", path).json();
}
Json call(const Story& story, const char* method, const std::string& path, const std::string& body = "") {
  return Json::parse(story.control.call(method, "/_emulator" + path, body));
}
int domains(const Story& story) {
  return story.training.get("/domains").status;
}

std::vector<Verb> reach_verbs() {
  return {
      {"Health", [](Story& story) { CHECK(get(story, "/health")["status"] == "ready"); },
       [](Story& story) { CHECK(call(story, "GET", "/health")["status"] == "ready"); }},
      {"GetInfo", [](Story& story) { CHECK(get(story, "/info")["version"] == cvemu::kVersion); },
       [](Story& story) { CHECK(call(story, "GET", "/info")["options"]["port"] == story.emulator.port()); }},
      {"GetConnection",
       [](Story& story) {
         CHECK(get(story, "/connection")["endpoints"]["customVision"] == story.emulator.training_endpoint());
       },
       [](Story& story) {
         CHECK(call(story, "GET", "/connection")["storageConnectionString"] ==
               story.emulator.storage_connection_string());
       }},
      {"GetDescription", [](Story& story) { CHECK(get(story, "/openapi.json")["openapi"] == "3.0.3"); },
       [](Story& story) { CHECK(call(story, "GET", "/openapi.json")["paths"].contains("/_emulator/wait")); }},
  };
}

std::vector<Verb> journal_verbs() {
  return {
      {"GetJournal",
       [](Story& story) {
         domains(story);
         CHECK(get(story, "/journal?operation=GetDomains")["entries"].at(0)["status"] == 200);
       },
       [](Story& story) {
         domains(story);
         CHECK(story.control.journal().find({.operation = "GetDomains"}).size() == 1);
         CHECK(story.control.journal().text().ends_with("GetDomains 200\n"));
       }},
      {"GetJournalEntry", [](Story& story) { CHECK(get(story, "/journal/1")["operation"] == "CreateQueue"); },
       [](Story& story) { CHECK(call(story, "GET", "/journal/1")["seq"] == 1); }},
      {"CountJournal",
       [](Story& story) {
         domains(story);
         const Answer counts =
             call_control(story.emulator, "POST", "/journal/count", R"({"operation": "GetDomains"})");
         CHECK(counts.json()["requests"] == 1);
       },
       [](Story& story) {
         domains(story);
         CHECK(story.control.journal().count({.operation = "GetDomains"}) == 1);
         CHECK(story.control.journal().calls({.operation = "GetDomains"}) == 1);
       }},
      {"VerifyJournal",
       [](Story& story) {
         const std::string wanted = R"({"expect": [{"match": {"operation": "GetDomains"}}]})";
         CHECK(call_control(story.emulator, "POST", "/journal/verify", wanted).status == 409);
         domains(story);
         CHECK(call_control(story.emulator, "POST", "/journal/verify", wanted).status == 200);
       },
       [](Story& story) {
         CHECK(story.control.journal().near_misses({.operation = "GetDomains"}) != "");
         domains(story);
         CHECK(story.control.journal().verify({{.match = {.operation = "GetDomains"}, .calls = 1}}) == "");
       }},
      {"ClearJournal",
       [](Story& story) {
         CHECK(call_control(story.emulator, "DELETE", "/journal").json()["last"] > 0);
         CHECK(get(story, "/journal")["entries"].empty());
       },
       [](Story& story) {
         const auto journal = story.control.journal();
         const auto mark = journal.mark();
         journal.clear();
         CHECK(journal.find().empty());
         CHECK(journal.mark() == mark);
       }},
      {"Wait",
       [](Story& story) {
         story.trained();
         const std::string wanted = R"({"for": {"message": {"queue": "notifications"}}})";
         CHECK(call_control(story.emulator, "POST", "/wait", wanted)
                   .json()["content"]["Content"]["trainingStatus"] == "TrainingCompleted");
       },
       [](Story& story) {
         domains(story);
         CHECK(story.control.journal().wait_for({.operation = "GetDomains"}).status == 200);
         CHECK_THROWS_AS(story.control.journal().wait_for({.operation = "GetTags"}, 1ms),
                         cvemu::ControlError);
       }},
      {"Explain",
       [](Story& story) {
         CHECK(get(story, "/explain?iteration=" + story.trained())["verdict"] ==
               "delivered, not received yet");
       },
       [](Story& story) {
         CHECK(story.explanation(story.train()).find("not over: finish_training") != std::string::npos);
       }},
      {"GetTimeline",
       [](Story& story) { CHECK(get(story, "/timeline?iteration=" + story.trained())["chain"].size() == 3); },
       [](Story& story) {
         story.trained();
         CHECK(story.control.journal().timeline("demo").find("notification.enqueued") != std::string::npos);
       }},
  };
}

std::vector<Verb> fault_verbs() {
  return {
      {"CreateFault",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", "/faults", kRule).status == 201);
         CHECK(domains(story) == 429);
       },
       [](Story& story) {
         const auto fault = story.control.inject({.operation = "GetDomains"}, {}, Action::throttle());
         CHECK(domains(story) == 429);
         CHECK(fault.applied() == 1);
       }},
      {"PutFault",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/faults/mine", kRule).status == 200);
         CHECK(domains(story) == 429);
       },
       [](Story& story) {
         call(story, "PUT", "/faults/mine", kRule);
         CHECK(domains(story) == 429);
       }},
      {"GetFault",
       [](Story& story) {
         call_control(story.emulator, "POST", "/faults", kRule);
         domains(story);
         CHECK(get(story, "/faults/mine")["applied"] == 1);
       },
       [](Story& story) {
         const auto fault =
             story.control.inject({.operation = "GetDomains"}, {.nth = {2}}, Action::throttle());
         CHECK(domains(story) == 200);
         CHECK(fault.matched() == 1);
         CHECK(fault.applied() == 0);
         CHECK(fault.remaining() == 1);
       }},
      {"ListFaults",
       [](Story& story) {
         call_control(story.emulator, "POST", "/faults", kRule);
         CHECK(get(story, "/faults")["faults"].at(0)["id"] == "mine");
       },
       [](Story& story) {
         const auto fault = story.control.inject({}, {}, Action::training_stuck());
         CHECK(call(story, "GET", "/faults")["faults"].at(0)["id"] == fault.id());
       }},
      {"DeleteFault",
       [](Story& story) {
         call_control(story.emulator, "POST", "/faults", kRule);
         CHECK(call_control(story.emulator, "DELETE", "/faults/mine").json()["applied"] == 0);
         CHECK(domains(story) == 200);
       },
       [](Story& story) {
         {
           const auto fault = story.control.inject({.operation = "GetDomains"}, {}, Action::throttle());
         }
         CHECK(domains(story) == 200);
       }},
      {"ClearFaults",
       [](Story& story) {
         call_control(story.emulator, "POST", "/faults", kRule);
         CHECK(call_control(story.emulator, "DELETE", "/faults").json()["faults"].size() == 1);
         CHECK(domains(story) == 200);
       },
       [](Story& story) {
         auto fault = story.control.inject({.operation = "GetDomains"}, {}, Action::throttle());
         fault.keep();
         CHECK(call(story, "DELETE", "/faults")["faults"].size() == 1);
         CHECK(domains(story) == 200);
       }},
      {"TryFault",
       [](Story& story) {
         call_control(story.emulator, "POST", "/faults", kRule);
         CHECK(call_control(story.emulator, "POST", "/faults/try", R"({"operation": "GetDomains"})")
                   .json()["fault"] == "mine");
       },
       [](Story& story) {
         const auto fault = story.control.inject({.queue = "orders"}, {}, Action::throttle());
         CHECK(call(story, "POST", "/faults/try", R"({"queue": "orders"})")["fault"] == fault.id());
         CHECK(call(story, "POST", "/faults/try", R"({"queue": "others"})")["fault"].is_null());
         CHECK(fault.matched() == 0);
       }},
      {"GetFaultCatalog",
       [](Story& story) { CHECK(get(story, "/faults/catalog")["actions"].at(0)["type"] == "status"); },
       [](Story& story) { CHECK(call(story, "GET", "/faults/catalog")["malformations"].size() == 7); }},
  };
}

std::vector<Verb> queue_verbs() {
  static const std::string messages = std::string(kAccount) + "/queues/notifications/messages";
  return {
      {"ListAllQueues",
       [](Story& story) {
         CHECK(get(story, std::string(kAccount) + "/queues")["queues"].at(0)["name"] == "notifications");
       },
       [](Story& story) {
         CHECK(call(story, "GET", std::string(kAccount) + "/queues")["queues"].at(0)["messages"] == 0);
       }},
      {"ListAllMessages",
       [](Story& story) {
         story.trained();
         CHECK(get(story, messages)["messages"].size() == 1);
       },
       [](Story& story) {
         story.trained();
         CHECK(story.control.queue("notifications").messages().at(0).decoded.starts_with("{"));
       }},
      {"PutAnyMessage",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", messages, R"({"text": "hello"})").status == 201);
         CHECK(call_control(story.emulator, "POST", messages, "{}").status == 400);
         CHECK(story.messages() == std::vector<std::string>{"hello"});
       },
       [](Story& story) {
         story.control.queue("notifications").put("hello");
         CHECK(story.messages() == std::vector<std::string>{"hello"});
       }},
      {"ShowMessage",
       [](Story& story) {
         const Answer put =
             call_control(story.emulator, "POST", messages, R"({"text": "hello", "visibleIn": "1h"})");
         CHECK(story.messages().empty());
         const std::string id = put.json()["id"];
         CHECK(call_control(story.emulator, "POST", messages + '/' + id + "/show").status == 200);
         CHECK(story.messages().size() == 1);
       },
       [](Story& story) {
         auto queue = story.control.queue("notifications");
         const std::string id = queue.put("hello");
         story.storage.signed_request(
             "GET", story.queue + "/messages?visibilitytimeout=3600");  // hidden for an hour
         CHECK(story.messages().empty());
         queue.show(id);
         CHECK(story.messages().size() == 1);
       }},
      {"ExpireMessage",
       [](Story& story) {
         const std::string id = story.control.queue("notifications").put("hello");
         CHECK(call_control(story.emulator, "POST", messages + '/' + id + "/expire").status == 200);
         CHECK(story.messages().empty());
       },
       [](Story& story) {
         auto queue = story.control.queue("notifications");
         queue.expire(queue.put("hello"));
         CHECK(story.messages().empty());
       }},
      {"DiscardMessage",
       [](Story& story) {
         const std::string id = story.control.queue("notifications").put("hello");
         CHECK(call_control(story.emulator, "DELETE", messages + '/' + id).status == 200);
         CHECK(story.messages().empty());
       },
       [](Story& story) {
         auto queue = story.control.queue("notifications");
         queue.remove(queue.put("hello"));
         CHECK(story.messages().empty());
       }},
  };
}

std::vector<Verb> holding_verbs() {
  static const std::string containers = std::string(kAccount) + "/containers";
  return {
      {"ListAllProjects",
       [](Story& story) { CHECK(get(story, "/projects")["projects"].at(0)["name"] == "demo"); },
       [](Story& story) {
         const std::string id = story.trained();
         CHECK(story.control.projects().size() == 1);
         CHECK(story.control.project("demo").latest()->id == id);
         CHECK(story.control.project("demo").settings().notification_queue_uri == story.queue);
       }},
      {"ListAllContainers",
       [](Story& story) { CHECK(get(story, containers)["containers"].at(0)["name"] == "models"); },
       [](Story& story) { CHECK(call(story, "GET", containers)["containers"].size() == 1); }},
      {"ListAllBlobs",
       [](Story& story) {
         story.exported(story.trained());
         CHECK(get(story, containers + "/models/blobs")["blobs"].size() == 1);
       },
       [](Story& story) {
         story.exported(story.trained());
         CHECK(story.control.container("models").blobs().at(0).name.ends_with(".ONNX"));
       }},
      {"ReadBlob",
       [](Story& story) {
         const std::string id = story.trained();
         story.exported(id);
         const std::string name = cvemu::percent_encode(story.project + " - " + id + ".ONNX");
         CHECK(call_control(story.emulator, "GET", containers + "/models/blobs/" + name)
                   .body.starts_with("PK"));
       },
       [](Story& story) {
         const std::string id = story.trained();
         story.exported(id);
         const std::string name = story.project + " - " + id + ".ONNX";
         CHECK(story.control.container("models").read(name) == story.backup(id).body);
       }},
  };
}

}  // namespace

std::vector<Verb> sight_verbs() {
  std::vector<Verb> all;
  for (auto& verbs : {reach_verbs(), journal_verbs(), fault_verbs(), queue_verbs(), holding_verbs()})
    all.insert(all.end(), verbs.begin(), verbs.end());
  return all;
}

}  // namespace testing
