// How good an iteration says it is, and what it suggests.
#include "base/text.h"
#include "learned.h"

using namespace testing;

namespace {

using Keys = std::vector<std::string>;

Json body_with(const Json& tags, double threshold = 0) {
  return {{"tagIds", tags}, {"threshold", threshold}, {"maxCount", 10}};
}

}  // namespace

TEST_CASE("GetIterationPerformance: five numbers for each tag and overall; an easy set is learned well") {
  Learned vision;
  const Json all = vision.get(vision.path("/performance?threshold=0.5&overlapThreshold=0.3")).json();
  const Keys numbers = {"precision", "precisionStdDeviation", "recall", "recallStdDeviation",
                        "averagePrecision"};
  CHECK(keys_of(all) ==
        Keys{"perTagPerformance", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]});
  REQUIRE(all["perTagPerformance"].size() == 2);
  CHECK(keys_of(all["perTagPerformance"][0]) ==
        Keys{"id", "name", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]});
  CHECK(all["averagePrecision"].get<double>() > 0.7);
  CHECK(vision.get(vision.path("/performance?threshold=1")).json()["recall"].get<double>() <=
        all["recall"].get<double>());
}

TEST_CASE("GetIterationPerformance: what it refuses; an iteration in training has none") {
  Learned vision("v3.3", "", {.training_time = std::chrono::seconds(10)});
  CHECK(vision.get(vision.path("/performance")).status == 200);
  for (const char* query : {"?threshold=2", "?threshold=-0.1", "?threshold=odd", "?overlapThreshold=nan"})
    CHECK(outcome_of(vision.get(vision.path("/performance") + query)) == "400 BadRequestInvalid");
  const std::string next = vision.post("/train?forceTrain=true").json()["id"];
  for (const char* end : {"/performance", "/performance/images", "/performance/images/count"}) {
    CHECK(outcome_of(vision.get("/iterations/" + next + end)) == "404 NotFoundIterationPerformance");
    CHECK(outcome_of(vision.get(std::string("/iterations/") + kNobody + end)) == "404 NotFoundIteration");
  }
}

TEST_CASE("GetImagePerformances: the images held back, a fifth of all, by tag and page, as many as counted") {
  Learned vision;
  const auto list = [&](const std::string& query) {
    return vision.get(vision.path("/performance/images") + query).json();
  };
  const auto count = [&](const std::string& query) {
    return std::stoul(vision.get(vision.path("/performance/images/count") + query).body);
  };
  const Json all = list("");
  CHECK(all.size() >= vision.images.size() / 5);
  CHECK(all.size() <= vision.images.size() / 5 + 1);
  CHECK(count("") == all.size());
  CHECK(keys_of(all[0]) ==
        Keys{"predictions", "id", "created", "width", "height", "imageUri", "thumbnailUri", "tags"});
  CHECK(all[0]["predictions"].size() == 2);
  const std::size_t circles = count("?tagIds=" + vision.tags[0]),
                    squares = count("?tagIds=" + vision.tags[1]);
  CHECK(circles + squares == all.size());
  CHECK(list("?take=1&skip=1")[0]["id"] == all[1]["id"]);
  CHECK(list("?orderBy=Oldest")[0]["id"] == all.back()["id"]);
  CHECK(outcome_of(vision.get(vision.path("/performance/images?take=999"))) == "400 BadRequestInvalid");
  CHECK(outcome_of(vision.get(vision.path("/performance/images/count?tagIds=odd"))) ==
        "400 BadRequestInvalidIds");
}

