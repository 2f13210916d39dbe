// The how-to "Integrate Azure storage for notifications and model backup", step by step, from the outside.
#include <doctest/doctest.h>

#include "base/text.h"
#include "testing.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

// An emulator with a queue and a container, and the query that integrates both.
struct Integrated {
  cvemu::Emulator emulator;
  Storage storage{emulator};
  Training training{emulator};
  std::string queue = storage.create_queue("notifications"), container = storage.create_container("models");
  std::string query = "&notificationQueueUri=" + cvemu::percent_encode(queue) +
                      "&exportModelContainerUri=" + cvemu::percent_encode(container);

  explicit Integrated(cvemu::Options options = {}) : emulator(std::move(options)) {}

  void finish() { emulator.control().run_until_idle(1min - 1s); }  // the test blob goes after a minute
};

bool has_test_blob(const std::vector<std::string>& names) {
  return names.size() == 1 && names[0].starts_with("CustomVision-TestPermission/");
}

}  // namespace

TEST_CASE("How-to: create, connection test, train, notification, export, notification, backup") {
  Integrated setup;
  const std::string id = trainable_project(setup.training, setup.query);

  const Json project = setup.training.get("/projects/" + id).json();
  CHECK(project["settings"]["exportModelContainerUri"] == setup.container);
  CHECK(project["settings"]["notificationQueueUri"] == setup.queue);
  CHECK(setup.storage.messages("notifications") ==
        std::vector<std::string>{R"({"version":"1.0","type":"ConnectionTest","Content":{"projectId":")" + id +
                                 "\"}}"});
  CHECK(has_test_blob(setup.storage.blob_names("models")));

  const Json iteration = setup.training.post("/projects/" + id + "/train").json();
  CHECK(iteration["status"] == "Training");
  const std::string iteration_id = iteration["id"];
  setup.finish();
  CHECK(setup.training.get("/projects/" + id + "/iterations/" + iteration_id).json()["status"] ==
        "Completed");
  CHECK(setup.storage.messages("notifications") ==
        std::vector<std::string>{R"({"version":"1.0","type":"Training","Content":{"projectId":")" + id +
                                 R"(","iterationId":")" + iteration_id +
                                 R"(","trainingStatus":"TrainingCompleted"}})"});

  const std::string exports = "/projects/" + id + "/iterations/" + iteration_id + "/export";
  CHECK(
      setup.training.post(exports + "?platform=ONNX").body ==
      R"({"platform":"ONNX","status":"Exporting","downloadUri":null,"flavor":null,"newerVersionAvailable":false})");
  setup.finish();
  const std::string backup = id + " - " + iteration_id + ".ONNX";
  const std::string model_uri = setup.container + '/' + cvemu::percent_encode(backup);
  CHECK(setup.storage.messages("notifications") ==
        std::vector<std::string>{R"({"version":"1.0","type":"Export","Content":{"projectId":")" + id +
                                 R"(","iterationId":")" + iteration_id +
                                 R"(","exportStatus":"ExportCompleted","modelUri":")" + model_uri + "\"}}"});

  const Json done = setup.training.get(exports).json();
  REQUIRE(done.size() == 1);
  CHECK(done[0]["status"] == "Done");
  const Answer download = send("GET", done[0]["downloadUri"]);
  CHECK(download.status == 200);
  CHECK(download.body.starts_with("PK"));
  CHECK(setup.storage.get_blob("models", backup).body == download.body);
}

TEST_CASE("An export that cannot be honest ends as failed: the queue is told, and nothing is backed up") {
  Integrated setup;
  const std::string id = trainable_project(setup.training, setup.query);
  const std::string iteration = setup.training.post("/projects/" + id + "/train").json()["id"];
  setup.finish();
  setup.storage.messages("notifications");
  const std::string exports = "/projects/" + id + "/iterations/" + iteration + "/export";
  CHECK(setup.training.post(exports + "?platform=VAIDK").json()["status"] == "Exporting");
  setup.finish();
  const Json failed = setup.training.get(exports).json()[0];
  CHECK(failed["status"] == "Failed");
  CHECK(failed["downloadUri"].is_null());
  const auto messages = setup.storage.messages("notifications");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].find(R"("exportStatus":"ExportFailed","modelUri":null)") != std::string::npos);
  CHECK(has_test_blob(setup.storage.blob_names("models")));
}

TEST_CASE("How-to: the test blob goes away when its time has come") {
  Integrated setup;
  setup.training.post("/projects?name=x" + setup.query);
  setup.emulator.control().advance(59s);
  CHECK(has_test_blob(setup.storage.blob_names("models")));
  setup.emulator.control().advance(1s);
  CHECK(setup.storage.blob_names("models").empty());
}

