// Verbs that change something: time, operations, state, identity.
#include <cvemu/resources.h>

#include <atomic>

#include "base/text.h"
#include "control_verbs.h"

namespace testing {

namespace {

using namespace std::chrono_literals;

Json call(const Story& story, const char* method, const char* path, const std::string& body = "") {
  return Json::parse(story.control.call(method, "/_emulator" + std::string(path), body));
}

// The operation under way, of a training that has just begun.
std::string pending(const Story& story) {
  story.train();
  return story.control.operations("demo", "training").at(0).id;
}
std::string latest(const Story& story) {
  return story.training.get("/projects/" + story.project + "/iterations").json().at(0)["status"];
}
Answer decide(const Story& story, const std::string& id, const char* verb, const std::string& body = "") {
  return call_control(story.emulator, "POST", "/operations/" + id + '/' + verb, body);
}
int project_count(const Story& story) {
  return static_cast<int>(story.training.get("/projects").json().size());
}

constexpr const char* kFailing = R"({"outcomes": [{"status": "Failed"}]})";
constexpr const char* kScenario = R"({"queues": ["more"]})";

std::vector<Verb> clock_verbs() {
  return {
      {"GetClock",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/clock").json()["now"] == "2030-01-01T00:00:00.000Z");
       },
       [](Story& story) {
         CHECK(story.control.now() == std::chrono::sys_days{std::chrono::year{2030} / 1 / 1});
         CHECK(story.control.clock() == cvemu::ClockMode::Frozen);
         CHECK(story.control.frozen());
       }},
      {"SetClock",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/clock", R"({"mode": "scaled", "rate": 60})")
                   .json()["rate"] == 60);
         CHECK(story.control.clock() == cvemu::ClockMode::Scaled);
       },
       [](Story& story) {
         const auto at = story.control.now() - 24h;
         story.control.freeze_at(at);
         CHECK(story.control.now() == at);
         story.control.automatic();
         CHECK(story.control.clock() == cvemu::ClockMode::Automatic);
         story.control.scale(2);
         CHECK(story.control.clock() == cvemu::ClockMode::Scaled);
         story.control.resume();
         CHECK(story.control.clock() == cvemu::ClockMode::Real);
         story.control.freeze();
         CHECK(story.control.frozen());
       }},
      {"AdvanceClock",
       [](Story& story) {
         story.train();
         const Json fired =
             call_control(story.emulator, "POST", "/clock/advance", R"({"by": "90s"})").json()["fired"];
         CHECK(fired.back()["event"] == "notification.enqueued");
         CHECK(latest(story) == "Completed");
       },
       [](Story& story) {
         story.train();
         CHECK(story.control.advance(89s).size() == 1);  // the connection test's blob goes
         CHECK(story.control.run_until("notification.enqueued", "demo").size() == 2);
         CHECK(story.control.run_until_idle().empty());
         story.control.advance_to(story.control.now() + 1s);
         CHECK(story.news() == News{"TrainingCompleted"});
       }},
      {"ListJobs",
       [](Story& story) {
         story.train();
         CHECK(call_control(story.emulator, "GET", "/jobs").json()["jobs"].at(1)["kind"] ==
               "finish_training");
       },
       [](Story& story) {
         story.train();
         CHECK(story.control.jobs().at(1).due == story.control.now() + Story::kTrainingTime);
       }},
  };
}

