// How good the trained models are, measured through the endpoints: drawn pictures are uploaded, trained on,
// and others predicted. The pictures come from fixed seeds, so the figures, which are printed, are the same
// in every run.
#include <algorithm>
#include <iostream>
#include <numeric>

#include "../cpp/testing.h"
#include "base/text.h"
#include "imaging/encode.h"
#include "learning/synthetic.h"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

using namespace testing;
using namespace cvemu::learning;
using synthetic::Image;

namespace {

constexpr const char* kClassification = "0732100f-1a38-4e49-a514-c9b44c697ab5";
constexpr const char* kDetection = "a27d5ca5-bb19-49d8-a70a-fec086c47f5b";
constexpr const char* kResource =
    "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a";

using Draw = Image (*)(synthetic::Random&, int label);

// A project with tags "0", "1" ... that learns from pictures and predicts others.
class Pupil {
 public:
  Pupil(const std::string& query, int labels) : training_(emulator_) {
    project_ = "/projects/" + text(training_.post("/projects?name=pupil&" + query).json().at("id"));
    for (int i = 0; i < labels; ++i) {
      tags_.push_back(training_.post(project_ + "/tags?name=" + std::to_string(i)).json().at("id"));
    }
  }

  void upload(const Image& picture, int label) { upload({{"tagIds", {tag(label)}}}, picture); }
  void upload(const Image& picture) {
    Json regions = Json::array();
    for (const Region& r : picture.objects) {
      regions.push_back({{"tagId", tag(r.label)},
                         {"left", r.left},
                         {"top", r.top},
                         {"width", r.width},
                         {"height", r.height}});
    }
    upload({{"regions", regions}}, picture);
  }

  // Trains, publishes; answers the performance at one half.
  Json learn() {
    const std::string id = training_.post(project_ + "/train").json().at("id");
    emulator_.control().run_until_idle(std::chrono::minutes(2));
    const std::string iteration = project_ + "/iterations/" + id;
    const std::string publish = "/publish?publishName=live&predictionId=" + cvemu::percent_encode(kResource);
    REQUIRE(training_.post(iteration + publish).status == 200);
    return training_.get(iteration + "/performance?threshold=0.5&overlapThreshold=0.5").json();
  }

  // What the prediction endpoint says: by falling probability within a tag.
  std::vector<Json> predict(const Image& picture, const std::string& verb) const {
    const std::string id = project_.substr(project_.rfind('/'));
    const std::string path =
        "/customvision/v3.1/prediction" + id + '/' + verb + "/iterations/live/image/nostore";
    const Answer answer =
        send("POST", emulator_.training_endpoint() + path, cvemu::imaging::encode_jpeg(picture.image, 90),
             {{"Prediction-Key", "any key"}, {"Content-Type", "application/octet-stream"}});
    REQUIRE(answer.status == 200);
    return answer.json().at("predictions").get<std::vector<Json>>();
  }

 private:
  static std::string text(const Json& json) { return json.get<std::string>(); }
  std::string tag(int label) const { return tags_.at(static_cast<std::size_t>(label)); }
  void upload(Json entry, const Image& picture) {
    entry["contents"] = cvemu::base64_encode(cvemu::imaging::encode_jpeg(picture.image, 90));
    REQUIRE(training_.post(project_ + "/images/files", Json{{"images", {entry}}}.dump()).status == 200);
  }

