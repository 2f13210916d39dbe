// A project in an emulator of its own, and the short words that tests of Custom Vision are written in.
#pragma once
#include <doctest/doctest.h>

#include "testing.h"

namespace testing {

inline constexpr const char* kCompact = "0732100f-1a38-4e49-a514-c9b44c697ab5";
inline constexpr const char* kDetection = "da2e3a8a-40a5-4171-82f4-58522f70fbc1";
inline constexpr const char* kNobody = "00000000-0000-4000-8000-000000000001";  // an id that nothing has
inline const std::string kResource =
    "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a";

// Paths given to it follow the project: "/tags".
class Vision {
 public:
  // The clock stands still, so that every creation time is the test's choice.
  explicit Vision(const std::string& query = "", const std::string& version = "v3.3",
                  cvemu::Options options = {})
      : emulator(frozen(std::move(options))),
        training(emulator, version),
        project(training.post("/projects?name=demo" + query).json().at("id")) {}

  Answer get(const std::string& path) const { return training.get("/projects/" + project + path); }
  Answer post(const std::string& path, const std::string& body = "") const {
    return training.post("/projects/" + project + path, body);
  }
  Answer patch(const std::string& path, const std::string& body) const {
    return training.patch("/projects/" + project + path, body);
  }
  Answer remove(const std::string& path) const { return training.remove("/projects/" + project + path); }
  // The same project in another version of the API.
  Answer get_in(const std::string& version, const std::string& path) const {
    return Training(emulator, version).get("/projects/" + project + path);
  }

  std::string tag(const std::string& name, const std::string& query = "") const {
    return post("/tags?name=" + name + query).json().at("id");
  }
  Json tag_of(const std::string& id) const { return get("/tags/" + id).json(); }

  // A new image, different for each shade, a second younger than the one before.
  std::string image(int shade, const std::vector<std::string>& its_tags = {}) {
    emulator.control().advance(std::chrono::seconds(1));
    const Json batch = {{"images", {file(shade)}}, {"tagIds", its_tags}};
    const Answer answer = post("/images/files", batch.dump());
    if (answer.status != 200) throw std::runtime_error(answer.body);
    return answer.json()["images"][0]["image"]["id"];
  }
  static Json file(int shade, int width = 16, int height = 16) {
    return {{"name", "image" + std::to_string(shade)},
            {"contents", base64_encode(png(width, height, shade))}};
  }
  Json image_of(const std::string& id) const { return get("/images/id?imageIds=" + id).json().at(0); }
  Json region(const std::string& image, const std::string& tag, double left = 0.25) const {
    return {{"imageId", image}, {"tagId", tag},   {"left", left},
            {"top", 0.5},       {"width", 0.125}, {"height", 0.375}};
  }

  // Two tags with five images each.
  void fill() {
    tags = {tag("one"), tag("two")};
    for (int i = 0; i < 10; ++i) images.push_back(image(i, {tags[static_cast<std::size_t>(i / 5)]}));
  }
  std::string train(const std::string& query = "?forceTrain=true") {
    const Answer answer = post("/train" + query);
    if (answer.status != 200) throw std::runtime_error(answer.body);
    emulator.control().run_until_idle(std::chrono::seconds(30));
    return answer.json()["id"];
  }
  Answer publish(const std::string& iteration, const std::string& name, const std::string& query = "") const {
    return post("/iterations/" + iteration + "/publish?publishName=" + name +
                "&predictionId=" + percent_encode(kResource) + query);
  }

  cvemu::Emulator emulator;
  Training training;
  std::string project;
  std::vector<std::string> tags, images;  // of fill()

 private:
  static cvemu::Options frozen(cvemu::Options options) {
    options.clock = cvemu::ClockMode::Frozen;
    return options;
  }
};

inline std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

// One member of each entry of a list.
inline std::vector<std::string> all_of(const Json& list, const char* member = "id") {
  std::vector<std::string> values;
  for (const Json& entry : list) values.push_back(entry.at(member));
  return values;
}

inline std::string code_of(const Answer& answer) {
  return answer.json().value("code", answer.body);
}

// "400 BadRequestTagName"
inline std::string outcome_of(const Answer& answer) {
  return std::to_string(answer.status) + ' ' + code_of(answer);
}

}  // namespace testing
