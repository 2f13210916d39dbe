// Answers as recorded, to the byte.
#include <doctest/doctest.h>

#include "customvision/wire/wire.h"

namespace cvemu::wire_wire_write_test {

using namespace cvemu::customvision;
using namespace std::chrono_literals;

namespace {

const Uuid kProjectId = *Uuid::parse("0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11");
const Uuid kOther = *Uuid::parse("5a2b3c4d-0000-4000-8000-000000000001");
// 2020-11-06T17:40:45.493677Z
constexpr Instant kTime{1604684445493677us};

template <class... Values>
std::string written(const Values&... values) {
  JsonWriter json;
  wire::write(json, values...);
  return json.take();
}

Project project() {
  Project p;
  p.id = kProjectId;
  p.name = "demo";
  p.settings.domain = *Uuid::parse(kDefaultDomain);
  p.settings.classification_type = ClassificationType::Multilabel;
  p.settings.augmentation = R"({"rotation":true})";
  p.created = p.modified = kTime;
  return p;
}

Iteration iteration() {
  Iteration it;
  it.id = kOther;
  it.project = kProjectId;
  it.name = "Iteration 1";
  it.created = it.modified = it.started = kTime;
  it.domain = *Uuid::parse("0732100f-1a38-4e49-a514-c9b44c697ab5");
  it.classification_type = ClassificationType::Multilabel;
  return it;
}

}  // namespace

TEST_CASE("Wire: a project, and what versions leave out of it") {
  const std::string begin =
      R"({"id":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11","name":"demo","description":"","settings":{)"
      R"("domainId":"ee85a74c-405e-4adc-bb47-ffa8ca0c9f31","classificationType":"Multilabel",)";
  const std::string end =
      R"("created":"2020-11-06T17:40:45.493Z","lastModified":"2020-11-06T17:40:45.493Z","thumbnailUri":null,"drModeEnabled":false)";
  const std::string settings =
      R"("targetExportPlatforms":[],"useNegativeSet":true,"detectionParameters":null,)"
      R"("imageProcessingSettings":{"augmentationMethods":{"rotation":true}}},)";
  CHECK(written(project(), "", ApiVersion::V3_4) == begin + settings + end + R"(,"status":"Succeeded"})");
  CHECK(written(project(), "", ApiVersion::V3_1) == begin + settings + end + "}");
  CHECK(written(project(), "", ApiVersion::V3_0) ==
        begin + R"("useNegativeSet":true,"detectionParameters":null,"targetExportPlatforms":[]},)" + end +
            "}");
}

TEST_CASE("Wire: storage URIs stand last in the settings, from 3.3 on and only if set") {
  Project p = project();
  p.settings.notification_queue_uri = "http://q";
  CHECK(written(p, "", ApiVersion::V3_3)
            .find(R"({"rotation":true}},"notificationQueueUri":"http://q"},"created")") != std::string::npos);
  CHECK(written(p, "", ApiVersion::V3_2).find("notificationQueueUri") == std::string::npos);
}

TEST_CASE("Wire: an iteration in training, then completed") {
  Iteration it = iteration();
  const std::string begin = R"({"id":"5a2b3c4d-0000-4000-8000-000000000001","name":"Iteration 1","status":")";
  CHECK(written(it, ApiVersion::V3_4) ==
        begin +
            R"(Training","created":"2020-11-06T17:40:45.493Z","lastModified":"2020-11-06T17:40:45.493Z",)"
            R"("projectId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11","exportable":false,"exportableTo":null,)"
            R"("domainId":null,"classificationType":null,"trainingType":"Regular","reservedBudgetInHours":0,)"
            R"("trainingTimeInMinutes":0,"publishName":null,"originalPublishResourceId":null,)"
            R"("customBaseModelInfo":null,"trainingErrorDetails":null})");
  it.status = IterationStatus::Completed;
  it.trained = it.modified = kTime + 1s;
  it.training_minutes = 1;
  CHECK(
      written(it, ApiVersion::V3_0) ==
      begin +
          R"(Completed","created":"2020-11-06T17:40:45.493Z","lastModified":"2020-11-06T17:40:46.493Z",)"
          R"("trainedAt":"2020-11-06T17:40:46.493Z","projectId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11",)"
          R"("exportable":true,"exportableTo":["CoreML","DockerFile","ONNX","TensorFlow"],)"
          R"("domainId":"0732100f-1a38-4e49-a514-c9b44c697ab5","classificationType":"Multilabel",)"
          R"("trainingType":"Regular","reservedBudgetInHours":0,"publishName":null,"originalPublishResourceId":null})");
}

