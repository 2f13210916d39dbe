// What each version of the API adds, leaves out and answers.
#include "base/text.h"
#include "vision.h"

using namespace testing;

namespace {

const std::vector<std::string> kVersions = {"v3.0", "v3.1", "v3.2", "v3.3", "v3.4-preview"};

// The keys of one object in each version; those of the newest and what older ones lack.
void check_keys(const Vision& vision, const std::string& path, const std::vector<std::string>& newest,
                const std::map<std::string, std::string>& since, bool first_of_list = false) {
  for (std::size_t version = 0; version < kVersions.size(); ++version) {
    std::vector<std::string> expected;
    for (const std::string& key : newest) {
      const auto found = since.find(key);
      if (found == since.end() || found->second <= kVersions[version]) expected.push_back(key);
    }
    Json answer = vision.get_in(kVersions[version], path).json();
    if (first_of_list) answer = answer.at(0);
    CHECK_MESSAGE(keys_of(answer) == expected, (kVersions[version] + ' ' + path));
  }
}

struct Trained : Vision {
  Trained() : Vision("&domainId=" + std::string(kCompact)) {
    fill();
    post("/images/metadata?imageIds=" + images[0], R"({"a":"b"})");
    iteration = train();
  }
  std::string iteration;
};

}  // namespace

TEST_CASE("Keys per version: project, settings, domain, image, iteration, tag") {
  const Trained vision;
  check_keys(vision, "",
             {"id", "name", "description", "settings", "created", "lastModified", "thumbnailUri",
              "drModeEnabled", "status"},
             {{"status", "v3.2"}});
  check_keys(vision, "/iterations/" + vision.iteration,
             {"id", "name", "status", "created", "lastModified", "trainedAt", "projectId", "exportable",
              "exportableTo", "domainId", "classificationType", "trainingType", "reservedBudgetInHours",
              "trainingTimeInMinutes", "publishName", "originalPublishResourceId", "customBaseModelInfo",
              "trainingErrorDetails"},
             {{"trainingTimeInMinutes", "v3.1"},
              {"customBaseModelInfo", "v3.4-preview"},
              {"trainingErrorDetails", "v3.4-preview"}});
  check_keys(vision, "/images/id?imageIds=" + vision.images[0],
             {"id", "created", "width", "height", "resizedImageUri", "thumbnailUri", "originalImageUri",
              "tags", "metadata"},
             {{"metadata", "v3.3"}}, true);
  check_keys(vision, "/tags/" + vision.tags[0], {"id", "name", "description", "type", "imageCount"}, {});
  for (const std::string& version : kVersions) {
    const Json domain = Training(vision.emulator, version).get("/domains").json()[5];
    std::vector<std::string> keys{"id", "name", "type", "exportable", "enabled"};
    if (version == "v3.4-preview") keys.insert(keys.end(), {"exportablePlatforms", "modelInformation"});
    CHECK(keys_of(domain) == keys);
  }
}

TEST_CASE("Settings per version: 3.0 writes the platforms last and no image processing") {
  const Vision vision;
  CHECK(keys_of(vision.get_in("v3.0", "").json()["settings"]) ==
        std::vector<std::string>{"domainId", "classificationType", "useNegativeSet", "detectionParameters",
                                 "targetExportPlatforms"});
  for (std::size_t i = 1; i < kVersions.size(); ++i)
    CHECK(keys_of(vision.get_in(kVersions[i], "").json()["settings"]) ==
          std::vector<std::string>{"domainId", "classificationType", "targetExportPlatforms",
                                   "useNegativeSet", "detectionParameters", "imageProcessingSettings"});
}

TEST_CASE("exportableTo: platforms in 3.0 to 3.3, null in 3.4-preview") {
  const Trained vision;
  for (const std::string& version : kVersions) {
    const Json iteration = vision.get_in(version, "/iterations/" + vision.iteration).json();
    CHECK(iteration["exportable"] == true);
    if (version == "v3.4-preview") {
      CHECK(iteration["exportableTo"].is_null());
    } else {
      CHECK(iteration["exportableTo"] == Json{"CoreML", "DockerFile", "ONNX", "TensorFlow"});
    }
  }
}

TEST_CASE("Dates: service objects with three digits and Z, images without Z") {
  Vision vision;
  vision.emulator.control().advance(std::chrono::microseconds(123456));
  const std::string id = vision.image(1);
  const std::string project = vision.get("").json()["created"], image = vision.image_of(id)["created"];
  CHECK(project.size() == std::string("2020-11-06T17:40:45.610Z").size());
  CHECK(project.ends_with("Z"));
  CHECK(image.find('Z') == std::string::npos);
  CHECK_FALSE(image.ends_with("0"));
}

