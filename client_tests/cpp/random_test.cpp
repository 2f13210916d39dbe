// Random valid calls against a small model of the rules: counts, membership, order, states. A difference is
// told with the seed; CVEMU_TEST_SEED runs the same calls again.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "vision.h"

using namespace testing;

namespace {

constexpr int kSteps = 10'000;
constexpr std::size_t kMostImages = 60;  // enough for several pages, few enough to be learned in milliseconds

// What a workspace should look like.
struct Model {
  struct Image {
    std::set<std::string> tags;
    std::map<std::string, std::string> regions;  // id to tag
  };
  std::map<std::string, Image> images;
  std::vector<std::string> order;  // ids, oldest first
  std::set<std::string> tags;

  template <class Fits>
  std::vector<std::string> newest(Fits fits) const {
    std::vector<std::string> ids;
    for (auto id = order.rbegin(); id != order.rend(); ++id)
      if (fits(images.at(*id))) ids.push_back(*id);
    return ids;
  }
  std::size_t count_with(const std::string& tag) const {
    return newest([&](const Image& image) { return image.tags.contains(tag); }).size();
  }
  bool trainable() const {
    return tags.size() >= 2 &&
           std::all_of(tags.begin(), tags.end(), [&](const auto& tag) { return count_with(tag) >= 5; });
  }
};

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {}

  void step() {
    switch (number(12)) {
      case 0:
        return model_.tags.size() < 4 ? create_tag() : void();
      case 1:
        return number(20) == 0 ? delete_tag() : void();
      case 2:
      case 3:
        return model_.images.size() < kMostImages ? upload() : delete_image();
      case 4:
        return model_.images.size() > kMostImages / 2 ? delete_image() : void();
      case 5:
      case 6:
      case 7:
        return tag_image();
      case 8:
        return untag_image();
      case 9:
        return create_region();
      case 10:
        return delete_region();
      default:
        return number(8) == 0 ? train() : number(20) == 0 ? delete_iteration() : void();
    }
  }

  // One look at the project's own workspace, or at that of an iteration.
  void check() {
    if (iterations_.empty() || number(3) > 0) return check(model_, "");
    const auto iteration = std::next(iterations_.begin(), number(static_cast<int>(iterations_.size())));
    check(iteration->second, "&iterationId=" + iteration->first);
  }

 private:
  int number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  template <class Range>
  auto pick(const Range& range) {
    return *std::next(range.begin(), number(static_cast<int>(range.size())));
  }

  void create_tag() { model_.tags.insert(vision_.tag("tag" + std::to_string(++made_))); }

  void delete_tag() {
    if (model_.tags.empty()) return;
    const std::string tag = pick(model_.tags);
    CHECK(vision_.remove("/tags/" + tag).status == 204);
    model_.tags.erase(tag);
    for (auto& [id, image] : model_.images) drop(image, tag);
  }

  static void drop(Model::Image& image, const std::string& tag) {
    image.tags.erase(tag);
    std::erase_if(image.regions, [&](const auto& region) { return region.second == tag; });
  }

  void upload() {
    ++made_;
    std::vector<std::string> tags;
    if (!model_.tags.empty() && number(3) > 0) tags.push_back(pick(model_.tags));
    vision_.emulator.control().advance(std::chrono::seconds(1));
    const Json batch = {{"images", {Vision::file(made_ % 256, 8 + made_ / 256 % 64, 8 + made_ / 16384)}},
                        {"tagIds", tags}};
    const Json result = vision_.post("/images/files", batch.dump()).json()["images"][0];
    REQUIRE(result["status"] == "OK");
    const std::string id = result["image"]["id"];
    model_.images[id].tags.insert(tags.begin(), tags.end());
    model_.order.push_back(id);
  }

  void delete_image() {
    const std::string id = pick(model_.order);
    CHECK(vision_.remove("/images?imageIds=" + id).status == 204);
    model_.images.erase(id);
    std::erase(model_.order, id);
  }

  void tag_image() {
    if (model_.tags.empty() || model_.order.empty()) return;
    const std::string id = pick(model_.order), tag = pick(model_.tags);
    const bool is_new = model_.images[id].tags.insert(tag).second;
    const Json body = {{"tags", {{{"imageId", id}, {"tagId", tag}}}}};
    const Json summary = vision_.post("/images/tags", body.dump()).json();
    CHECK(summary[is_new ? "created" : "duplicated"].size() == 1);
  }

  void untag_image() {
    if (model_.tags.empty() || model_.order.empty()) return;
    const std::string id = pick(model_.order), tag = pick(model_.tags);
    CHECK(vision_.remove("/images/tags?imageIds=" + id + "&tagIds=" + tag).status == 204);
    drop(model_.images[id], tag);
  }

