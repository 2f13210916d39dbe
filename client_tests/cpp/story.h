// What every story begins with: an emulator whose clock stands still, a project with notifications and
// backups, and ten images to train on. Copy it into your own tests, and put your client where these requests
// are.
#pragma once
#include <doctest/doctest.h>

#include "doctest_timeline.h"
#include "testing.h"

namespace testing {

using News = std::vector<std::string>;

// A training takes 90 s, an export 10 s, on the emulator's clock.
struct Story {
  static constexpr std::chrono::seconds kTrainingTime{90}, kExportTime{10};

  explicit Story(cvemu::Options options = {}) : emulator(standing(std::move(options))) {
    messages();  // the connection test's
  }

  // Begins a training.
  Answer try_to_train() const { return training.post("/projects/" + project + "/train?forceTrain=true"); }
  std::string train() const {
    const Answer answer = try_to_train();
    if (answer.status != 200) throw std::runtime_error(answer.body);
    return answer.json()["id"];
  }
  // The same, to its end. A delivery is tried once; if it fails, it is tried again later.
  std::string trained() const {
    const std::string id = train();
    control.advance(kTrainingTime);
    return id;
  }
  // In the version that has trainingErrorDetails.
  Json iteration(const std::string& id) const {
    return Training(emulator, "v3.4-preview").get("/projects/" + project + "/iterations/" + id).json();
  }
  std::string status(const std::string& id) const { return iteration(id)["status"]; }

  Answer export_model(const std::string& id) const {
    return training.post("/projects/" + project + "/iterations/" + id + "/export?platform=ONNX");
  }
  Answer exported(const std::string& id) const {
    const Answer answer = export_model(id);
    control.advance(kExportTime);
    return answer;
  }
  std::string export_status(const std::string& id) const {
    return training.get("/projects/" + project + "/iterations/" + id + "/export").json().at(0)["status"];
  }
  Answer backup(const std::string& id) const {
    return storage.get_blob("models", project + " - " + id + ".ONNX");
  }

  // The messages that came since the last call, as they lie in the queue; their contents; and what they say
  // in a word: "TrainingCompleted", "ExportFailed" ...
  std::vector<std::string> messages() const { return storage.messages("notifications"); }
  std::vector<Json> notifications() const {
    std::vector<Json> all;
    for (const std::string& text : messages()) all.push_back(Json::parse(text)["Content"]);
    return all;
  }
  News news() const {
    News all;
    for (const Json& content : notifications())
      all.push_back(content.contains("trainingStatus") ? content["trainingStatus"] : content["exportStatus"]);
    return all;
  }
  // Why there is a message of this iteration, or none.
  std::string explanation(const std::string& id) const { return control.journal().explain(id); }

  cvemu::Emulator emulator;
  Witnessed witnessed{emulator};  // a test that fails says what the emulator saw
  cvemu::Control& control = emulator.control();
  Storage storage{emulator};
  Training training{emulator};
  std::string queue = storage.create_queue("notifications"), container = storage.create_container("models");
  std::string project =
      trainable_project(training, "&notificationQueueUri=" + percent_encode(queue) +
                                      "&exportModelContainerUri=" + percent_encode(container));

 private:
  static cvemu::Options standing(cvemu::Options options) {
    if (!options.clock) options.clock = cvemu::ClockMode::Frozen;
    if (!options.clock_at) options.clock_at = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
    options.training_time = kTrainingTime;
    options.export_time = kExportTime;
    return options;
  }
};

}  // namespace testing