TEST_CASE("UpdateProject: URIs in settings are proved, stored and merged") {
  Integrated setup;
  const std::string id = setup.training.post("/projects?name=x&description=kept").json()["id"];
  const Json body = {
      {"name", "renamed"},
      {"settings", {{"notificationQueueUri", setup.queue}, {"exportModelContainerUri", setup.container}}}};
  const Json project = setup.training.patch("/projects/" + id, body.dump()).json();
  CHECK(project["name"] == "renamed");
  CHECK(project["description"] == "kept");
  CHECK(project["settings"]["notificationQueueUri"] == setup.queue);
  CHECK(setup.storage.messages("notifications").size() == 1);
  CHECK(has_test_blob(setup.storage.blob_names("models")));

  // Nothing new about the URIs: nothing to prove.
  setup.training.patch("/projects/" + id, R"({"name":"again"})");
  CHECK(setup.storage.messages("notifications").empty());
  CHECK(setup.training.get("/projects/" + id).json()["settings"]["exportModelContainerUri"] ==
        setup.container);

  const Json cleared =
      setup.training
          .patch("/projects/" + id,
                 R"({"settings":{"notificationQueueUri":null,"exportModelContainerUri":""}})")
          .json();
  CHECK_FALSE(cleared["settings"].contains("notificationQueueUri"));
  CHECK_FALSE(cleared["settings"].contains("exportModelContainerUri"));
}

TEST_CASE("CreateProject: both URIs in the body, as 3.4-preview clients send them") {
  Integrated setup;
  const Json body = {{"exportModelContainerUri", setup.container}, {"notificationQueueUri", setup.queue}};
  const Json project = Training(setup.emulator, "v3.4-preview").post("/projects?name=x", body.dump()).json();
  CHECK(project["settings"]["exportModelContainerUri"] == setup.container);
  CHECK(setup.storage.messages("notifications").size() == 1);
}

TEST_CASE(
    "CreateProject: a URI that cannot be written to is a 400 that says which and why, and nothing is "
    "stored") {
  Integrated setup;
  const auto refused = [&](const std::string& query, const std::string& parameter,
                           const std::string& reason) {
    const Answer answer = setup.training.post("/projects?name=x" + query);
    CHECK(answer.status == 400);
    CHECK(answer.json()["code"] == "BadRequestInvalidUri");
    const std::string message = answer.json()["message"];
    CHECK_MESSAGE(message.find(parameter) != std::string::npos, message);
    CHECK_MESSAGE(message.find(reason) != std::string::npos, message);
    CHECK(setup.training.get("/projects").body == "[]");
  };
  const auto encoded = [](const std::string& uri) { return cvemu::percent_encode(uri); };
  const std::string good_container = "&exportModelContainerUri=" + encoded(setup.container);
  refused(good_container + "&notificationQueueUri=" + encoded(setup.emulator.queue_endpoint() + "/missing"),
          "notificationQueueUri", "QueueNotFound");
  CHECK(setup.storage.blob_names("models").empty());  // the container's half of the proof is taken back
  refused("&exportModelContainerUri=" + encoded(setup.emulator.blob_endpoint() + "/missing"),
          "exportModelContainerUri", "ContainerNotFound");
  refused("&exportModelContainerUri=" + encoded("https://unknown.blob.core.windows.net/models"),
          "exportModelContainerUri", "no key");
  refused("&exportModelContainerUri=" + encoded("https://unknown.blob.core.windows.net/models?sig=x"),
          "exportModelContainerUri", "unknown.blob.core.windows.net");
  refused("&notificationQueueUri=rubbish", "notificationQueueUri", "URL");
  refused("&notificationQueueUri=" + encoded("http://127.0.0.1:1/devstoreaccount1/q"), "notificationQueueUri",
          "");
}

TEST_CASE("A delivery that fails is tried again with growing delay and arrives when the queue is back") {
  Integrated setup({.training_time = 2s});
  const std::string id = trainable_project(setup.training, setup.query);
  setup.storage.remove_queue("notifications");
  setup.training.post("/projects/" + id + "/train");
  setup.emulator.control().advance(2s);
  const auto failing = [&] {
    for (const auto& job : setup.emulator.control().jobs())
      if (job.kind == "deliver") return job;
    return cvemu::Control::Job{};
  };
  CHECK(failing().attempts == 1);
  CHECK(failing().last_error.find("QueueNotFound") != std::string::npos);
  setup.emulator.control().advance(5s);
  CHECK(failing().attempts == 2);
  setup.storage.create_queue("notifications");
  setup.emulator.control().advance(10s);
  CHECK(setup.storage.messages("notifications").size() == 1);
  CHECK(failing().kind.empty());
}

TEST_CASE("Host names of Azure's that carry an account of ours lead to our own endpoints") {
  Integrated setup;
  const std::string uri = "https://devstoreaccount1.queue.core.windows.net/notifications";
  const Json project =
      setup.training.post("/projects?name=x&notificationQueueUri=" + cvemu::percent_encode(uri)).json();
  CHECK(project["settings"]["notificationQueueUri"] == uri);
  CHECK(setup.storage.messages("notifications").size() == 1);
}
