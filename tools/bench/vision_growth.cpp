// How the cost of Custom Vision's calls grows with the number of projects, and with the number of images in
// one.
//
//   ninja -C build-release tools/bench/vision_growth
//   build-release/tools/bench/vision_growth [PROJECTS IMAGES]     (10000 and 100000)
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "imaging/encode.h"
#include "vision_endpoint.h"

namespace {

using bench::Clock;
using bench::Endpoint;
using bench::Json;
using bench::seconds;

const std::string kProjects = "v3.3/training/projects";

// The middle one of many calls, in milliseconds.
double median(int times, const std::function<void(int)>& call) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    call(i);
    all.push_back(seconds(begin) * 1000);
  }
  std::nth_element(all.begin(), all.begin() + times / 2, all.end());
  return all[static_cast<std::size_t>(times / 2)];
}

void print(const char* what, double milliseconds) {
  std::printf("  %-34s %9.3f ms\n", what, milliseconds);
}

std::string created(Endpoint& endpoint, int number) {
  return endpoint.json("POST", kProjects + "?name=p" + std::to_string(number)).at("id");
}

void measure_projects(Endpoint& endpoint, std::vector<std::string>& ids) {
  std::printf("%zu projects\n", ids.size());
  const auto any = [&](int i) {
    return kProjects + "/" + ids[static_cast<std::size_t>(i) * 7919 % ids.size()];
  };
  print("GetProject", median(200, [&](int i) { endpoint.send("GET", any(i)); }));
  print("UpdateProject",
        median(200, [&](int i) { endpoint.send("PATCH", any(i), R"({"name":"renamed"})"); }));
  print("CreateProject", median(100, [&](int i) { ids.push_back(created(endpoint, i)); }));
  print("DeleteProject", median(100, [&](int) {
          endpoint.send("DELETE", kProjects + "/" + ids.back());
          ids.pop_back();
        }));
  print("GetProjects", median(5, [&](int) { endpoint.send("GET", kProjects); }));
}

void many_projects(int most) {
  cvemu::Emulator emulator;
  Endpoint endpoint(emulator);
  std::vector<std::string> ids;
  for (const int count : {most / 1000, most / 10, most}) {
    while (static_cast<int>(ids.size()) < std::max(1, count))
      ids.push_back(created(endpoint, static_cast<int>(ids.size())));
    measure_projects(endpoint, ids);
  }
}

// A picture of 16 x 16 pixels, another one for each number.
std::string small_file(int number) {
  cvemu::imaging::Image image(16, 16);
  for (int bit = 0; bit < 24; ++bit)
    for (std::size_t i = 0; i < 32; ++i)
      image.pixels[static_cast<std::size_t>(bit) * 32 + i] = (number >> bit & 1) ? 255 : 0;
  return cvemu::imaging::encode_jpeg(image, 95);
}

struct Project {
  std::string path, tag, other_tag;
  int images = 0;
};

Project empty_project(Endpoint& endpoint) {
  Project project;
  project.path =
      kProjects + "/" + endpoint.json("POST", kProjects + "?name=many").at("id").get<std::string>();
  project.tag = endpoint.json("POST", project.path + "/tags?name=t").at("id");
  project.other_tag = endpoint.json("POST", project.path + "/tags?name=u").at("id");
  return project;
}

// Every second image has a second tag.
void fill(Endpoint& endpoint, Project& project, int count) {
  while (project.images < count) {
    Json batch = {{"images", Json::array()}, {"tagIds", {project.tag}}};
    for (const int end = std::min(count, project.images + 64); project.images < end; ++project.images)
      batch["images"].push_back({{"name", "i"},
                                 {"contents", cvemu::base64_encode(small_file(project.images))},
                                 {"tagIds", project.images % 2 ? Json{project.other_tag} : Json::array()}});
    endpoint.send("POST", project.path + "/images/files", batch.dump());
  }
}

void measure_images(Endpoint& endpoint, const Project& project) {
  std::printf("%d images in a project\n", project.images);
  const auto get = [&](const char* what, const std::string& rest) {
    print(what, median(20, [&](int) { endpoint.send("GET", project.path + rest); }));
  };
  const std::string last = std::to_string(std::max(0, project.images - 256));
  get("GetImages, first 256", "/images?take=256");
  get("GetImages, last 256", "/images?take=256&skip=" + last);
  get("GetTaggedImages, any, first 256", "/images/tagged?take=256");
  get("GetTaggedImages, one tag, first 256", "/images/tagged?take=256&tagIds=" + project.other_tag);
  get("GetTaggedImages, one tag, last 256", "/images/tagged?take=256&tagIds=" + project.other_tag + "&skip=" +
                                                std::to_string(std::max(0, project.images / 2 - 256)));
  get("GetImageCount", "/images/count");
  get("GetTaggedImageCount, one tag", "/images/tagged/count?tagIds=" + project.tag);
  get("GetTaggedImageCount, two tags",
      "/images/tagged/count?tagIds=" + project.tag + "," + project.other_tag);
  get("GetTags", "/tags");
  get("GetProject", "");
}

// What somebody else waits for at most while the project goes away.
void measure_deletion(const cvemu::Emulator& emulator, Endpoint& endpoint, const Project& project) {
  const std::string other = kProjects + "/" + created(endpoint, 0);
  std::atomic<bool> gone = false;
  double longest = 0;
  std::thread somebody([&] {
    Endpoint own(emulator);
    while (!gone) {
      const auto begin = Clock::now();
      own.send("GET", other);
      longest = std::max(longest, seconds(begin) * 1000);
    }
  });
  const auto begin = Clock::now();
  endpoint.send("DELETE", project.path);
  print("DeleteProject", seconds(begin) * 1000);
  gone = true;
  somebody.join();
  print("longest wait of another meanwhile", longest);
}

void many_images(int most) {
  cvemu::Emulator emulator;
  Endpoint endpoint(emulator);
  for (const int count : {most / 100, most / 10, most}) {
    Project project = empty_project(endpoint);
    fill(endpoint, project, count);
    measure_images(endpoint, project);
    measure_deletion(emulator, endpoint, project);
  }
}

}  // namespace

int main(int argc, char** argv) {
  many_projects(argc > 1 ? std::atoi(argv[1]) : 10'000);
  many_images(argc > 2 ? std::atoi(argv[2]) : 100'000);
}