TEST_CASE(
    "SuggestTagsAndRegions, QuerySuggestedImages, QuerySuggestedImageCount: what untagged images may show") {
  Learned vision;
  const std::string circle = vision.upload(drawn_file(0, 2000)), square = vision.upload(drawn_file(1, 2000));
  const std::string query = "?iterationId=" + vision.iteration;
  const Json nothing = vision.post("/images/suggested" + query, body_with({vision.tags[0]}).dump()).json();
  CHECK(nothing["results"].empty());  // nobody asked for suggestions yet

  const Json suggested =
      vision.post("/tagsandregions/suggestions" + query + "&imageIds=" + circle + "%2C" + square).json();
  REQUIRE(suggested.size() == 2);
  CHECK(keys_of(suggested[0]) ==
        Keys{"id", "project", "iteration", "created", "predictions", "predictionUncertainty"});
  CHECK(suggested[0]["id"] == circle);
  CHECK(suggested[0]["predictions"][0]["tagName"] == "circle");
  CHECK(suggested[1]["predictions"][0]["tagName"] == "square");

  const Json found = vision.post("/images/suggested" + query, body_with({vision.tags[0]}, 0.5).dump()).json();
  CHECK(keys_of(found["token"]) ==
        Keys{"tagIds", "threshold", "session", "continuation", "maxCount", "sortBy"});
  CHECK(found["token"]["sortBy"] == "UncertaintyAscending");
  CHECK(all_of(found["results"]) == Keys{circle});
  CHECK(keys_of(found["results"][0]) == Keys{"width", "height", "resizedImageUri", "thumbnailUri",
                                             "originalImageUri", "domain", "id", "project", "iteration",
                                             "created", "predictions", "predictionUncertainty"});
  const Json filter = {{"tagIds", {vision.tags[0], kNobody}}, {"threshold", 0.5}};
  CHECK(vision.post("/images/suggested/count" + query, filter.dump()).json() ==
        Json{{vision.tags[0], 1}, {kNobody, 0}});
  vision.post("/images/tags", Json{{"tags", {{{"imageId", circle}, {"tagId", vision.tags[0]}}}}}.dump());
  CHECK(vision.post("/images/suggested/count" + query, filter.dump()).json()[vision.tags[0]] ==
        0);  // no longer untagged
}

TEST_CASE("Suggestions: what is refused") {
  Learned vision;
  const std::string unknown = std::string("?iterationId=") + kNobody,
                    query = "?iterationId=" + vision.iteration;
  for (const std::string path :
       {"/images/suggested", "/images/suggested/count", "/tagsandregions/suggestions"}) {
    const std::string ids = path.starts_with("/tags") ? "&imageIds=" + vision.images[0] : "";
    CHECK(outcome_of(vision.post(path + "?x=y" + ids, "{}")) == "400 BadRequestRequiredParamIsNull");
    CHECK(outcome_of(vision.post(path + unknown + ids, "{}")) == "404 NotFoundIteration");
  }
  CHECK(outcome_of(vision.post("/images/suggested" + query, R"({"sortBy":"Odd"})")) ==
        "400 BadRequestInvalid");
  CHECK(outcome_of(vision.post("/images/suggested/count" + query, "[]")) == "400 BadRequest");
  CHECK(outcome_of(vision.post("/tagsandregions/suggestions" + query + "&imageIds=" + kNobody)) ==
        "404 NotFoundImage");
}

TEST_CASE("GetImageRegionProposals: at most 25 boxes within the image, the likeliest first") {
  Vision vision(std::string("&domainId=") + kDetection);
  const Json file = {{"name", "scene"}, {"contents", cvemu::base64_encode(drawn_scene(3).bytes)}};
  const std::string image =
      vision.post("/images/files", Json{{"images", {file}}}.dump()).json()["images"][0]["image"]["id"];
  const Json answer = vision.post("/images/" + image + "/regionproposals").json();
  CHECK(keys_of(answer) == Keys{"projectId", "imageId", "proposals"});
  CHECK(answer["proposals"].size() >= 1);
  CHECK(answer["proposals"].size() <= 25);
  double before = 1;
  for (const Json& proposal : answer["proposals"]) {
    CHECK(proposal["confidence"].get<double>() <= before);
    before = proposal["confidence"];
    const Json& box = proposal["boundingBox"];
    CHECK(box["left"].get<double>() >= 0);
    CHECK(box["left"].get<double>() + box["width"].get<double>() <= 1.000001);
  }
  CHECK(outcome_of(vision.post(std::string("/images/") + kNobody + "/regionproposals")) ==
        "404 NotFoundImage");
}
