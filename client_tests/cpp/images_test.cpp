// Images: lists, pages and counts; deleted, tagged and untagged.
#include <algorithm>
#include <thread>

#include "vision.h"

using namespace testing;

namespace {

using Ids = std::vector<std::string>;

Ids reversed(Ids ids) {
  std::reverse(ids.begin(), ids.end());
  return ids;
}

Ids list(const Vision& vision, const std::string& path) {
  return all_of(vision.get(path).json());
}

std::string joined(const Ids& ids, const std::string& comma = ",") {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : comma) + id;
  return text;
}

Json pair(const std::string& image, const std::string& tag) {
  return {{"imageId", image}, {"tagId", tag}};
}

}  // namespace

TEST_CASE("GetImages: newest first, or oldest first; pages cut from that order") {
  Vision vision;
  Ids ids;
  for (int i = 0; i < 7; ++i) ids.push_back(vision.image(i));
  const Ids newest = reversed(ids);
  CHECK(list(vision, "/images") == newest);
  CHECK(list(vision, "/images?orderBy=oldest") == ids);
  CHECK(list(vision, "/images?take=3&skip=2") == Ids(newest.begin() + 2, newest.begin() + 5));
  CHECK(list(vision, "/images?orderBy=Oldest&take=2&skip=5") == Ids(ids.begin() + 5, ids.end()));
  CHECK(vision.get("/images?take=0").body == "[]");
  CHECK(vision.get("/images?skip=7").body == "[]");
  CHECK(outcome_of(vision.get("/images?take=257")) == "400 BadRequestInvalid");
  CHECK(outcome_of(vision.get("/images?skip=-1")) == "400 BadRequestInvalid");
  CHECK(outcome_of(vision.get("/images?orderBy=Suggested")) == "400 BadRequestInvalid");
}

TEST_CASE("GetImages: images of one moment come in the order of uniqueidentifiers") {
  const Vision vision("", "v3.3", {.seed = 9});
  Json batch = {{"images", Json::array()}};
  for (int i = 0; i < 8; ++i) batch["images"].push_back(Vision::file(i));
  CHECK(vision.post("/images/files", batch.dump()).status == 200);
  const Ids ids = list(vision, "/images");
  CHECK(ids.size() == 8);
  for (std::size_t i = 1; i < ids.size(); ++i) CHECK(ids[i - 1].substr(24) < ids[i].substr(24));
}

TEST_CASE("GetImages: the default page has 50 images, the largest 256") {
  Vision vision;
  for (int start = 0; start < 256; start += 64) {
    Json batch = {{"images", Json::array()}};
    for (int i = start; i < start + 64; ++i) batch["images"].push_back(Vision::file(i));
    CHECK(vision.post("/images/files", batch.dump()).status == 200);
  }
  CHECK(list(vision, "/images").size() == 50);
  CHECK(list(vision, "/images?take=256").size() == 256);
  CHECK(list(vision, "/images/untagged").size() == 50);
  CHECK(vision.get("/images/count").body == "256");
}

TEST_CASE("Lists and counts by tagging status and by any of several tags") {
  Vision vision;
  const std::string a = vision.tag("a"), b = vision.tag("b"), c = vision.tag("c");
  const std::string none = vision.image(0), with_a = vision.image(1, {a}), with_b = vision.image(2, {b}),
                    with_both = vision.image(3, {a, b});
  CHECK(list(vision, "/images?taggingStatus=untagged") == Ids{none});
  CHECK(list(vision, "/images/untagged") == Ids{none});
  CHECK(list(vision, "/images/tagged") == Ids{with_both, with_b, with_a});
  CHECK(list(vision, "/images?taggingStatus=TAGGED&orderBy=Oldest") == Ids{with_a, with_b, with_both});
  CHECK(list(vision, "/images/tagged?tagIds=" + a) == Ids{with_both, with_a});
  const Ids any{with_both, with_b, with_a};
  CHECK(list(vision, "/images?tagIds=" + a + ',' + b) == any);
  CHECK(list(vision, "/images?tagIds=" + a + "%2C" + b) == any);       // encoded, as .NET sends it
  CHECK(list(vision, "/images?tagIds=" + a + "&tagIds=" + b) == any);  // repeated
  CHECK(list(vision, "/images?taggingStatus=Untagged&tagIds=" + a).empty());
  CHECK(list(vision, "/images/tagged?tagIds=" + c).empty());

  CHECK(vision.get("/images/count").body == "4");
  CHECK(vision.get("/images/count?taggingStatus=Tagged").body == "3");
  CHECK(vision.get("/images/tagged/count").body == "3");
  CHECK(vision.get("/images/tagged/count?tagIds=" + a).body == "2");
  CHECK(vision.get("/images/tagged/count?tagIds=" + a + ',' + b).body == "3");
  CHECK(vision.get("/images/untagged/count").body == "1");
  CHECK(vision.get("/images/count").header("content-type") == "application/json; charset=utf-8");
  CHECK(outcome_of(vision.get("/images?tagIds=" + joined(Ids(21, a)))) == "400 BadRequestExceededBatchSize");
  CHECK(vision.get("/images/count?tagIds=" + joined(Ids(21, a))).body == "2");  // counts know no limit
}