  void create_region() {
    if (model_.tags.empty() || model_.order.empty()) return;
    const std::string id = pick(model_.order), tag = pick(model_.tags);
    const Json body = {{"regions", {vision_.region(id, tag, ++made_ / 100'000.0)}}};
    const Json summary = vision_.post("/images/regions", body.dump()).json();
    REQUIRE(summary["created"].size() == 1);
    model_.images[id].tags.insert(tag);
    model_.images[id].regions[summary["created"][0]["regionId"]] = tag;
  }

  void delete_region() {
    if (model_.order.empty()) return;
    Model::Image& image = model_.images[pick(model_.order)];
    if (image.regions.empty()) return;
    const auto [region, tag] = pick(image.regions);
    CHECK(vision_.remove("/images/regions?regionIds=" + region).status == 204);
    image.regions.erase(region);
    const bool last = std::none_of(image.regions.begin(), image.regions.end(),
                                   [t = tag](const auto& r) { return r.second == t; });
    if (last) image.tags.erase(tag);
  }

  void train() {
    const Answer answer = vision_.post("/train?forceTrain=true");
    CHECK(answer.status == (model_.trainable() ? 200 : 400));
    if (answer.status != 200) return;
    vision_.emulator.control().run_until_idle(std::chrono::seconds(30));
    const Json iteration = answer.json();
    CHECK(iteration["name"] == "Iteration " + std::to_string(++trained_));
    iterations_[iteration["id"]] = model_;
  }

  void delete_iteration() {
    if (iterations_.empty()) return;
    const std::string id = pick(iterations_).first;
    CHECK(vision_.remove("/iterations/" + id).status == 204);
    iterations_.erase(id);
  }

  void check(const Model& model, const std::string& query) {
    switch (number(4)) {
      case 0:
        return check_counts(model, query);
      case 1:
        return check_page(model, query);
      case 2:
        return check_image(model, query);
      default:
        return check_tags(model, query);
    }
  }

  void check_counts(const Model& model, const std::string& query) {
    const std::size_t tagged = model.newest([](const auto& image) { return !image.tags.empty(); }).size();
    CHECK(vision_.get("/images/count?" + query).body == std::to_string(model.images.size()));
    CHECK(vision_.get("/images/tagged/count?" + query).body == std::to_string(tagged));
    CHECK(vision_.get("/images/untagged/count?" + query).body ==
          std::to_string(model.images.size() - tagged));
  }

  void check_page(const Model& model, const std::string& query) {
    const std::string tag = model.tags.empty() || number(2) ? "" : pick(model.tags);
    std::vector<std::string> all =
        model.newest([&](const auto& image) { return tag.empty() || image.tags.contains(tag); });
    const bool oldest = number(2);
    if (oldest) std::reverse(all.begin(), all.end());
    const std::size_t skip = std::min<std::size_t>(all.size(), static_cast<std::size_t>(number(10)));
    const std::size_t take = std::min<std::size_t>(all.size() - skip, static_cast<std::size_t>(number(12)));
    const std::vector<std::string> page(all.begin() + static_cast<std::ptrdiff_t>(skip),
                                        all.begin() + static_cast<std::ptrdiff_t>(skip + take));
    const std::string path = "/images?skip=" + std::to_string(skip) + "&take=" + std::to_string(take) +
                             (oldest ? "&orderBy=Oldest" : "") + (tag.empty() ? "" : "&tagIds=" + tag);
    CHECK(all_of(vision_.get(path + query).json()) == page);
  }

  void check_image(const Model& model, const std::string& query) {
    if (model.order.empty()) return;
    const auto& [id, expected] = pick(model.images);
    const Json image = vision_.get("/images/id?imageIds=" + id + query).json().at(0);
    std::set<std::string> tags;
    std::map<std::string, std::string> regions;
    if (image.contains("tags"))
      for (const Json& tag : image["tags"]) tags.insert(tag["tagId"]);
    if (image.contains("regions"))
      for (const Json& region : image["regions"]) regions[region["regionId"]] = region["tagId"];
    CHECK(tags == expected.tags);
    CHECK(regions == expected.regions);
  }

  void check_tags(const Model& model, const std::string& query) {
    const Json tags = vision_.get("/tags?" + query).json();
    CHECK(tags.size() == model.tags.size());
    for (const Json& tag : tags) CHECK(tag["imageCount"] == model.count_with(tag["id"]));
  }

  std::mt19937 random_;
  Vision vision_;
  Model model_;
  std::map<std::string, Model> iterations_;
  int made_ = 0, trained_ = 0;
};

unsigned seed() {
  const char* wanted = std::getenv("CVEMU_TEST_SEED");
  return wanted ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : std::random_device()();
}

}  // namespace

TEST_CASE("Ten thousand random steps, and never a difference from the model") {
  const unsigned seed_of_run = seed();
  CAPTURE(seed_of_run);
  MESSAGE("CVEMU_TEST_SEED=" << seed_of_run);
  Walk walk(seed_of_run);
  for (int step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    walk.step();
    walk.check();
  }
}
