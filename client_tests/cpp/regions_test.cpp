// Regions, and how they and an image's tags hang together.
#include "vision.h"

using namespace testing;

namespace {

struct Detection : Vision {
  Detection()
      : Vision("&domainId=" + std::string(kDetection)),
        dog(tag("dog")),
        cat(tag("cat")),
        image_id(image(1)) {}

  Answer create(const std::vector<Json>& regions) const {
    return post("/images/regions", Json{{"regions", regions}}.dump());
  }
  std::string dog, cat, image_id;
};

}  // namespace

TEST_CASE("CreateImageRegions: the answer as recorded, tagName null; the tag appears on the image") {
  const Detection vision;
  const Answer answer = vision.create({vision.region(vision.image_id, vision.dog)});
  CHECK(answer.status == 200);
  const Json region = answer.json()["created"][0];
  const std::string created = region["created"];
  CHECK(created.find('Z') == std::string::npos);
  const std::string id = region["regionId"];
  const std::string rest =
      R"(","tagId":")" + vision.dog + R"(","left":0.25,"top":0.5,"width":0.125,"height":0.375})";
  CHECK(answer.body == R"({"created":[{"imageId":")" + vision.image_id + R"(","regionId":")" + id +
                           R"(","tagName":null,"created":")" + created + rest +
                           R"(],"duplicated":[],"exceeded":[]})");
  const Json image = vision.image_of(vision.image_id);
  CHECK(image["tags"] == Json{{{"tagId", vision.dog}, {"tagName", "dog"}, {"created", created}}});
  CHECK(image["regions"].dump() ==
        R"([{"regionId":")" + id + R"(","tagName":"dog","created":")" + created + rest + "]");
  CHECK(vision.get("/images/tagged/count").body == "1");
}

TEST_CASE("CreateImageRegions: the same box and tag again is duplicated") {
  const Detection vision;
  const Json region = vision.region(vision.image_id, vision.dog);
  vision.create({region});
  const Json again = vision.create({region, vision.region(vision.image_id, vision.cat)}).json();
  CHECK(again["duplicated"] == Json::array({region}));
  CHECK(again["created"].size() == 1);
  CHECK(vision.image_of(vision.image_id)["regions"].size() == 2);
}

TEST_CASE("CreateImageRegions: no more than 300 on an image; a partly failed batch is 207 from 3.3 on") {
  const Detection vision;
  const auto batch = [&](int start, int count) {
    std::vector<Json> regions;
    for (int i = start; i < start + count; ++i)
      regions.push_back(vision.region(vision.image_id, vision.dog, i / 1000.0));
    return vision.create(regions);
  };
  for (int start = 0; start < 300; start += 60) CHECK(batch(start, 60).status == 200);
  const Answer over = batch(300, 2);
  CHECK(over.status == 207);
  CHECK(over.json()["exceeded"].size() == 2);
  CHECK(over.json()["created"].empty());
}

TEST_CASE("CreateImageRegions: what is refused changes nothing") {
  const Detection vision;
  const Json good = vision.region(vision.image_id, vision.dog);
  const auto with = [&](const char* name, const Json& value) {
    Json region = good;
    region[name] = value;
    return outcome_of(vision.create({good, region}));
  };
  const auto illegal = [&](const char* name, const Json& value) {
    CHECK(with(name, value) == "400 BadRequestImageRegions");
  };
  illegal("left", -0.1);
  illegal("left", 0.9);
  illegal("top", 0.7);
  illegal("width", 0);
  illegal("height", -0.2);
  CHECK(vision.create({vision.region(vision.image_id, vision.dog, 1.5)}).json()["message"] ==
        "Illegal region");
  CHECK(with("imageId", kNobody) == "404 NotFoundImage");
  CHECK(with("tagId", kNobody) == "404 NotFoundTag");
  CHECK(with("tagId", "x") == "400 BadRequestInvalidIds");
  CHECK(with("tagId", nullptr) == "400 BadRequestRequiredParamIsNull");
  CHECK(with("left", "0.1") == "400 BadRequest");
  CHECK(outcome_of(vision.post("/images/regions")) == "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.create(std::vector<Json>(65, good))) == "400 BadRequestExceededBatchSize");
  CHECK_FALSE(vision.image_of(vision.image_id).contains("regions"));
}

TEST_CASE("CreateImageRegions: a box may touch the border, and 1 is as good as 1.0") {
  const Detection vision;
  Json region = vision.region(vision.image_id, vision.dog);
  region["left"] = region["top"] = 0;
  region["width"] = region["height"] = 1;
  CHECK(vision.create({region}).status == 200);
  CHECK(vision.get("/images/id?imageIds=" + vision.image_id)
            .body.find(R"("left":0.0,"top":0.0,"width":1.0,"height":1.0)") != std::string::npos);
}

TEST_CASE("DeleteImageRegions: with the last region the tag leaves the image as well") {
  const Detection vision;
  const Json created = vision
                           .create({vision.region(vision.image_id, vision.dog, 0.1),
                                    vision.region(vision.image_id, vision.dog, 0.2)})
                           .json()["created"];
  const std::string first = created[0]["regionId"], second = created[1]["regionId"];
  CHECK(vision.remove("/images/regions?regionIds=" + first).status == 204);
  CHECK(vision.image_of(vision.image_id)["tags"].size() == 1);
  CHECK(vision.remove("/images/regions?regionIds=" + second + "%2C" + kNobody).status == 204);
  const Json image = vision.image_of(vision.image_id);
  CHECK_FALSE(image.contains("tags"));
  CHECK_FALSE(image.contains("regions"));
  CHECK(vision.get("/images/untagged/count").body == "1");
  CHECK(outcome_of(vision.remove("/images/regions")) == "400 BadRequestRequiredParamIsNull");
}

TEST_CASE("DeleteImageTags: the tag's regions go with it") {
  const Detection vision;
  vision.create({vision.region(vision.image_id, vision.dog), vision.region(vision.image_id, vision.cat)});
  CHECK(vision.remove("/images/tags?imageIds=" + vision.image_id + "&tagIds=" + vision.dog).status == 204);
  CHECK(all_of(vision.image_of(vision.image_id)["regions"], "tagId") == std::vector{vision.cat});
  CHECK(vision.get("/export").json()["regionCount"] == 1);
}

TEST_CASE("Regions of an iteration stay as they were trained") {
  Detection vision;
  for (int i = 2; i <= 16; ++i) {
    const std::string image_id = vision.image(i);
    CHECK(vision.create({vision.region(image_id, vision.dog), vision.region(image_id, vision.cat)}).status ==
          200);
    vision.image_id = image_id;
  }
  const std::string query = "&iterationId=" + vision.train();
  const auto trained = [&] { return vision.get("/images/id?imageIds=" + vision.image_id + query).json()[0]; };
  const Json before = trained();
  CHECK(before["regions"].size() == 2);
  vision.remove("/images/tags?imageIds=" + vision.image_id + "&tagIds=" + vision.dog);
  CHECK(vision.image_of(vision.image_id)["regions"].size() == 1);
  CHECK(trained()["regions"] == before["regions"]);
}
