// Custom Vision from the outside, over sockets, in one process with an embedded emulator: how fast it takes
// pictures in, learns and predicts, and how right it is.
//
//   ninja -C build-release tools/bench/vision && build-release/tools/bench/vision
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "imaging/encode.h"
#include "learning/synthetic.h"
#include "vision_endpoint.h"

namespace {

using bench::Clock;
using bench::Endpoint;
using bench::Json;
using bench::seconds;
namespace drawn = cvemu::learning::synthetic;
using Draw = drawn::Image (*)(drawn::Random&, int);

constexpr int kPerTag = 50, kUnseen = 100;
constexpr unsigned kUnseenSeed = 1'000'000;
const char* const kResource =
    "%2Fsubscriptions%2F1%2FresourceGroups%2Fg%2Fproviders%2FMicrosoft.CognitiveServices%2Faccounts%2Fa";

std::vector<std::string> files(Draw draw, int label, unsigned first, int count) {
  std::vector<std::string> all;
  for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
    drawn::Random random((first + i) * 3 + static_cast<unsigned>(label));
    all.push_back(cvemu::imaging::encode_jpeg(draw(random, label).image, 90));
  }
  return all;
}

struct Learned {
  std::string project, iteration;
};

// How often something happened in a second of the wall clock, and of one core's work: both sides of the
// connection are in this process and count.
class Rate {
 public:
  void begin() { wall_ = Clock::now(), work_ = std::clock(); }
  void end() {
    wall_seconds_ += seconds(wall_);
    work_seconds_ += static_cast<double>(std::clock() - work_) / CLOCKS_PER_SEC;
  }
  void print(const char* what, int count) const {
    std::printf("%s: %.0f per second, %.0f per second of one core\n", what, count / wall_seconds_,
                count / work_seconds_);
  }

 private:
  Clock::time_point wall_;
  std::clock_t work_ = 0;
  double wall_seconds_ = 0, work_seconds_ = 0;
};

// Two connections upload at the same time, as there are two cores.
void upload(const cvemu::Emulator& emulator, const std::string& project, const std::vector<std::string>& tags,
            const std::vector<std::vector<std::string>>& pictures) {
  Rate rate;
  rate.begin();
  std::vector<std::thread> threads;
  for (std::size_t half = 0; half < 2; ++half)
    threads.emplace_back([&, half] {
      Endpoint endpoint(emulator);
      for (std::size_t label = 0; label < tags.size(); ++label)
        for (std::size_t i = half; i < pictures[label].size(); i += 2)
          endpoint.send("POST", "v3.3/training/projects/" + project + "/images?tagIds=" + tags[label],
                        pictures[label][i]);
    });
  for (std::thread& thread : threads) thread.join();
  rate.end();
  rate.print("upload of pictures 640x480 on two connections", static_cast<int>(tags.size()) * kPerTag);
}

Learned learn(cvemu::Emulator& emulator, Draw draw, int labels) {
  Endpoint endpoint(emulator);
  Learned learned;
  learned.project =
      endpoint.json("POST", "v3.3/training/projects?name=bench&classificationType=Multiclass").at("id");
  const std::string path = "v3.3/training/projects/" + learned.project;
  std::vector<std::string> tags;
  std::vector<std::vector<std::string>> pictures;
  for (int label = 0; label < labels; ++label) {
    tags.push_back(endpoint.json("POST", path + "/tags?name=tag" + std::to_string(label)).at("id"));
    pictures.push_back(files(draw, label, 0, kPerTag));
  }
  upload(emulator, learned.project, tags, pictures);
  const auto begin = Clock::now();
  learned.iteration = endpoint.json("POST", path + "/train").at("id");
  emulator.control().run_until_idle(std::chrono::seconds(1));
  std::printf("training, %d tags x %d, with cross-validation: %.1f ms\n", labels, kPerTag,
              seconds(begin) * 1000);
  endpoint.send(
      "POST", path + "/iterations/" + learned.iteration + "/publish?publishName=m&predictionId=" + kResource);
  return learned;
}

void predict(cvemu::Emulator& emulator, Draw draw, int labels) {
  const Learned learned = learn(emulator, draw, labels);
  Endpoint endpoint(emulator);
  const std::string path = "v3.1/prediction/" + learned.project + "/classify/iterations/m/image/nostore";
  int right = 0;
  Rate rate;
  for (int label = 0; label < labels; ++label) {
    const auto unseen = files(draw, label, kUnseenSeed, kUnseen);
    rate.begin();
    for (const std::string& file : unseen)
      right +=
          endpoint.json("POST", path, file)["predictions"][0]["tagName"] == "tag" + std::to_string(label);
    rate.end();
  }
  const Json performance = endpoint.json("GET", "v3.3/training/projects/" + learned.project + "/iterations/" +
                                                    learned.iteration + "/performance?threshold=0.5");
  rate.print("predictions, one after the other", labels * kUnseen);
  std::printf("%.1f %% of %d unseen pictures right\n", 100.0 * right / (labels * kUnseen), labels * kUnseen);
  std::printf("performance at 0.5 says: precision %.3f, recall %.3f, average precision %.3f\n",
              performance["precision"].get<double>(), performance["recall"].get<double>(),
              performance["averagePrecision"].get<double>());
}

}  // namespace

int main() {
  cvemu::Emulator emulator;
  std::printf("easy: two shapes of two colours\n");
  predict(emulator, drawn::easy, 2);
  std::printf("hard: three shapes of any colour\n");
  predict(emulator, drawn::hard, 3);
}