TEST_CASE("Operations appear in their version and are unknown before, in the gateway's shape") {
  struct Operation {
    const char *method, *path, *since;
  };
  const Operation operations[] = {{"GET", "/images?take=1", "v3.3"},    {"GET", "/images/count", "v3.3"},
                                  {"POST", "/images/metadata", "v3.3"}, {"GET", "/artifacts", "v3.3"},
                                  {"GET", "/export", "v3.2"},           {"GET", "/tags", "v3.0"},
                                  {"GET", "/images/tagged", "v3.0"},    {"POST", "/images/urls", "v3.0"},
                                  {"DELETE", "/images", "v3.0"},        {"POST", "/images/regions", "v3.0"}};
  const Vision vision;
  for (const Operation& one : operations)
    for (const std::string& version : kVersions) {
      const Answer answer = send(one.method,
                                 vision.emulator.training_endpoint() + "/customvision/" + version +
                                     "/training/projects/" + vision.project + one.path,
                                 "", {{"Training-Key", "k"}});
      const bool known = version >= one.since;
      CHECK_MESSAGE((answer.status != 404) == known, (std::string(one.method) + ' ' + version + one.path));
      if (!known) CHECK(answer.body == R"({"statusCode":404,"message":"Resource not found"})");
    }
}

TEST_CASE("DeleteImages: version 3.0 knows imageIds only") {
  Vision vision("", "v3.0");
  const std::string id = vision.image(1);
  CHECK(outcome_of(vision.remove("/images?allImages=true")) == "400 BadRequestRequiredParamIsNull");
  CHECK(vision.remove("/images?imageIds=" + id + "&allIterations=true").status == 204);
}

TEST_CASE("GeneralProduct tags are of 3.3; overwrite and the training body have their versions") {
  Trained vision;
  const Training v30(vision.emulator, "v3.0"), v31(vision.emulator, "v3.1"), v32(vision.emulator, "v3.2");
  const std::string project = "/projects/" + vision.project;
  CHECK(outcome_of(v32.post(project + "/tags?name=x&type=GeneralProduct")) == "400 BadRequestTagType");
  vision.emulator.control().advance(std::chrono::seconds(1));
  const std::string second = vision.train();
  vision.publish(vision.iteration, "p");
  const std::string publish =
      project + "/iterations/" + second +
      "/publish?publishName=p&overwrite=true&predictionId=" + cvemu::percent_encode(kResource);
  CHECK(outcome_of(v32.post(publish)) == "400 BadRequestInvalidPublishName");
  CHECK(vision.training.post(publish).body == "true");
  const std::string unknown = Json{{"selectedTags", {kNobody}}}.dump();
  CHECK(outcome_of(v32.post(project + "/train?forceTrain=true", unknown)) == "404 NotFoundTag");
  CHECK(v31.post(project + "/train?forceTrain=true", unknown).status == 200);
}

TEST_CASE("UpdateProject: augmentation methods that are not named stay as they were") {
  const Vision vision("", "v3.4-preview");
  const auto methods = [](const Json& project) {
    return project["settings"]["imageProcessingSettings"]["augmentationMethods"];
  };
  Json expected = methods(vision.get("").json());
  expected["rotation"] = false;
  const Answer answer = vision.patch(
      "", R"({"settings":{"imageProcessingSettings":{"augmentationMethods":{"rotation":false}}}})");
  CHECK(methods(answer.json()) == expected);
  CHECK(methods(vision.get("").json()) == expected);
  for (const std::string odd : {R"("rotation":1)", R"("rotation":null)", R"("vertical flip":true)"}) {
    const std::string body =
        R"({"settings":{"imageProcessingSettings":{"augmentationMethods":{)" + odd + "}}}}";
    CHECK(outcome_of(vision.patch("", body)) == "400 BadRequestProjectImagePreprocessingSettings");
    CHECK(Training(vision.emulator, "v3.0").patch("/projects/" + vision.project, body).status == 200);
  }
  CHECK(methods(vision.get("").json()) == expected);
}

TEST_CASE("CreateProject and UpdateProject: OpenVino is a platform of 3.4-preview") {
  const Vision vision("", "v3.3");
  const Training newest(vision.emulator, "v3.4-preview");
  const std::string query = "/projects?name=x&targetExportPlatforms=ONNX,openvino",
                    path = "/projects/" + vision.project;
  const std::string patch = R"({"settings":{"targetExportPlatforms":["OPENVINO"]}})";
  CHECK(outcome_of(vision.training.post(query)) == "400 BadRequestProjectUnsupportedExportPlatform");
  CHECK(outcome_of(vision.patch("", patch)) == "400 BadRequestProjectUnsupportedExportPlatform");
  CHECK(newest.post(query).json()["settings"]["targetExportPlatforms"] == Json{"ONNX", "OpenVino"});
  CHECK(newest.patch(path, patch).json()["settings"]["targetExportPlatforms"] == Json{"OpenVino"});
}

TEST_CASE("ExportIteration: OpenVino is a platform of 3.4-preview") {
  Trained vision;
  const std::string path =
      "/projects/" + vision.project + "/iterations/" + vision.iteration + "/export?platform=OpenVino";
  CHECK(outcome_of(Training(vision.emulator, "v3.3").post(path)) == "400 BadRequestExportValidationFailed");
}