std::vector<Verb> operation_verbs() {
  return {
      {"ListOperations",
       [](Story& story) {
         const std::string id = story.train();
         const Json list = call_control(story.emulator, "GET", "/operations?project=demo&kind=training")
                               .json()["operations"];
         CHECK(list.at(0)["iteration"] == id);
       },
       [](Story& story) {
         const std::string id = story.train();
         CHECK(story.control.operations("demo", "training").at(0).iteration == id);
       }},
      {"CompleteOperation",
       [](Story& story) {
         CHECK(decide(story, pending(story), "complete").status == 200);
         CHECK(latest(story) == "Completed");
       },
       [](Story& story) {
         CHECK(story.control.complete(pending(story)).at(0).event == "training.finished");
         CHECK(latest(story) == "Completed");
       }},
      {"FailOperation",
       [](Story& story) {
         CHECK(decide(story, pending(story), "fail", R"({"details": "By hand."})").status == 200);
         CHECK(latest(story) == "Failed");
       },
       [](Story& story) {
         story.control.fail(pending(story), "By hand.");
         CHECK(latest(story) == "Failed");
         CHECK(story.news() == News{"TrainingFailed"});
       }},
      {"HoldOperation",
       [](Story& story) {
         CHECK(decide(story, pending(story), "hold").status == 200);
         story.control.advance(1h);
         CHECK(latest(story) == "Training");
       },
       [](Story& story) {
         story.control.hold(pending(story));
         story.control.advance(1h);
         CHECK(latest(story) == "Training");
       }},
      {"ReleaseOperation",
       [](Story& story) {
         const std::string id = pending(story);
         decide(story, id, "hold");
         story.control.advance(1h);
         CHECK(decide(story, id, "release").json()["fired"].at(0)["event"] == "training.finished");
         CHECK(latest(story) == "Completed");
       },
       [](Story& story) {
         const std::string id = pending(story);
         story.control.hold(id);
         story.control.advance(1h);
         CHECK(story.control.release(id).at(0).event == "training.finished");
         CHECK(latest(story) == "Completed");
       }},
      {"SetTransition",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/transitions/training", kFailing).status == 200);
         CHECK(story.status(story.trained()) == "Failed");
       },
       [](Story& story) {
         story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true}, {}}, "demo",
                                    cvemu::AfterLast::Cycle);
         for (const char* end : {"Failed", "Completed", "Failed"})
           CHECK(story.status(story.trained()) == end);
       }},
      {"GetTransition",
       [](Story& story) {
         call_control(story.emulator, "PUT", "/transitions/training", kFailing);
         CHECK(call_control(story.emulator, "GET", "/transitions/training")
                   .json()["outcomes"]
                   .at(0)["status"] == "Failed");
         CHECK(call_control(story.emulator, "GET", "/transitions/export").status == 404);
       },
       [](Story& story) {
         story.control.set_outcomes(cvemu::OperationKind::Export, {{.hold = true}});
         CHECK(call(story, "GET", "/transitions/export")["outcomes"].at(0)["hold"] == true);
       }},
      {"ListTransitions",
       [](Story& story) {
         call_control(story.emulator, "PUT", "/transitions/training", kFailing);
         CHECK(call_control(story.emulator, "GET", "/transitions").json()["transitions"].size() == 1);
       },
       [](Story& story) {
         story.control.set_outcomes(cvemu::OperationKind::Export, {{.hold = true}});
         CHECK(call(story, "GET", "/transitions")["transitions"].at(0)["kind"] == "export");
       }},
      {"DeleteTransition",
       [](Story& story) {
         call_control(story.emulator, "PUT", "/transitions/training", kFailing);
         CHECK(call_control(story.emulator, "DELETE", "/transitions/training").status == 204);
         CHECK(story.status(story.trained()) == "Completed");
       },
       [](Story& story) {
         story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true}}, "demo");
         story.control.clear_outcomes(cvemu::OperationKind::Training, "demo");
         CHECK(story.status(story.trained()) == "Completed");
       }},
  };
}

