// The stage of a story: an emulator whose clock stands still, a project that is ready to be trained and tells a queue
// and a container.
#pragma once
#include <doctest/doctest.h>

#include "base/text.h"
#include "doctest_timeline.h"
#include "testing.h"

namespace testing {

struct Stage {
  cvemu::Emulator emulator;
  Witnessed witnessed{emulator};
  cvemu::Control& control = emulator.control();
  Storage storage{emulator};
  Training training{emulator};
  std::string queue = storage.create_queue("notifications"), container = storage.create_container("models");
  std::string project = trainable_project(training, "&notificationQueueUri=" + cvemu::percent_encode(queue) +
                                                        "&exportModelContainerUri=" + cvemu::percent_encode(container));

  explicit Stage(cvemu::Options options = {.training_time = std::chrono::seconds(1),
                                          .export_time = std::chrono::seconds(1),
                                          .frozen_clock = true}) : emulator(std::move(options)) {
    storage.messages("notifications");  // the connection test
  }

  Answer train() const { return training.post("/projects/" + project + "/train?forceTrain=true"); }
  // Trains to the end; answers the iteration's id.
  std::string trained() const {
    const Answer answer = train();
    if (answer.status != 200) throw std::runtime_error(answer.body);
    settle();
    return answer.json()["id"];
  }
  Answer start_export(const std::string& iteration) const {
    return training.post("/projects/" + project + "/iterations/" + iteration + "/export?platform=ONNX");
  }
  std::string status_of(const std::string& iteration) const {
    return training.get("/projects/" + project + "/iterations/" + iteration).json()["status"];
  }
  // Everything that is due happens; a delivery that fails stays for later.
  void settle() const { control.run_until_idle(std::chrono::seconds(30)); }
  std::vector<std::string> notifications() const { return storage.messages("notifications"); }
};

}  // namespace testing
