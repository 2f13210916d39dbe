#include "customvision/jobs/notifications.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/embedded.h"

namespace cvemu::fixtures {
extern const std::vector<EmbeddedFile> kNotifications;  // fixtures/notifications
}

namespace cvemu::jobs_notifications_test {

using namespace cvemu::customvision;

namespace {

const Uuid kProject = *Uuid::parse("3FA85F64-5717-4562-B3FC-2C963F66AFA6");
const Uuid kIteration = *Uuid::parse("0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11");

// The sample with its {names} filled in, without the blanks and line ends that make it readable.
std::string sample(std::string_view name, std::string_view model_uri = "") {
  const auto& all = fixtures::kNotifications;
  const auto file =
      std::find_if(all.begin(), all.end(), [&](const EmbeddedFile& f) { return f.name == name; });
  REQUIRE(file != all.end());
  std::string text(file->text);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  const auto fill = [&](std::string_view hole, std::string_view value) {
    if (const auto at = text.find(hole); at != std::string::npos) text.replace(at, hole.size(), value);
  };
  fill("{projectId}", kProject.text());
  fill("{iterationId}", kIteration.text());
  fill("{modelUri}", model_uri);
  return text;
}

}  // namespace

TEST_CASE("Notifications: what the samples in fixtures/notifications show") {
  CHECK(notifications::connection_test(kProject) == sample("connection-test.json"));
  CHECK(notifications::training(kProject, kIteration, true) == sample("training.json"));
  CHECK(notifications::exported(kProject, kIteration, true, "http://h/m") ==
        sample("export.json", "http://h/m"));
}

TEST_CASE("Notifications: the three documents of the how-to, to the letter") {
  CHECK(
      notifications::connection_test(kProject) ==
      R"({"version":"1.0","type":"ConnectionTest","Content":{"projectId":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}})");
  CHECK(notifications::training(kProject, kIteration, true) ==
        R"({"version":"1.0","type":"Training","Content":{"projectId":"3fa85f64-5717-4562-b3fc-2c963f66afa6",)"
        R"("iterationId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11","trainingStatus":"TrainingCompleted"}})");
  CHECK(notifications::exported(kProject, kIteration, true, "http://h/c/m.ONNX?a=b&c=d") ==
        R"({"version":"1.0","type":"Export","Content":{"projectId":"3fa85f64-5717-4562-b3fc-2c963f66afa6",)"
        R"("iterationId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11","exportStatus":"ExportCompleted",)"
        R"("modelUri":"http://h/c/m.ONNX?a=b&c=d"}})");
}

TEST_CASE("Notifications: failures say so; without a model modelUri is null") {
  CHECK(notifications::training(kProject, kIteration, false).find(R"("TrainingFailed")") !=
        std::string::npos);
  CHECK(notifications::exported(kProject, kIteration, false, "")
            .ends_with(R"("exportStatus":"ExportFailed","modelUri":null}})"));
}

}  // namespace cvemu::jobs_notifications_test