  cvemu::Emulator emulator_;
  Training training_;
  std::string project_;
  std::vector<std::string> tags_;
};

struct Measured {
  Json reported;
  double accuracy = 0;               // the most probable tag is the right one
  double precision = 0, recall = 0;  // of what is predicted with one half or more, mean over the tags
};

// Which tags are predicted for a picture with one half or more, and which is the most probable.
struct Guess {
  std::vector<int> tags;
  int best = 0;
};

Guess guess(const Pupil& pupil, const Image& picture) {
  Guess guess;
  const auto predictions = pupil.predict(picture, "classify");
  guess.best = std::stoi(predictions.at(0).at("tagName").get<std::string>());
  for (const Json& p : predictions) {
    if (p.at("probability") >= 0.5) guess.tags.push_back(std::stoi(p.at("tagName").get<std::string>()));
  }
  return guess;
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 1;
}

Measured classify(Draw draw, int labels, int to_learn, int to_predict) {
  Pupil pupil(std::string("classificationType=Multiclass&domainId=") + kClassification, labels);
  synthetic::Random random(1);
  for (int i = 0; i < to_learn; ++i) pupil.upload(draw(random, i % labels), i % labels);
  Measured measured{pupil.learn()};

  const auto count = static_cast<std::size_t>(labels);
  std::vector<double> right(count), predicted(count), present(count);
  int hits = 0;
  for (int i = 0; i < to_predict; ++i) {
    const int label = i % labels;
    const Guess g = guess(pupil, draw(random, label));
    hits += g.best == label;
    ++present[static_cast<std::size_t>(label)];
    for (const int tag : g.tags) {
      ++predicted[static_cast<std::size_t>(tag)];
      right[static_cast<std::size_t>(tag)] += tag == label;
    }
  }
  measured.accuracy = static_cast<double>(hits) / to_predict;
  for (std::size_t i = 0; i < count; ++i) {
    measured.precision += ratio(right[i], predicted[i]) / labels;
    measured.recall += ratio(right[i], present[i]) / labels;
  }
  return measured;
}

void print(const char* what, const Measured& m) {
  std::cout << what << ": accuracy " << m.accuracy << "; precision " << m.precision << ", reported "
            << m.reported.at("precision") << "; recall " << m.recall << ", reported "
            << m.reported.at("recall") << '\n';
}

struct Box {
  double probability;
  std::size_t picture;
  Region region;
};

double intersection_over_union(const Region& a, const Region& b) {
  const double width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const double height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  const double both = std::max(width, 0.0) * std::max(height, 0.0);
  return both / (double(a.width) * a.height + double(b.width) * b.height - both);
}

// Whether the box finds an object that no more probable box has found; it is then taken off the list.
bool finds(const Box& box, std::vector<std::vector<Region>>& objects) {
  auto& here = objects[box.picture];
  const auto found = std::find_if(here.begin(), here.end(), [&](const Region& r) {
    return intersection_over_union(r, box.region) >= 0.5;
  });
  if (found == here.end()) return false;
  here.erase(found);
  return true;
}

// Area under precision by recall: the mean, over the objects, of the best precision at which each is still
// found.
double average_precision(std::vector<Box> boxes, std::vector<std::vector<Region>> objects) {
  std::stable_sort(boxes.begin(), boxes.end(),
                   [](const Box& a, const Box& b) { return a.probability > b.probability; });
  std::size_t total = 0;
  for (const auto& list : objects) total += list.size();
  std::vector<double> precisions;  // at each object found
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (finds(boxes[i], objects)) precisions.push_back(double(precisions.size() + 1) / double(i + 1));
  }
  for (std::size_t i = precisions.size(); i-- > 1;)
    precisions[i - 1] = std::max(precisions[i - 1], precisions[i]);
  return std::accumulate(precisions.begin(), precisions.end(), 0.0) / double(total);
}

std::vector<Box> boxes_of(const std::vector<Json>& predictions, int label, std::size_t picture) {
  std::vector<Box> boxes;
  for (const Json& p : predictions) {
    if (p.at("tagName") != std::to_string(label)) continue;
    const Json& b = p.at("boundingBox");
    boxes.push_back(
        {p.at("probability"), picture, {label, b.at("left"), b.at("top"), b.at("width"), b.at("height")}});
  }
  return boxes;
}

}  // namespace

TEST_CASE("easy pictures: at least 97 of 100 are told right, and the performance says so") {
  const Measured m = classify(synthetic::easy, 2, 60, 100);
  print("easy, classification", m);
  CHECK(m.accuracy >= 0.97);
  CHECK(m.reported.at("precision") >= 0.9);
  CHECK(m.reported.at("recall") >= 0.9);
}

TEST_CASE("hard pictures: the model is weak, and the performance says so within ten points") {
  const Measured m = classify(synthetic::hard, 3, 150, 150);
  print("hard, classification", m);
  CHECK(m.accuracy < 0.9);
  CHECK(std::abs(m.reported.at("precision").get<double>() - m.precision) <= 0.1);
  CHECK(std::abs(m.reported.at("recall").get<double>() - m.recall) <= 0.1);
}

TEST_CASE("detection: the average precision at half an overlap is at least 0.9") {
  constexpr int kLabels = 2;
  Pupil pupil(std::string("domainId=") + kDetection, kLabels);
  synthetic::Random random(2);
  for (int i = 0; i < 40; ++i) pupil.upload(synthetic::scene(random));
  const Json reported = pupil.learn();

  std::vector<std::vector<Box>> boxes(kLabels);
  std::vector<std::vector<std::vector<Region>>> objects(kLabels);
  for (std::size_t i = 0; i < 40; ++i) {
    const Image picture = synthetic::scene(random);
    const auto predictions = pupil.predict(picture, "detect");
    for (std::size_t label = 0; label < kLabels; ++label) {
      const auto found = boxes_of(predictions, static_cast<int>(label), i);
      boxes[label].insert(boxes[label].end(), found.begin(), found.end());
      auto& here = objects[label].emplace_back();
      std::copy_if(picture.objects.begin(), picture.objects.end(), std::back_inserter(here),
                   [&](const Region& r) { return r.label == static_cast<int>(label); });
    }
  }
  double mean = 0;
  for (std::size_t label = 0; label < kLabels; ++label)
    mean += average_precision(boxes[label], objects[label]) / kLabels;
  std::cout << "detection: AP50 " << mean << ", reported " << reported.at("averagePrecision") << '\n';
  CHECK(mean >= 0.9);
}
