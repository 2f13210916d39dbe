// Custom Vision from the outside, over sockets, in one process with an embedded emulator: uploads, training,
// predictions and their accuracy, and how cost grows with the number of projects and images.
//
//   ninja -C build tools/bench/vision && build/tools/bench/vision [PROJECTS IMAGES]     (10000 and 100000)
#include <cvemu/emulator.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "imaging/encode.h"
#include "learning/synthetic.h"

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
namespace drawn = cvemu::learning::synthetic;
using Draw = drawn::Picture (*)(drawn::Random&, int);

constexpr int kPerTag = 50, kUnseen = 100;
constexpr unsigned kUnseenSeed = 1'000'000;
const char* const kResource = "%2Fsubscriptions%2F1%2FresourceGroups%2Fg%2Fproviders%2FMicrosoft.CognitiveServices%2Faccounts%2Fa";

double seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

// One connection that stays open.
class Door {
 public:
  explicit Door(const cvemu::Emulator& emulator) : client_("127.0.0.1", emulator.port()) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_url_encode(false);
    client_.set_read_timeout(600);
    client_.set_default_headers({{"Training-Key", "k"}, {"Prediction-Key", "k"}});
  }

  std::string send(const char* method, const std::string& path, const std::string& body = "") {
    httplib::Request request;
    request.method = method;
    request.path = "/customvision/" + path;
    request.body = body;
    request.set_header("Content-Type", "application/octet-stream");
    auto result = client_.send(request);
    if (!result || result->status >= 300) throw std::runtime_error(path + ": " + (result ? result->body : "no answer"));
    return result->body;
  }
  Json json(const char* method, const std::string& path, const std::string& body = "") {
    return Json::parse(send(method, path, body));
  }

 private:
  httplib::Client client_;
};

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

// Two connections upload at the same time, as there are two cores.
double upload(const cvemu::Emulator& emulator, const std::string& project, const std::vector<std::string>& tags,
              const std::vector<std::vector<std::string>>& pictures) {
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t half = 0; half < 2; ++half)
    threads.emplace_back([&, half] {
      Door door(emulator);
      for (std::size_t label = 0; label < tags.size(); ++label)
        for (std::size_t i = half; i < pictures[label].size(); i += 2)
          door.send("POST", "v3.3/training/projects/" + project + "/images?tagIds=" + tags[label], pictures[label][i]);
    });
  for (std::thread& thread : threads) thread.join();
  return seconds(begin);
}

Learned learn(cvemu::Emulator& emulator, Draw draw, int labels) {
  Door door(emulator);
  Learned learned;
  learned.project = door.json("POST", "v3.3/training/projects?name=bench&classificationType=Multiclass").at("id");
  const std::string path = "v3.3/training/projects/" + learned.project;
  std::vector<std::string> tags;
  std::vector<std::vector<std::string>> pictures;
  for (int label = 0; label < labels; ++label) {
    tags.push_back(door.json("POST", path + "/tags?name=tag" + std::to_string(label)).at("id"));
    pictures.push_back(files(draw, label, 0, kPerTag));
  }
  const double uploaded = upload(emulator, learned.project, tags, pictures);
  std::printf("upload of %d pictures 640x480: %.0f per second\n", labels * kPerTag, labels * kPerTag / uploaded);
  const auto begin = Clock::now();
  learned.iteration = door.json("POST", path + "/train").at("id");
  emulator.control().run_until_idle(std::chrono::seconds(1));
  std::printf("training, %d tags x %d, with cross-validation: %.1f ms\n", labels, kPerTag, seconds(begin) * 1000);
  door.send("POST", path + "/iterations/" + learned.iteration + "/publish?publishName=m&predictionId=" + kResource);
  return learned;
}

