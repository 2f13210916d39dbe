// Reaching a running emulator: health, how to connect, the end; the same object for a remote one; and what
// lies in queues, containers and projects, looked at from inside. Everything through HTTP and through the C++
// object.
#include <cvemu/resources.h>
#include <doctest/doctest.h>

#include <atomic>

#include "testing.h"

using namespace std::chrono_literals;
using testing::Json;

namespace {

std::string at(const cvemu::Emulator& emulator, const std::string& path) {
  return emulator.training_endpoint() + "/_emulator/" + path;
}

Json get(const cvemu::Emulator& emulator, const std::string& path) {
  return testing::send("GET", at(emulator, path)).json();
}

std::string account(const std::string& rest) {
  return "storage/devstoreaccount1/" + rest;
}

}  // namespace

TEST_CASE("health: ready, with the version and the emulator's time") {
  cvemu::Emulator emulator;
  const auto answer = testing::send("GET", at(emulator, "health"));
  CHECK(answer.status == 200);
  CHECK(answer.json()["status"] == "ready");
  CHECK(answer.json()["version"] == cvemu::kVersion);
  CHECK(testing::send("HEAD", at(emulator, "health")).status == 200);
}

TEST_CASE("info: options in force, and no key") {
  cvemu::Emulator emulator(
      {.training_time = 10min, .training_keys = {"secret one"}, .tier = "F0", .seed = 7});
  const auto answer = testing::send("GET", at(emulator, "info"));
  const Json info = answer.json();
  CHECK(info["seed"] == 7);
  CHECK(info["options"]["tier"] == "F0");
  CHECK(info["options"]["training-time"] == "10m");
  CHECK(info["options"]["port"] == emulator.port());
  CHECK(info["options"]["training-key"] == Json{"***"});
  CHECK(info["tiers"] == Json{"unlimited", "F0", "S0"});
  CHECK(info["apiVersions"]["training"].size() == 5);
  CHECK(answer.body.find("secret") == std::string::npos);
  CHECK(answer.body.find("Eby8") == std::string::npos);
}

TEST_CASE("connection: what the emulator itself says, in each form") {
  cvemu::Emulator emulator({.training_keys = {"mine"}});
  const Json json = get(emulator, "connection");
  CHECK(json["endpoints"]["customVision"] == emulator.training_endpoint());
  CHECK(json["endpoints"]["blob"] == emulator.blob_endpoint());
  CHECK(json["endpoints"]["queue"] == emulator.queue_endpoint());
  CHECK(json["trainingKey"] == "mine");
  CHECK(json["storageConnectionString"] == emulator.storage_connection_string());

  const std::string shell = testing::send("GET", at(emulator, "connection?format=shell")).body;
  CHECK(shell.find("export VISION_TRAINING_ENDPOINT='" + emulator.training_endpoint() + "'\n") !=
        std::string::npos);
  const std::string dotenv = testing::send("GET", at(emulator, "connection?format=dotenv")).body;
  CHECK(dotenv.find("AZURE_STORAGE_CONNECTION_STRING=\"" + emulator.storage_connection_string() + "\"\n") !=
        std::string::npos);
  const Json settings = get(emulator, "connection?format=appsettings");
  CHECK(settings["CustomVision"]["TrainingEndpoint"] == emulator.training_endpoint());
  CHECK(settings["ConnectionStrings"]["Storage"] == emulator.storage_connection_string());

  const auto refused = testing::send("GET", at(emulator, "connection?format=doteny"));
  CHECK(refused.status == 400);
  CHECK(refused.json()["didYouMean"] == "dotenv");
}

TEST_CASE("connection: the table endpoint, closed and open") {
  const cvemu::Emulator closed;
  CHECK(closed.table_port() == 0);
  CHECK(closed.table_endpoint() == "");
  CHECK_FALSE(get(closed, "connection")["endpoints"].contains("table"));

  for (const cvemu::Options& options :
       {cvemu::Options{.table_host = "127.0.0.1"}, cvemu::Options{.table_port = 0}}) {
    cvemu::Emulator emulator(options);
    const std::string endpoint = emulator.table_endpoint();
    CHECK(endpoint == "http://127.0.0.1:" + std::to_string(emulator.table_port()) + "/devstoreaccount1");
    CHECK(emulator.storage_connection_string().ends_with(";TableEndpoint=" + endpoint + ";"));
    const Json json = get(emulator, "connection");
    CHECK(json["endpoints"]["table"] == endpoint);
    CHECK(json["storageConnectionString"] == emulator.storage_connection_string());
    CHECK(testing::send("GET", endpoint + "/Tables").status == 501);
    CHECK(emulator.control().journal().count({.service = "table"}) == 1);
  }
}

