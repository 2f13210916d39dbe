// Iterations: named, published, deleted; what a training takes and refuses.
#include "base/text.h"
#include "vision.h"

using namespace testing;

namespace {

struct Trained : Vision {
  explicit Trained(const std::string& version = "v3.4-preview")
      : Vision("&domainId=" + std::string(kCompact), version) {
    fill();
    iteration = train();
  }
  std::string path(const std::string& rest = "") const { return "/iterations/" + iteration + rest; }
  std::string iteration;
};

}  // namespace

TEST_CASE("UpdateIteration: the name alone; lastModified moves") {
  Trained vision;
  const Json before = vision.get(vision.path()).json();
  vision.emulator.control().advance(std::chrono::seconds(5));
  const Json after =
      vision.patch(vision.path(), R"({"name":"best","status":"Failed","publishName":"x"})").json();
  CHECK(after["name"] == "best");
  CHECK(after["status"] == "Completed");
  CHECK(after["publishName"].is_null());
  CHECK(after["trainedAt"] == before["trainedAt"]);
  CHECK(after["lastModified"] > before["lastModified"]);
  CHECK(vision.get(vision.path()).json() == after);
}

TEST_CASE("UpdateIteration: refused without a name and for the name of another; allowed while published") {
  Trained vision;
  const std::string second = vision.train();
  CHECK(outcome_of(vision.patch(vision.path(), "{}")) == "400 BadRequestIterationName");
  CHECK(outcome_of(vision.patch(vision.path(), R"({"name":""})")) == "400 BadRequestIterationName");
  CHECK(outcome_of(vision.patch(vision.path(), R"({"name":"Iteration 2"})")) ==
        "400 BadRequestIterationNameNotUnique");
  CHECK(vision.patch(vision.path(), R"({"name":"Iteration 1"})").status == 200);
  CHECK(outcome_of(vision.patch("/iterations/" + std::string(kNobody), "{}")) == "404 NotFoundIteration");
  vision.publish(second, "p");
  CHECK(vision.patch("/iterations/" + second, R"({"name":"n"})").json()["publishName"] == "p");
}

TEST_CASE("PublishIteration: a bare true; name and resource show in the iteration") {
  Trained vision;
  vision.emulator.control().advance(std::chrono::seconds(5));
  const Answer answer = vision.publish(vision.iteration, "my%20model");
  CHECK(answer.status == 200);
  CHECK(answer.body == "true");
  const Json iteration = vision.get(vision.path()).json();
  CHECK(iteration["publishName"] == "my model");
  CHECK(iteration["originalPublishResourceId"] == kResource);
  CHECK(iteration["lastModified"] > iteration["trainedAt"]);
}

TEST_CASE("PublishIteration: what is already published says under which name, also with overwrite") {
  Trained vision;
  vision.publish(vision.iteration, "first");
  for (const char* query : {"", "&overwrite=true"}) {
    const Answer again = vision.publish(vision.iteration, "second", query);
    CHECK(outcome_of(again) == "400 BadRequestIterationIsPublished");
    CHECK(again.json()["message"] == "Iteration is already published as: first");
  }
}

TEST_CASE("PublishIteration: names are unique, unless overwrite takes one away") {
  Trained vision;
  const std::string second = vision.train();
  vision.publish(vision.iteration, "p");
  CHECK(outcome_of(vision.publish(second, "p")) == "400 BadRequestInvalidPublishName");
  CHECK(vision.publish(second, "other").body == "true");
  vision.remove("/iterations/" + second + "/publish");
  CHECK(vision.publish(second, "p", "&overwrite=TRUE").body == "true");
  CHECK(vision.get(vision.path()).json()["publishName"].is_null());
  CHECK(vision.get(vision.path()).json()["originalPublishResourceId"].is_null());
  CHECK(vision.get("/iterations/" + second).json()["publishName"] == "p");
}