TEST_CASE("Wire: an image; tags and regions are absent when there are none, metadata before 3.3") {
  TrainingImage image;
  image.id = kOther;
  image.project = kProjectId;
  image.created = kTime;
  image.width = 900;
  image.height = 1600;
  const wire::ImageLinks links{"http://o", "http://r", "http://t"};
  const std::string begin =
      R"({"id":"5a2b3c4d-0000-4000-8000-000000000001","created":"2020-11-06T17:40:45.493677","width":900,"height":1600,)"
      R"("resizedImageUri":"http://r","thumbnailUri":"http://t","originalImageUri":"http://o")";
  CHECK(written(image, links, ApiVersion::V3_4) == begin + "}");
  image.tags.push_back({kProjectId, "Tag1", from_micros(1604684445000000)});
  image.regions.push_back({kOther, kProjectId, "Tag1", kTime, {0.403186262, 0.5, 1, 0.1}});
  image.metadata = R"({"a":"b"})";
  const std::string tags = R"(,"tags":[{"tagId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11","tagName":)";
  const std::string region =
      R"(,"created":"2020-11-06T17:40:45.493677","tagId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11",)"
      R"("left":0.403186262,"top":0.5,"width":1.0,"height":0.1}])";
  const std::string regions = R"(,"regions":[{"regionId":"5a2b3c4d-0000-4000-8000-000000000001","tagName":)";
  CHECK(written(image, links, ApiVersion::V3_3) ==
        begin + tags + R"("Tag1","created":"2020-11-06T17:40:45"}])" + regions + R"("Tag1")" + region +
            R"(,"metadata":{"a":"b"}})");
  CHECK(written(image, links, ApiVersion::V3_2, false) ==
        begin + tags + R"(null,"created":"2020-11-06T17:40:45"}])" + regions + "null" + region + "}");
}

TEST_CASE("Wire: summaries write empty lists, not null; a failed image is null") {
  CHECK(written(wire::ImageTagSummary{}) == R"({"created":[],"duplicated":[],"exceeded":[]})");
  CHECK(written(wire::ImageTagSummary{{{kOther, kProjectId}}, {}, {}}) ==
        R"({"created":[{"imageId":"5a2b3c4d-0000-4000-8000-000000000001",)"
        R"("tagId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11"}],"duplicated":[],"exceeded":[]})");
  CHECK(
      written(std::vector<wire::UploadResult>{{"x.png", "ErrorImageFormat", std::nullopt, {}}},
              ApiVersion::V3_4) ==
      R"({"isBatchSuccessful":false,"images":[{"sourceUrl":"x.png","status":"ErrorImageFormat","image":null}]})");
  CHECK(
      written(std::vector<wire::MetadataUpdate>{{kOther, "OK", R"({"a":"b"})"}}) ==
      R"({"isBatchSuccessful":true,"images":[{"imageId":"5a2b3c4d-0000-4000-8000-000000000001","status":"OK",)"
      R"("metadata":{"a":"b"}}]})");
}

TEST_CASE("Wire: an export, and a project's") {
  Export entry;
  entry.platform = "TensorFlow";
  CHECK(
      written(entry, "") ==
      R"({"platform":"TensorFlow","status":"Exporting","downloadUri":null,"flavor":null,"newerVersionAvailable":false})");
  CHECK(
      written(wire::ProjectExport{1, 10, 4, 0, 5081, "http://t"}) ==
      R"({"iterationCount":1,"imageCount":10,"tagCount":4,"regionCount":0,"estimatedImportTimeInMS":5081,"token":"http://t"})");
}

}  // namespace cvemu::wire_wire_write_test