TEST_CASE("connection: built from the host and port of the request") {
  cvemu::Emulator emulator;
  const auto answer = testing::send("GET", at(emulator, "connection"), "", {{"Host", "emulator.test:8080"}});
  const Json endpoints = answer.json()["endpoints"];
  CHECK(endpoints["customVision"] == "http://emulator.test:8080");
  CHECK(endpoints["blob"] ==
        "http://emulator.test:" + std::to_string(emulator.blob_port()) + "/devstoreaccount1");
}

TEST_CASE("shutdown: asks the program to end; an emulator inside a program refuses") {
  std::atomic<int> asked = 0;
  cvemu::Emulator program({.on_shutdown = [&asked] { ++asked; }});
  CHECK(testing::send("POST", at(program, "shutdown"), R"({"drain":true})").status == 202);
  CHECK(asked == 1);
  cvemu::Emulator embedded;
  CHECK(testing::send("POST", at(embedded, "shutdown")).status == 409);
}

TEST_CASE("connect: the same control over HTTP") {
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen});
  cvemu::Control remote = cvemu::connect(emulator.training_endpoint());
  CHECK(remote.frozen());
  const auto before = emulator.control().now();
  remote.advance(90s);
  CHECK(emulator.control().now() == before + 90s);
  CHECK(remote.now() == emulator.control().now());
  CHECK_THROWS_WITH_AS(remote.call("PUT", "/_emulator/clock", R"({"mode":"forzen"})"),
                       doctest::Contains("forzen"), cvemu::ControlError);
}

TEST_CASE("connect: says so when nobody answers, or when it is no URL") {
  std::string gone;
  {
    cvemu::Emulator emulator;
    gone = emulator.training_endpoint();
  }
  try {
    cvemu::connect(gone).now();
    FAIL("somebody answered");
  } catch (const cvemu::ControlError& error) {
    CHECK(error.status == 0);
    CHECK(error.code == "NoAnswer");
  }
  CHECK_THROWS_AS(cvemu::connect("localhost:10003"), cvemu::ControlError);
}

TEST_CASE("queues from inside: hidden messages are seen, and nothing is touched") {
  cvemu::Emulator emulator({.create_queues = {"orders"}, .clock = cvemu::ClockMode::Frozen});
  const testing::Storage storage(emulator);
  for (auto control : {emulator.control(), cvemu::connect(emulator.training_endpoint())}) {
    auto queue = control.queue("orders");
    CHECK(queue.url() == emulator.queue_endpoint() + "/orders");
    const std::string id = queue.put("aGVsbG8=");  // "hello"
    storage.signed_request("GET",
                           queue.url() + "/messages?visibilitytimeout=60");  // takes it: hidden for a minute
    for (int look = 0; look < 2; ++look) {
      const auto seen = queue.messages();
      REQUIRE(seen.size() == 1);
      CHECK(seen[0].id == id);
      CHECK(seen[0].text == "aGVsbG8=");
      CHECK(seen[0].decoded == "hello");
      CHECK(seen[0].dequeue_count == 1);
      CHECK_FALSE(seen[0].visible);
      CHECK(seen[0].visible_at == control.now() + 60s);
    }
    queue.show(id);
    CHECK(queue.messages().at(0).visible);
    CHECK(storage.messages("orders") == std::vector<std::string>{"aGVsbG8="});
    CHECK(queue.messages().empty());
  }
}