void predict(cvemu::Emulator& emulator, Draw draw, int labels) {
  const Learned learned = learn(emulator, draw, labels);
  Door door(emulator);
  const std::string path = "v3.1/prediction/" + learned.project + "/classify/iterations/m/image/nostore";
  int right = 0;
  double time = 0;
  for (int label = 0; label < labels; ++label) {
    const auto unseen = files(draw, label, kUnseenSeed, kUnseen);
    const auto begin = Clock::now();
    for (const std::string& file : unseen)
      right += door.json("POST", path, file)["predictions"][0]["tagName"] == "tag" + std::to_string(label);
    time += seconds(begin);
  }
  const Json performance = door.json("GET", "v3.3/training/projects/" + learned.project + "/iterations/" +
                                                learned.iteration + "/performance?threshold=0.5");
  std::printf("predictions, one after the other: %.0f per second; %.1f %% of %d unseen pictures right\n",
              labels * kUnseen / time, 100.0 * right / (labels * kUnseen), labels * kUnseen);
  std::printf("performance at 0.5 says: precision %.3f, recall %.3f, average precision %.3f\n",
              performance["precision"].get<double>(), performance["recall"].get<double>(),
              performance["averagePrecision"].get<double>());
}

template <class Call>
void measure(const char* what, Call call) {
  const auto begin = Clock::now();
  const auto bytes = call();
  std::printf("%s: %.1f ms, %zu bytes\n", what, seconds(begin) * 1000, static_cast<std::size_t>(bytes));
}

void many_projects(int count) {
  cvemu::Emulator emulator;
  Door door(emulator);
  for (int i = 0; i < count; ++i) door.send("POST", "v3.3/training/projects?name=p" + std::to_string(i));
  std::printf("with %d projects\n", count);
  measure("GetProjects", [&] { return door.send("GET", "v3.3/training/projects").size(); });
}

// A picture of 16 x 16 pixels, another one for each number.
std::string small_file(int number) {
  cvemu::imaging::Image image(16, 16);
  for (int bit = 0; bit < 24; ++bit)
    for (std::size_t i = 0; i < 32; ++i)
      image.pixels[static_cast<std::size_t>(bit) * 32 + i] = (number >> bit & 1) ? 255 : 0;
  return cvemu::imaging::encode_jpeg(image, 95);
}

void many_images(int count) {
  cvemu::Emulator emulator;
  Door door(emulator);
  const std::string id = door.json("POST", "v3.3/training/projects?name=many").at("id");
  const std::string path = "v3.3/training/projects/" + id;
  const std::string tag = door.json("POST", path + "/tags?name=t").at("id");
  for (int i = 0; i < count;) {
    Json batch = {{"images", Json::array()}, {"tagIds", {tag}}};
    for (int end = std::min(count, i + 64); i < end; ++i)
      batch["images"].push_back({{"name", "i"}, {"contents", cvemu::base64_encode(small_file(i))}});
    door.send("POST", path + "/images/files", batch.dump());
  }
  std::printf("with %d images in a project\n", count);
  const std::string last = std::to_string(count - 50);
  measure("GetImages, first page", [&] { return door.send("GET", path + "/images?take=50").size(); });
  measure("GetImages, last page", [&] { return door.send("GET", path + "/images?take=50&skip=" + last).size(); });
  measure("GetTaggedImages by tag", [&] { return door.send("GET", path + "/images/tagged?tagIds=" + tag).size(); });
  measure("GetImageCount", [&] { return door.send("GET", path + "/images/count").size(); });
  measure("GetTaggedImageCount by tag", [&] { return door.send("GET", path + "/images/tagged/count?tagIds=" + tag).size(); });
  measure("GetTags", [&] { return door.send("GET", path + "/tags").size(); });
  measure("DeleteProject", [&] { return door.send("DELETE", path).size(); });
}

}  // namespace

int main(int argc, char** argv) {
  {
    cvemu::Emulator emulator;
    std::printf("easy: two shapes of two colours\n");
    predict(emulator, drawn::easy, 2);
    std::printf("hard: three shapes of any colour\n");
    predict(emulator, drawn::hard, 3);
  }
  many_projects(argc > 1 ? std::atoi(argv[1]) : 10'000);
  many_images(argc > 2 ? std::atoi(argv[2]) : 100'000);
}