TEST_CASE("PublishIteration: what it needs") {
  Trained vision;
  const std::string good = "&predictionId=" + cvemu::percent_encode(kResource);
  CHECK(outcome_of(vision.post(vision.path("/publish?publishName=" + good))) ==
        "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.post(vision.path("/publish?publishName=p"))) ==
        "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.post(vision.path("/publish?publishName=p&predictionId=name"))) ==
        "400 BadRequestInvalidPublishTarget");
  CHECK(outcome_of(vision.publish(kNobody, "p")) == "404 NotFoundIteration");
}

TEST_CASE("While an iteration is training it cannot be published or deleted") {
  Vision vision("&domainId=" + std::string(kCompact), "v3.3", {.training_time = std::chrono::minutes(1)});
  vision.fill();
  const std::string id = vision.post("/train").json()["id"];
  CHECK(outcome_of(vision.publish(id, "p")) == "400 BadRequestIterationIsNotTrained");
  CHECK(outcome_of(vision.remove("/iterations/" + id)) == "400 BadRequestWorkspaceNotDeletable");
  CHECK(outcome_of(vision.get("/export")) == "400 BadRequestExportWhileTraining");
  vision.emulator.control().advance(std::chrono::minutes(1));
  CHECK(vision.publish(id, "p").body == "true");
}

TEST_CASE("A training whose images are deleted from all iterations meanwhile fails and says why") {
  Vision vision("", "v3.4-preview", {.training_time = std::chrono::minutes(1)});
  vision.fill();
  const std::string id = vision.post("/train").json()["id"];
  vision.remove("/images?allImages=true&allIterations=true");
  vision.emulator.control().advance(std::chrono::minutes(1));
  const Json failed = vision.get("/iterations/" + id).json();
  CHECK(failed["status"] == "Failed");
  CHECK(failed["trainingErrorDetails"] == "Not enough images per tag for training");
}

TEST_CASE("UnpublishIteration: 204, once; DeleteIteration is refused while published") {
  Trained vision;
  CHECK(outcome_of(vision.remove(vision.path("/publish"))) == "400 BadRequestIterationNotPublished");
  vision.publish(vision.iteration, "p");
  CHECK(outcome_of(vision.remove(vision.path())) == "400 BadRequestIterationIsPublished");
  CHECK(outcome_of(vision.training.remove("/projects/" + vision.project)) ==
        "400 BadRequestIterationIsPublished");
  CHECK(vision.remove(vision.path("/publish")).status == 204);
  CHECK(vision.remove(vision.path()).status == 204);
  CHECK(outcome_of(vision.get(vision.path())) == "404 NotFoundIteration");
}

TEST_CASE("DeleteIteration: its number is not used again; images found only in it go, and its models") {
  Trained vision;
  vision.post(vision.path("/export?platform=ONNX"));
  vision.emulator.control().run_until_idle(std::chrono::seconds(30));
  const std::string model = vision.get(vision.path("/export")).json()[0]["downloadUri"];
  const std::string image = vision.image_of(vision.images[0])["originalImageUri"];
  vision.remove("/images?imageIds=" + vision.images[0]);
  CHECK(send("GET", model).status == 200);
  CHECK(send("GET", image).status == 200);
  vision.remove(vision.path());
  CHECK(send("GET", model).status == 404);
  CHECK(send("GET", image).status == 404);
  CHECK(vision.get("/iterations").body == "[]");
  vision.image(99, {vision.tags[0]});
  CHECK(vision.post("/train").json()["name"] == "Iteration 2");
}

TEST_CASE("TrainProject: selected tags only are in the iteration") {
  Trained vision("v3.3");
  const std::string third = vision.tag("three");
  for (int i = 20; i < 25; ++i) vision.image(i, {third});
  const Json body = {{"selectedTags", {vision.tags[0], third}}};
  const std::string id = vision.post("/train", body.dump()).json()["id"];
  const Json tags = vision.get("/tags?iterationId=" + id).json();
  CHECK(tags.size() == 2);
  CHECK(vision.get("/images/tagged/count?iterationId=" + id).body == "10");
  CHECK(vision.get("/images/untagged/count?iterationId=" + id).body == "5");
  vision.emulator.control().run_until_idle(std::chrono::seconds(30));
  CHECK(outcome_of(vision.post("/train", Json{{"selectedTags", {kNobody}}}.dump())) == "404 NotFoundTag");
}