TEST_CASE("GetImagesByIds: oldest first, whatever the order asked for; unknown ids are left out") {
  Vision vision;
  const std::string first = vision.image(1), second = vision.image(2);
  CHECK(list(vision, "/images/id?imageIds=" + second + "%2C" + first) == Ids{first, second});
  CHECK(list(vision, "/images/id?imageIds=" + std::string(kNobody) + ',' + first) == Ids{first});
  CHECK(outcome_of(vision.get("/images/id?imageIds=rubbish")) == "400 BadRequestInvalidIds");
}

TEST_CASE("DeleteImages: 204 by ids; rows, counts, files and the project's thumbnail follow") {
  Vision vision;
  const std::string a = vision.tag("a"), first = vision.image(1, {a}), second = vision.image(2, {a});
  const std::string uri = vision.image_of(first)["originalImageUri"];
  CHECK(send("GET", uri).status == 200);
  const std::string thumbnail = vision.get("").json()["thumbnailUri"];

  const Answer deleted = vision.remove("/images?imageIds=" + first + ',' + kNobody);
  CHECK(deleted.status == 204);
  CHECK(list(vision, "/images") == Ids{second});
  CHECK(vision.get("/images/tagged/count").body == "1");
  CHECK(vision.tag_of(a)["imageCount"] == 1);
  CHECK(send("GET", uri).status == 404);
  CHECK(vision.get("").json()["thumbnailUri"] != thumbnail);
  vision.remove("/images?imageIds=" + second);
  CHECK(vision.get("").json()["thumbnailUri"].is_null());
  CHECK(outcome_of(vision.remove("/images")) == "400 BadRequestRequiredParamIsNull");
}

TEST_CASE(
    "DeleteImages: trained iterations keep their images unless allIterations is set, which answers 202") {
  Vision vision;
  vision.fill();
  const std::string iteration = vision.train(), query = "?iterationId=" + iteration, first = vision.images[0];
  const std::string uri = vision.image_of(first)["originalImageUri"];
  CHECK(vision.remove("/images?imageIds=" + first).status == 204);
  CHECK(vision.get("/images/count").body == "9");
  CHECK(vision.get("/images/count" + query).body == "10");
  CHECK(list(vision, "/images" + query + "&orderBy=Oldest&take=1") == Ids{first});
  CHECK(vision.get("/images/tagged/count" + query + "&tagIds=" + vision.tags[0]).body == "5");
  CHECK(send("GET", uri).status == 200);

  CHECK(vision.remove("/images?imageIds=" + first + "&allIterations=true").status == 202);
  CHECK(vision.get("/images/count" + query).body == "9");
  CHECK(send("GET", uri).status == 404);

  CHECK(vision.remove("/images?allImages=true").status == 202);
  CHECK(vision.get("/images/count").body == "0");
  CHECK(vision.tag_of(vision.tags[1])["imageCount"] == 0);
  CHECK(vision.get("/images/untagged/count").body == "0");
  CHECK(vision.get("/images/count" + query).body == "9");
  CHECK(vision.remove("/images?allImages=True&allIterations=TRUE").status == 202);
  CHECK(vision.get("/images/count" + query).body == "0");
}

TEST_CASE("The same file again after its deletion is a new image") {
  Vision vision;
  const std::string id = vision.image(1);
  vision.remove("/images?imageIds=" + id);
  CHECK(vision.image(1) != id);
}

TEST_CASE("CreateImageTags: created, duplicated; the image moves to the tagged ones at once") {
  Vision vision;
  const std::string a = vision.tag("a"), b = vision.tag("b"), image = vision.image(1, {a});
  const Json body = {{"tags", {pair(image, a), pair(image, b)}}};
  const Answer answer = vision.post("/images/tags", body.dump());
  CHECK(answer.status == 200);
  CHECK(answer.json() ==
        Json{{"created", {pair(image, b)}}, {"duplicated", {pair(image, a)}}, {"exceeded", Json::array()}});
  CHECK(vision.tag_of(b)["imageCount"] == 1);
  CHECK(vision.image_of(image)["tags"].size() == 2);
}

