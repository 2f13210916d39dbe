// What every story begins with: an emulator whose clock stands still, a project with notifications and backups, and
// ten images to train on. Copy it into your own tests, and put your client where these requests are.
#pragma once
#include <doctest/doctest.h>

#include "base/text.h"
#include "testing.h"

namespace testing {

struct Story {
  explicit Story(cvemu::Options options = {}) : emulator(standing(std::move(options))) {
    notifications();  // the connection test's
  }

  std::string train() const { return training.post("/projects/" + project + "/train?forceTrain=true").json()["id"]; }
  // In the version that has trainingErrorDetails.
  Json iteration(const std::string& id) const {
    return Training(emulator, "v3.4-preview").get("/projects/" + project + "/iterations/" + id).json();
  }
  std::string status(const std::string& id) const { return iteration(id)["status"]; }
  Answer export_model(const std::string& id) const {
    return training.post("/projects/" + project + "/iterations/" + id + "/export?platform=ONNX");
  }
  std::string export_status(const std::string& id) const {
    return training.get("/projects/" + project + "/iterations/" + id + "/export").json().at(0)["status"];
  }
  // The contents of the notifications that came since the last call.
  std::vector<Json> notifications() const {
    std::vector<Json> all;
    for (const std::string& text : storage.messages("notifications")) all.push_back(Json::parse(text)["Content"]);
    return all;
  }
  // "TrainingCompleted", "ExportFailed" ...
  std::vector<std::string> news() const {
    std::vector<std::string> all;
    for (const Json& content : notifications())
      all.push_back(content.contains("trainingStatus") ? content["trainingStatus"] : content["exportStatus"]);
    return all;
  }

  cvemu::Emulator emulator;
  cvemu::Control& control = emulator.control();
  Storage storage{emulator};
  Training training{emulator};
  std::string queue = storage.create_queue("notifications"), container = storage.create_container("models");
  std::string project = trainable_project(training, "&notificationQueueUri=" + cvemu::percent_encode(queue) +
                                                        "&exportModelContainerUri=" + cvemu::percent_encode(container));

 private:
  static cvemu::Options standing(cvemu::Options options) {
    if (options.clock.empty()) options.clock = "frozen";
    if (!options.clock_at) options.clock_at = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
    options.training_time = std::chrono::seconds(90);
    options.export_time = std::chrono::seconds(10);
    return options;
  }
};

using News = std::vector<std::string>;

}  // namespace testing