TEST_CASE("TrainProject: a base model is echoed and checked; before 3.4-preview it is ignored") {
  Trained vision;
  const auto body = [&](const std::string& project, const std::string& iteration) {
    return Json{{"customBaseModelInfo", {{"projectId", project}, {"iterationId", iteration}}}}.dump();
  };
  const std::string train = "/train?trainingType=Regular&forceTrain=true";
  const Answer answer = vision.post(train, body(vision.project, vision.iteration));
  CHECK(answer.json()["customBaseModelInfo"] ==
        Json{{"projectId", vision.project}, {"iterationId", vision.iteration}});
  vision.emulator.control().run_until_idle(std::chrono::seconds(30));
  CHECK(outcome_of(vision.post(train, body(kNobody, vision.iteration))) == "404 NotFoundProject");
  CHECK(outcome_of(vision.post(train, body(vision.project, kNobody))) == "404 NotFoundIteration");
  CHECK(outcome_of(vision.post(train, R"({"customBaseModelInfo":{"projectId":")" + vision.project +
                                          "\"}}")) == "400 BadRequestRequiredParamIsNull");
  vision.training.patch("/projects/" + vision.project,
                        R"({"settings":{"domainId":"ee85a74c-405e-4adc-bb47-ffa8ca0c9f31"}})");
  CHECK(outcome_of(vision.post(train, body(vision.project, vision.iteration))) ==
        "400 BadRequestCustomBaseModelDomainNotCompatible");
  const Training older(vision.emulator, "v3.3");
  CHECK(older.post("/projects/" + vision.project + train, body(kNobody, kNobody)).status == 200);
}

TEST_CASE("TrainProject: a base model must be completed") {
  Vision other("", "v3.4-preview", {.training_time = std::chrono::minutes(1)});
  other.fill();
  const std::string running = other.post("/train").json()["id"];
  const std::string first = other.project;
  other.project = other.training.post("/projects?name=second").json()["id"];
  other.fill();
  const Json body = {{"customBaseModelInfo", {{"projectId", first}, {"iterationId", running}}}};
  CHECK(outcome_of(other.post("/train", body.dump())) ==
        "400 BadRequestCustomBaseModelIterationStatusNotCompleted");
}

TEST_CASE("TrainProject: advanced training and the email address") {
  Trained vision;
  CHECK(outcome_of(vision.post("/train?trainingType=advanced&forceTrain=true")) ==
        "400 BadRequestReservedBudgetInHoursNotEnoughForAdvancedTraining");
  CHECK(outcome_of(vision.post("/train?trainingType=Odd")) == "400 BadRequestInvalid");
  for (const char* address : {"x", "@x", "x@", "a@b@c", "a%20b@c"})
    CHECK(outcome_of(vision.post(std::string("/train?notificationEmailAddress=") + address)) ==
          "400 BadRequestInvalidEmailAddress");
  const Json iteration = vision
                             .post(
                                 "/train?trainingType=advanced&reservedBudgetInHours=2&forceTrain=true&"
                                 "notificationEmailAddress=me%40example.org")
                             .json();
  CHECK(iteration["trainingType"] == "Advanced");
  CHECK(iteration["reservedBudgetInHours"] == 2);
  vision.emulator.control().run_until_idle(std::chrono::seconds(30));
  vision.training.patch("/projects/" + vision.project, R"({"settings":{"targetExportPlatforms":["vaidk"]}})");
  CHECK(outcome_of(vision.post("/train?trainingType=Advanced&reservedBudgetInHours=1&forceTrain=true")) ==
        "400 BadRequestExportPlatformNotSupportedForAdvancedTraining");
}

TEST_CASE("GetIterations: newest first; the next iteration was opened when the previous training began") {
  Trained vision;
  vision.emulator.control().advance(std::chrono::seconds(5));
  const std::string second = vision.train();
  const Json all = vision.get("/iterations").json();
  CHECK(all_of(all) == std::vector{second, vision.iteration});
  CHECK(all[0]["created"] < all[0]["trainedAt"]);
}