TEST_CASE("CreateImageTags: one wrong entry refuses the request, and nothing is changed") {
  Vision vision;
  const std::string a = vision.tag("a"), image = vision.image(1);
  const auto tags = [&](const std::string& wrong_image, const std::string& wrong_tag) {
    return vision.post("/images/tags", Json{{"tags", {pair(image, a), pair(wrong_image, wrong_tag)}}}.dump());
  };
  CHECK(outcome_of(tags(kNobody, a)) == "404 NotFoundImage");
  CHECK(outcome_of(tags(image, kNobody)) == "404 NotFoundTag");
  CHECK(outcome_of(tags(image, "x")) == "400 BadRequestInvalidIds");
  CHECK(outcome_of(vision.post("/images/tags")) == "400 BadRequestRequiredParamIsNull");
  const Json many = {{"tags", std::vector<Json>(129, pair(image, a))}};
  CHECK(outcome_of(vision.post("/images/tags", many.dump())) == "400 BadRequestExceededBatchSize");
  CHECK_FALSE(vision.image_of(image).contains("tags"));
}

TEST_CASE("Negative and other tags do not share an image") {
  Vision vision;
  const std::string a = vision.tag("a"), none = vision.tag("none", "&type=Negative");
  const std::string image = vision.image(1, {none});
  CHECK(outcome_of(vision.post("/images/tags", Json{{"tags", {pair(image, a)}}}.dump())) ==
        "400 BadRequestNegativeAndRegularTagOnSameImage");
  const Json batch = {{"images", {Vision::file(2)}}, {"tagIds", {a, none}}};
  CHECK(vision.post("/images/files", batch.dump()).json()["images"][0]["status"] ==
        "ErrorNegativeAndRegularTagOnSameImage");
}

TEST_CASE("Multiclass: exactly one tag on an image, the second is exceeded") {
  Vision vision("&classificationType=multiclass");
  const std::string a = vision.tag("a"), b = vision.tag("b"), image = vision.image(1, {a});
  const Json summary = vision.post("/images/tags", Json{{"tags", {pair(image, b)}}}.dump()).json();
  CHECK(summary["exceeded"] == Json::array({pair(image, b)}));
  CHECK(summary["created"].empty());
  const Json batch = {{"images", {Vision::file(2)}}, {"tagIds", {a, b}}};
  const Json refused = vision.post("/images/files", batch.dump()).json();
  CHECK(refused["images"][0]["status"] == "ErrorTagLimitExceed");
  CHECK(refused["images"][0]["image"].is_null());
  vision.remove("/images/tags?imageIds=" + image + "&tagIds=" + a);
  CHECK(vision.post("/images/tags", Json{{"tags", {pair(image, b)}}}.dump()).json()["created"].size() == 1);
}

TEST_CASE("DeleteImageTags: 204, the image is untagged at once; both lists are required") {
  Vision vision;
  const std::string a = vision.tag("a"), image = vision.image(1, {a});
  CHECK(vision.remove("/images/tags?imageIds=" + image + "%2C" + kNobody + "&tagIds=" + a).status == 204);
  CHECK(list(vision, "/images/untagged") == Ids{image});
  CHECK(vision.get("/images/tagged/count").body == "0");
  CHECK(vision.tag_of(a)["imageCount"] == 0);
  CHECK(outcome_of(vision.remove("/images/tags?imageIds=" + image)) == "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.remove("/images/tags?tagIds=" + a)) == "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.remove("/images/tags?imageIds=" + joined(Ids(65, image)) + "&tagIds=" + a)) ==
        "400 BadRequestImageExceededCount");
  CHECK(outcome_of(vision.remove("/images/tags?imageIds=" + image + "&tagIds=" + joined(Ids(21, a)))) ==
        "400 BadRequestExceededBatchSize");
}

TEST_CASE("DeleteProject with many images: gone at once; what it held goes, though the clock stands still") {
  Vision vision;
  const std::string tag = vision.tag("a");
  for (int first = 0; first < 256; first += 64) {
    Json batch = {{"images", Json::array()}, {"tagIds", {tag}}};
    for (int shade = first; shade < first + 64; ++shade) batch["images"].push_back(Vision::file(shade));
    REQUIRE(vision.post("/images/files", batch.dump()).status == 200);
  }
  const std::string image = vision.get("/images?take=1").json()[0]["originalImageUri"];
  const auto held = [&] {
    return send("GET", vision.emulator.training_endpoint() + "/_emulator/state").json()["images"].get<int>();
  };
  CHECK(held() == 256);
  CHECK(vision.remove("").status == 204);
  CHECK(vision.training.get("/projects").body == "[]");
  CHECK(outcome_of(vision.get("")) == "404 NotFoundProject");
  CHECK(outcome_of(vision.get("/images/count")) == "404 NotFoundProject");
  CHECK(outcome_of(vision.remove("")) == "404 NotFoundProject");
  CHECK(send("GET", image).status == 404);
  while (held() > 0) std::this_thread::yield();
  CHECK(vision.emulator.control().jobs().empty());
}