std::vector<Verb> whole_state_verbs() {
  return {
      {"GetState",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/state").json()["images"] == 10);
         CHECK(call_control(story.emulator, "GET", "/state?full=1").json()["projects"].at(0)["name"] ==
               "demo");
       },
       [](Story& story) {
         CHECK(Json::parse(story.control.state())["projects"].at(0)["images"].size() == 10);
       }},
      {"Reset",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", "/reset", R"({"scope": ["projects"]})").status == 200);
         CHECK(project_count(story) == 0);
       },
       [](Story& story) {
         story.control.reset({"queues"});
         CHECK_THROWS_AS(story.control.queue("notifications").messages(), cvemu::ControlError);
         CHECK(project_count(story) == 1);
         story.control.reset();
         CHECK(project_count(story) == 0);
       }},
      {"TakeSnapshot",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/snapshots/mine").json()["name"] == "mine");
       },
       [](Story& story) { CHECK(story.control.snapshot("mine").bytes > 10'000); }},
      {"GetSnapshot",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/snapshots/mine").status == 404);
         story.control.snapshot("mine");
         CHECK(call_control(story.emulator, "GET", "/snapshots/mine").json()["name"] == "mine");
       },
       [](Story& story) {
         story.control.snapshot("mine");
         CHECK(call(story, "GET", "/snapshots/mine")["now"] == "2030-01-01T00:00:00.000Z");
       }},
      {"ListSnapshots",
       [](Story& story) {
         story.control.snapshot("mine");
         CHECK(call_control(story.emulator, "GET", "/snapshots").json()["snapshots"].size() == 1);
       },
       [](Story& story) {
         story.control.snapshot("mine");
         CHECK(story.control.snapshots().at(0).taken == story.control.now());
       }},
      {"RestoreSnapshot",
       [](Story& story) {
         story.control.snapshot("mine");
         const std::string before = story.control.state();
         story.trained();
         CHECK(call_control(story.emulator, "POST", "/snapshots/mine/restore").status == 200);
         CHECK(story.control.state() == before);
       },
       [](Story& story) {
         story.train();
         story.control.snapshot("in training");
         story.control.reset();
         story.control.restore("in training");
         CHECK(latest(story) == "Training");
       }},
      {"DeleteSnapshot",
       [](Story& story) {
         story.control.snapshot("mine");
         CHECK(call_control(story.emulator, "DELETE", "/snapshots/mine").status == 204);
         CHECK(story.control.snapshots().empty());
       },
       [](Story& story) {
         story.control.snapshot("mine");
         story.control.remove_snapshot("mine");
         CHECK_THROWS_AS(story.control.restore("mine"), cvemu::ControlError);
       }},
      {"ExportArchive",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/export").body.starts_with("{\"format\":"));
       },
       [](Story& story) { CHECK(story.control.export_archive().size() > 10'000); }},
      {"ImportArchive",
       [](Story& story) {
         const std::string archive = call_control(story.emulator, "GET", "/export").body;
         story.control.reset();
         CHECK(call_control(story.emulator, "POST", "/import", archive).status == 200);
         CHECK(project_count(story) == 1);
       },
       [](Story& story) {
         const std::string archive = story.control.export_archive();
         story.control.reset();
         story.control.import_archive(archive);
         CHECK(project_count(story) == 1);
       }},
      {"LoadScenario",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", "/scenarios", kScenario).status < 300);
         CHECK(story.control.queue("more").messages().empty());
       },
       [](Story& story) {
         story.control.load(kScenario);
         CHECK(story.control.queue("more").messages().empty());
       }},
      {"GetPublicEndpoints",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/public-endpoints").json()["blob"].is_null());
       },
       [](Story& story) {
         CHECK(story.control.call("GET", "/_emulator/public-endpoints") ==
               R"({"customVision":null,"blob":null,"queue":null})");
       }},
      {"SetPublicEndpoints",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/public-endpoints", R"({"blob": "http://h:1"})").status ==
               200);
         CHECK(call_control(story.emulator, "GET", "/connection").json()["endpoints"]["blob"] ==
               "http://h:1/devstoreaccount1");
       },
       [](Story& story) {
         story.control.call("PUT", "/_emulator/public-endpoints", R"({"queue": "https://h/"})");
         CHECK(call_control(story.emulator, "GET", "/connection").json()["endpoints"]["queue"] ==
               "https://h/devstoreaccount1");
       }},
      {"GetIdentity",
       [](Story& story) {
         CHECK(call_control(story.emulator, "GET", "/identity").json()["managedIdentity"] == true);
       },
       [](Story& story) { CHECK(story.control.identity().blob_contributor); }},
      {"SetIdentity",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/identity", R"({"managedIdentity": false})").status ==
               200);
         const std::string uri = "&notificationQueueUri=" + cvemu::percent_encode(story.queue);
         CHECK(story.training.post("/projects?name=x" + uri).status == 400);
       },
       [](Story& story) {
         story.control.set_identity({.queue_contributor = false});
         CHECK_FALSE(story.control.identity().queue_contributor);
         story.trained();
         CHECK(story.messages().empty());
       }},
      {"ShutDown",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", "/shutdown").status == 409);  // inside a program
         std::atomic<int> asked = 0;
         cvemu::Emulator program({.on_shutdown = [&asked] { ++asked; }});
         CHECK(call_control(program, "POST", "/shutdown").status == 202);
         CHECK(asked == 1);
       },
       [](Story& story) {
         CHECK_THROWS_AS(call(story, "POST", "/shutdown"), cvemu::ControlError);
         std::atomic<int> asked = 0;
         cvemu::Emulator program({.on_shutdown = [&asked] { ++asked; }});
         program.control().call("POST", "/_emulator/shutdown");
         CHECK(asked == 1);
       }},
  };
}

}  // namespace

std::vector<Verb> state_verbs() {
  std::vector<Verb> all;
  for (auto& verbs : {clock_verbs(), operation_verbs(), whole_state_verbs()})
    all.insert(all.end(), verbs.begin(), verbs.end());
  return all;
}

}  // namespace testing
