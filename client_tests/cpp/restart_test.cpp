// With a folder to keep state in, what was answered is there after a restart, and what was promised is kept.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "testing.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

cvemu::Options kept_in(const Folder& folder, cvemu::Options options = {}) {
  options.location = folder.path;
  return options;
}

}  // namespace

TEST_CASE("Restart: a training goes on, and its notification arrives") {
  const Folder folder;
  std::string project, iteration;
  int queue_port = 0;
  {
    cvemu::Emulator emulator(kept_in(folder, {.training_time = 1h, .clock = cvemu::ClockMode::Frozen}));
    queue_port = emulator.queue_port();
    const Training training(emulator);
    const std::string queue = Storage(emulator).create_queue("notifications");
    project = trainable_project(training, "&notificationQueueUri=" + cvemu::percent_encode(queue));
    iteration = training.post("/projects/" + project + "/train").json()["id"];
    emulator.control().advance(30min);
  }
  cvemu::Emulator emulator(kept_in(folder, {.queue_port = queue_port, .clock = cvemu::ClockMode::Frozen}));
  const Training training(emulator);
  const std::string path = "/projects/" + project + "/iterations/" + iteration;
  CHECK(training.get(path).json()["status"] == "Training");
  emulator.control().advance(30min);
  CHECK(training.get(path).json()["status"] == "Completed");
  const auto texts = Storage(emulator).messages("notifications");
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].find("ConnectionTest") != std::string::npos);
  CHECK(texts[1].find("TrainingCompleted") != std::string::npos);
}

TEST_CASE("Restart: links to images stay good") {
  const Folder folder;
  std::string project;
  {
    cvemu::Emulator emulator(kept_in(folder));
    project = trainable_project(Training(emulator));
  }
  cvemu::Emulator emulator(kept_in(folder));
  const Json images = Training(emulator).get("/projects/" + project + "/images/tagged").json();
  REQUIRE(images.size() == 10);
  CHECK(send("GET", images[0]["originalImageUri"]).status == 200);
  CHECK(send("GET", images[0]["thumbnailUri"]).header("content-type") == "image/jpeg");
}

TEST_CASE("Restart: large blobs stay, snapshots bring them back, and the folder holds no more than them") {
  const Folder folder;
  const std::string large(1'000'000, 'x'), larger(2'000'000, 'y');
  const auto put = [](const cvemu::Emulator& emulator, const std::string& bytes) {
    const std::string url = emulator.blob_endpoint() + "/models/large.bin";
    CHECK(Storage(emulator).signed_request("PUT", url, bytes, {{"x-ms-blob-type", "BlockBlob"}}).status ==
          201);
  };
  const auto get = [](const cvemu::Emulator& emulator) {
    return Storage(emulator).get_blob("models", "large.bin").body;
  };
  const auto stored_files = [&] {
    const auto bytes = folder.path / "cvemu.sqlite3-bytes";
    return std::distance(std::filesystem::directory_iterator(bytes), std::filesystem::directory_iterator());
  };
  {
    cvemu::Emulator emulator(kept_in(folder));
    Storage(emulator).create_container("models");
    put(emulator, large);
    emulator.control().snapshot("before");
    put(emulator, larger);
    CHECK(get(emulator) == larger);
    emulator.control().restore("before");
    CHECK(get(emulator) == large);
  }
  cvemu::Emulator emulator(kept_in(folder));
  CHECK(get(emulator) == large);
  CHECK(stored_files() == 1);
}

TEST_CASE("Start: a folder belongs to one emulator, a port to one endpoint; each failure has its own kind") {
  using Kind = cvemu::StartError::Kind;
  const auto kind_of = [](cvemu::Options options) {
    try {
      cvemu::Emulator emulator(std::move(options));
    } catch (const cvemu::StartError& error) {
      return error.kind;
    }
    throw std::runtime_error("it started");
  };
  const Folder folder;
  const cvemu::Emulator first(kept_in(folder));
  CHECK(kind_of(kept_in(folder)) == Kind::UnusableLocation);
  CHECK(kind_of({.location = "/proc/cvemu"}) == Kind::UnusableLocation);
  CHECK(kind_of({.port = first.port()}) == Kind::CannotListen);
  CHECK(kind_of({.queue_port = first.blob_port()}) == Kind::CannotListen);
  CHECK(kind_of({.accounts = "rubbish"}) == Kind::Usage);
}

TEST_CASE("Restart: a scenario given at the start is loaded once into the state that is kept") {
  const Folder folder;
  std::filesystem::create_directory(folder.path);
  const auto file = folder.path / "scenario.json";
  const auto write = [&](const char* name) { std::ofstream(file) << Json{{"projects", {{{"name", name}}}}}; };
  const auto project_count = [&](bool reset = false) {
    cvemu::Emulator emulator(kept_in(folder, {.scenarios = {file}}));
    const auto count = Training(emulator).get("/projects").json().size();
    if (reset) emulator.control().reset();
    return count;
  };
  write("Hemlock");
  CHECK(project_count() == 1);
  CHECK(project_count(true) == 1);
  CHECK(project_count() == 1);  // a state that was emptied holds it no more
  write("Cherry");
  CHECK(project_count() == 2);
}
