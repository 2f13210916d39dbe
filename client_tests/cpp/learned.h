// A project that has learned something: images drawn by learning/synthetic, an iteration, a publish name.
#pragma once
#include "imaging/encode.h"
#include "learning/synthetic.h"
#include "vision.h"

namespace testing {

namespace drawn = cvemu::learning::synthetic;

// The same seed gives the same image, as a JPEG file of 640 x 480 pixels.
struct DrawnFile {
  explicit DrawnFile(const drawn::Image& image)
      : bytes(cvemu::imaging::encode_jpeg(image.image, 90)), objects(image.objects) {}

  std::string bytes;
  std::vector<cvemu::learning::Region> objects;
};

// A red circle (label 0) or a blue square (label 1) on a noisy background.
inline std::string drawn_file(int label, unsigned seed) {
  drawn::Random random(2 * seed + static_cast<unsigned>(label));
  return DrawnFile(drawn::easy(random, label)).bytes;
}

// One to three circles and squares.
inline DrawnFile drawn_scene(unsigned seed) {
  drawn::Random random(seed);
  return DrawnFile(drawn::scene(random));
}

// An iteration trained on circles and squares, published as "model".
class Learned : public Vision {
 public:
  static constexpr int kPerTag = 8;
  static constexpr unsigned kUnseen = 1000;  // seeds from here on are of images that were not trained

  explicit Learned(const std::string& version = "v3.3", const std::string& query = "",
                   cvemu::Options options = {})
      : Vision(
            query.empty() ? std::string("&domainId=") + kCompact + "&classificationType=Multiclass" : query,
            version, std::move(options)) {
    tags = {tag("circle"), tag("square")};
    for (unsigned i = 0; i < kPerTag; ++i)
      for (int label = 0; label < 2; ++label)
        images.push_back(upload(drawn_file(label, i), {tags_at(label)}));
    iteration = train("");
    publish(iteration, "model");
  }

  std::string upload(const std::string& bytes, const std::vector<std::string>& its_tags = {}) {
    emulator.control().advance(std::chrono::seconds(1));
    const Json file = {{"name", "drawn"}, {"contents", cvemu::base64_encode(bytes)}};
    const Answer answer = post("/images/files", Json{{"images", {file}}, {"tagIds", its_tags}}.dump());
    if (answer.status != 200) throw std::runtime_error(answer.body);
    return answer.json()["images"][0]["image"]["id"];
  }

  std::string path(const std::string& rest = "") const { return "/iterations/" + iteration + rest; }
  const std::string& tags_at(int label) const { return tags[static_cast<std::size_t>(label)]; }
  std::string iteration;
};

// A call of the Prediction API; `path` follows the project: "/classify/iterations/model/image".
inline Answer predict(const Vision& vision, const std::string& path, const std::string& body,
                      const std::string& version = "v3.1") {
  const bool url = path.find("/url") != std::string::npos;
  return send(
      "POST",
      vision.emulator.prediction_endpoint() + "/customvision/" + version + "/prediction/" + vision.project +
          path,
      body,
      {{"Prediction-Key", "k"}, {"Content-Type", url ? "application/json" : "application/octet-stream"}});
}

inline std::string url_body(const std::string& url) {
  return Json{{"url", url}}.dump();
}

}  // namespace testing
