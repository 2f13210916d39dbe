// The smallest test of an application against the emulator.
#include <cvemu/emulator.h>
#include <doctest/doctest.h>

#include "testing.h"

TEST_CASE("example: a training ends when its time has come") {
  cvemu::Emulator emulator({.training_time = std::chrono::minutes(10), .clock = cvemu::ClockMode::Frozen});
  const testing::Training training(emulator);
  const std::string project = testing::trainable_project(training);

  const auto iteration = training.post("/projects/" + project + "/train").json();
  CHECK(iteration["status"] == "Training");

  emulator.control().advance(std::chrono::minutes(10));
  const std::string path = "/projects/" + project + "/iterations/" + iteration["id"].get<std::string>();
  CHECK(training.get(path).json()["status"] == "Completed");
}
