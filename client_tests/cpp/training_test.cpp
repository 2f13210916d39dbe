// What TrainProject and ExportIteration check, with the codes and texts on record.
#include <doctest/doctest.h>

#include "base/text.h"
#include "testing.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

void check_error(const Answer& answer, int status, const std::string& code, const std::string& message) {
  CHECK(answer.status == status);
  CHECK(answer.json()["code"] == code);
  CHECK(answer.json()["message"] == message);
}

std::string trained(cvemu::Emulator& emulator, const Training& training, const std::string& project) {
  const std::string id = training.post("/projects/" + project + "/train").json()["id"];
  emulator.control().run_until_idle();
  return id;
}

}  // namespace

TEST_CASE("TrainProject: refused without tags, and with too few images") {
  cvemu::Emulator emulator;
  const Training training(emulator);
  const std::string id = training.post("/projects?name=x").json()["id"];
  const std::string code = "BadRequestMultiLabelClassificationTrainingValidationFailed";
  check_error(training.post("/projects/" + id + "/train"), 400, code, "Not enough tags for training");
  training.post("/projects/" + id + "/tags?name=a");
  training.post("/projects/" + id + "/tags?name=b");
  check_error(training.post("/projects/" + id + "/train"), 400, code,
              "Not enough images per tag for training");
}

TEST_CASE("TrainProject: not while training, not for nothing, but with forceTrain") {
  cvemu::Emulator emulator({.training_time = 10s, .clock = cvemu::ClockMode::Frozen});
  const Training training(emulator);
  const std::string id = trainable_project(training), path = "/projects/" + id + "/train";
  CHECK(training.post(path).status == 200);
  check_error(training.post(path), 400, "BadRequestTrainingAlreadyInProgress",
              "Training is already in progress");
  emulator.control().advance(10s);
  check_error(training.post(path), 400, "BadRequestTrainingNotNeeded", "Nothing changed since last training");
  const Json second = training.post(path + "?forceTrain=true").json();
  CHECK(second["name"] == "Iteration 2");
}

TEST_CASE("TrainProject: the iteration while training and afterwards, as recorded") {
  cvemu::Emulator emulator({.training_time = 10s, .clock = cvemu::ClockMode::Frozen});
  const Training training(emulator, "v3.4-preview");
  const std::string project = trainable_project(training);
  const Json iteration = training.post("/projects/" + project + "/train").json();
  std::vector<std::string> keys;
  for (const auto& item : iteration.items()) keys.push_back(item.key());
  CHECK(keys == std::vector<std::string>{"id", "name", "status", "created", "lastModified", "projectId",
                                         "exportable", "exportableTo", "domainId", "classificationType",
                                         "trainingType", "reservedBudgetInHours", "trainingTimeInMinutes",
                                         "publishName", "originalPublishResourceId", "customBaseModelInfo",
                                         "trainingErrorDetails"});
  CHECK(iteration["domainId"].is_null());
  CHECK(iteration["trainingTimeInMinutes"] == 0);

  emulator.control().advance(10s);
  const Json done = training.get("/projects/" + project + "/iterations").json()[0];
  CHECK(done["status"] == "Completed");
  CHECK(done["exportable"] == true);
  CHECK(done["exportableTo"].is_null());
  CHECK(done["domainId"] == "0732100f-1a38-4e49-a514-c9b44c697ab5");
  CHECK(done["classificationType"] == "Multilabel");
  CHECK(done["trainingTimeInMinutes"] == 1);
  CHECK(done["trainedAt"] == done["lastModified"]);
  // The workspace of Iteration 1 was opened with the project.
  CHECK(done["created"] == training.get("/projects/" + project).json()["created"]);
}

TEST_CASE("ExportIteration: what it refuses") {
  cvemu::Emulator emulator;
  const Training training(emulator);
  const std::string project = trainable_project(training), iteration = trained(emulator, training, project);
  const std::string path = "/projects/" + project + "/iterations/" + iteration + "/export";
  CHECK(training.post(path).json()["code"] == "BadRequestRequiredParamIsNull");
  CHECK(training.post(path + "?platform=Toaster").json()["code"] == "BadRequestExportValidationFailed");
  CHECK(training.post(path + "?platform=ONNX&flavor=Linux").json()["code"] ==
        "BadRequestExportValidationFailed");
  CHECK(training.post(path + "?platform=onnx&flavor=").status == 200);
  check_error(training.post(path + "?platform=ONNX"), 400, "BadRequestExportAlreadyInProgress",
              iteration + " is already queued for export");
  CHECK(training.post(path + "?platform=TensorFlow&flavor=tensorflowlite").json()["flavor"] ==
        "TensorFlowLite");
  const std::string unknown =
      "/projects/" + project + "/iterations/00000000-0000-0000-0000-000000000001/export";
  check_error(training.post(unknown + "?platform=ONNX"), 404, "NotFoundIteration", "Invalid iteration");
}

TEST_CASE("ExportIteration: only compact domains") {
  cvemu::Emulator emulator;
  const Training training(emulator);
  const std::string project = trainable_project(training);
  const std::string general = "ee85a74c-405e-4adc-bb47-ffa8ca0c9f31";
  CHECK(training.patch("/projects/" + project, R"({"settings":{"domainId":")" + general + "\"}}").status ==
        200);
  const std::string iteration = trained(emulator, training, project);
  CHECK(training.post("/projects/" + project + "/iterations/" + iteration + "/export?platform=ONNX")
            .json()["code"] == "BadRequestExportValidationFailed");
}

TEST_CASE("Keys: a missing one is 401 in the gateway's shape, a wrong one if valid ones are named") {
  cvemu::Emulator emulator({.training_keys = {"right"}});
  const std::string url = emulator.training_endpoint() + "/customvision/v3.3/training/domains";
  CHECK(send("GET", url).status == 401);
  CHECK(send("GET", url).json()["error"]["code"] == "401");
  CHECK(send("GET", url, "", {{"Training-key", "wrong"}}).status == 401);
  CHECK(send("GET", url, "", {{"training-KEY", "right"}}).status == 200);
}