TEST_CASE("queues from inside: messages are put late, expire and go by hand") {
  cvemu::Emulator emulator({.create_queues = {"orders"}, .clock = cvemu::ClockMode::Frozen});
  auto queue = emulator.control().queue("orders");
  const std::string path = account("queues/orders/messages");
  const auto put =
      testing::send("POST", at(emulator, path), R"({"text":"later","visibleIn":"1m","expiresIn":"1h"})");
  CHECK(put.status == 201);
  const Json seen = get(emulator, path)["messages"][0];
  CHECK(seen["visible"] == false);
  CHECK(seen["encoding"] == "plain");
  emulator.control().advance(1min);
  CHECK(queue.messages().at(0).visible);
  emulator.control().advance(1h);
  CHECK(queue.messages().empty());

  const std::string old = queue.put("old"), bad = queue.put("bad");
  queue.put("good");
  queue.expire(old);
  queue.remove(bad);
  REQUIRE(queue.messages().size() == 1);
  CHECK(queue.messages()[0].text == "good");
  CHECK(get(emulator, account("queues"))["queues"] == Json::array({{{"name", "orders"}, {"messages", 1}}}));
  CHECK(testing::send("POST", at(emulator, path + '/' + old + "/show")).status == 404);
  CHECK(testing::send("DELETE", at(emulator, path + '/' + bad)).status == 404);
}

TEST_CASE("storage from inside: what is not there is refused with the nearest that is") {
  cvemu::Emulator emulator({.create_queues = {"orders"}, .create_containers = {"models"}});
  const auto refused = [&](const std::string& path) { return testing::send("GET", at(emulator, path)); };
  CHECK(refused(account("queues/ordesr/messages")).status == 404);
  CHECK(refused(account("queues/ordesr/messages")).json()["didYouMean"] == "orders");
  CHECK(refused(account("containers/model/blobs")).json()["didYouMean"] == "models");
  CHECK(refused("storage/devstoreacount1/queues").json()["didYouMean"] == "devstoreaccount1");
  CHECK(refused(account("containers/models/blobs/none")).status == 404);
  CHECK(refused(account("queues/orders/messages?limit=few")).status == 400);
  CHECK_THROWS_AS(emulator.control().queue("ordesr").messages(), cvemu::ControlError);
}

TEST_CASE("containers from inside: blobs and their bytes") {
  cvemu::Emulator emulator({.create_containers = {"models"}});
  const testing::Storage storage(emulator);
  const std::string big(700'000, 'x');
  const std::string url = emulator.blob_endpoint() + "/models/";
  storage.signed_request("PUT", url + "a%20folder/model.bin", big, {{"x-ms-blob-type", "BlockBlob"}});
  storage.signed_request("PUT", url + "empty", "",
                         {{"x-ms-blob-type", "BlockBlob"}, {"Content-Type", "text/plain"}});
  for (auto control : {emulator.control(), cvemu::connect(emulator.training_endpoint())}) {
    const auto container = control.container("models");
    CHECK(container.url() == emulator.blob_endpoint() + "/models");
    const auto blobs = container.blobs();
    REQUIRE(blobs.size() == 2);
    CHECK(blobs[0].name == "a folder/model.bin");
    CHECK(blobs[0].length == big.size());
    CHECK(blobs[1].content_type == "text/plain");
    CHECK(container.read("a folder/model.bin") == big);
    CHECK(container.read("empty").empty());
  }
  CHECK(get(emulator, account("containers"))["containers"] == Json::array({{{"name", "models"}}}));
}

TEST_CASE("projects from inside: settings, iterations, exports") {
  cvemu::Emulator emulator({.create_queues = {"orders"}});
  const testing::Training training(emulator);
  const std::string queue = emulator.queue_endpoint() + "/orders";
  const std::string id = testing::trainable_project(training, "&notificationQueueUri=" + queue);
  const std::string iteration = training.post("/projects/" + id + "/train").json()["id"];
  emulator.control().run_until_idle(1s);
  training.post("/projects/" + id + "/iterations/" + iteration + "/export?platform=ONNX");
  emulator.control().run_until_idle(1s);
  for (auto control : {emulator.control(), cvemu::connect(emulator.training_endpoint())}) {
    const auto project = control.project("demo");
    CHECK(project.id() == id);
    CHECK(control.project(id).name() == "demo");
    CHECK(project.settings().notification_queue_uri == queue);
    CHECK(project.settings().export_model_container_uri.empty());
    REQUIRE(project.latest());
    CHECK(project.latest()->id == iteration);
    CHECK(project.latest()->status == cvemu::IterationStatus::Completed);
    REQUIRE(project.iterations().at(0).exports.size() == 1);
    CHECK(project.iterations()[0].exports[0].status == cvemu::ExportStatus::Done);
    CHECK(control.projects().size() == 1);
  }
  CHECK_THROWS_AS(emulator.control().project("none"), cvemu::ControlError);
}
