// A project's queue and container on another server: here a second emulator with an account of its own.
#include <cvemu/resources.h>
#include <doctest/doctest.h>

#include <memory>

#include "base/text.h"
#include "testing.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

const std::string kKey = cvemu::base64_encode("the key of the other account");

cvemu::Options elsewhere() {
  cvemu::Options options;
  options.accounts = "elsewhere:" + kKey;
  options.create_queues = {"notifications"};
  options.create_containers = {"models"};
  return options;
}

// Two emulators in one process; `here` trains, `there` holds the queue and the container.
struct Two {
  cvemu::Emulator there{elsewhere()};
  cvemu::Emulator here{knowing(there)};
  Training training{here};
  cvemu::resources::Queue queue = there.control().queue("notifications");
  cvemu::resources::Container container = there.control().container("models");

  static cvemu::Options knowing(const cvemu::Emulator& there) {
    cvemu::Options options;
    options.clock = cvemu::ClockMode::Frozen;
    for (const std::string& url : {there.queue_endpoint(), there.blob_endpoint()})
      options.storage_accounts.push_back("elsewhere=" + kKey + '@' + url);
    return options;
  }
  std::string query() const {
    return "&notificationQueueUri=" + cvemu::percent_encode(queue.url()) +
           "&exportModelContainerUri=" + cvemu::percent_encode(container.url());
  }
};

}  // namespace

TEST_CASE("external storage: connection test, notifications and backup reach the other server by key") {
  Two two;
  const std::string id = trainable_project(two.training, two.query());
  REQUIRE(two.queue.messages().size() == 1);
  CHECK(Json::parse(two.queue.messages()[0].text)["type"] == "ConnectionTest");
  CHECK(two.container.blobs().size() == 1);

  const std::string iteration = two.training.post("/projects/" + id + "/train").json()["id"];
  two.here.control().run_until_idle(10s);
  two.training.post("/projects/" + id + "/iterations/" + iteration + "/export?platform=ONNX");
  two.here.control().run_until_idle(10s);
  REQUIRE(two.queue.messages().size() == 3);
  CHECK(Json::parse(two.queue.messages()[1].text)["Content"]["trainingStatus"] == "TrainingCompleted");
  CHECK(Json::parse(two.queue.messages()[2].text)["Content"]["exportStatus"] == "ExportCompleted");
  CHECK(two.container.read(id + " - " + iteration + ".ONNX").starts_with("PK"));
}

TEST_CASE("external storage: signed by wall time, wherever the emulator's clock is") {
  Two two;
  two.here.control().advance(std::chrono::hours(24 * 365));
  CHECK(two.training.post("/projects?name=late" + two.query()).status == 200);
  CHECK(two.queue.messages().size() == 1);
}

TEST_CASE("external storage: a server that is gone is tried again, and the delivery says why") {
  auto there = std::make_unique<cvemu::Emulator>(elsewhere());
  cvemu::Emulator here(Two::knowing(*there));
  const Training training(here);
  const std::string queue = there->queue_endpoint() + "/notifications";
  const std::string id = trainable_project(training, "&notificationQueueUri=" + queue);
  cvemu::Options again = elsewhere();
  again.queue_port = there->queue_port();
  there.reset();
  training.post("/projects/" + id + "/train");
  here.control().advance(1s);
  REQUIRE(here.control().jobs().size() == 1);
  CHECK(here.control().jobs()[0].last_error.find("no answer from") != std::string::npos);

  there = std::make_unique<cvemu::Emulator>(again);
  here.control().advance(5s);
  CHECK(here.control().jobs().empty());
  const auto messages = there->control().queue("notifications").messages();
  REQUIRE(messages.size() == 1);
  CHECK(Json::parse(messages[0].text)["type"] == "Training");
}

TEST_CASE("external storage: without a key it is refused, and says why") {
  Two two;
  const cvemu::Emulator stranger;
  const Answer answer = Training(stranger).post("/projects?name=demo" + two.query());
  CHECK(answer.status == 400);
  CHECK(answer.body.find("no key for its account") != std::string::npos);
  CHECK(two.queue.messages().empty());
}

TEST_CASE("external storage: a wrong key is refused by the other server") {
  Two two;
  cvemu::Options options = Two::knowing(two.there);
  for (std::string& account : options.storage_accounts)
    account = "elsewhere=" + cvemu::base64_encode("wrong") + account.substr(account.find('@'));
  const cvemu::Emulator here(options);
  const Answer answer = Training(here).post("/projects?name=demo" + two.query());
  CHECK(answer.status == 400);
  CHECK(answer.body.find("AuthenticationFailed") != std::string::npos);
}

TEST_CASE("external storage: an account that cannot be read ends the start") {
  cvemu::Options options;
  options.storage_accounts = {"name@http://127.0.0.1/"};
  CHECK_THROWS_WITH_AS(cvemu::Emulator{options}, doctest::Contains("--storage-account"), cvemu::StartError);
}
