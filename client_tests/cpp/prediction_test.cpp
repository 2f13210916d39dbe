// The Prediction API and quick tests: answers come from what was learned.
#include "base/text.h"
#include "learned.h"

using namespace testing;

namespace {

using Keys = std::vector<std::string>;

const std::string kModel = "/classify/iterations/model";

std::string kept(const Vision& vision) {
  return std::to_string(vision.post("/predictions/query", "{}").json()["results"].size());
}

// The name of the likeliest tag.
std::string top_of(const Answer& answer) {
  return answer.json()["predictions"][0]["tagName"];
}

}  // namespace

TEST_CASE("ClassifyImage: the answer's form as recorded, the likeliest tag first, and it is right") {
  Learned vision;
  for (unsigned seed = Learned::kUnseen; seed < Learned::kUnseen + 5; ++seed) {
    CHECK(top_of(predict(vision, kModel + "/image", drawn_file(0, seed))) == "circle");
    CHECK(top_of(predict(vision, kModel + "/image", drawn_file(1, seed))) == "square");
  }
  const Answer answer = predict(vision, kModel + "/image", drawn_file(0, 2000));
  CHECK(answer.status == 200);
  const Json json = answer.json();
  CHECK(keys_of(json) == Keys{"id", "project", "iteration", "created", "predictions"});
  CHECK(json["id"] == answer.header("request-id"));
  CHECK(json["project"] == vision.project);
  CHECK(json["iteration"] == vision.iteration);
  REQUIRE(json["predictions"].size() == 2);
  CHECK(keys_of(json["predictions"][0]) == Keys{"probability", "tagId", "tagName", "tagType"});
  CHECK(json["predictions"][0]["tagId"] == vision.tags[0]);
  const double sum = json["predictions"][0]["probability"].get<double>() +
                     json["predictions"][1]["probability"].get<double>();
  CHECK(sum == doctest::Approx(1));
  CHECK(kept(vision) == "11");
}

TEST_CASE("ClassifyImage: version 3.0 tells no tag types") {
  Learned vision;
  const Json json = predict(vision, kModel + "/image", drawn_file(0, 2000), "v3.0").json();
  CHECK(keys_of(json["predictions"][0]) == Keys{"probability", "tagId", "tagName"});
}

TEST_CASE(
    "ClassifyImageWithNoStore, ClassifyImageUrl, ClassifyImageUrlWithNoStore: the same probabilities; kept "
    "or not") {
  Learned vision;
  const std::string image = vision.upload(drawn_file(1, 2000));
  const std::string url = url_body(vision.image_of(image)["originalImageUri"]);
  const Json expected = predict(vision, kModel + "/image/nostore", drawn_file(1, 2000)).json()["predictions"];
  CHECK(expected[0]["tagName"] == "square");
  CHECK(predict(vision, kModel + "/url/nostore", url).json()["predictions"] == expected);
  CHECK(kept(vision) == "0");
  CHECK(predict(vision, kModel + "/url?application=kiosk", url).json()["predictions"] == expected);
  CHECK(kept(vision) == "1");
}

TEST_CASE("Prediction API: what it refuses, at each of its endpoints, and nothing is kept") {
  Learned vision;
  const std::string image = drawn_file(0, 2000);
  for (const std::string endpoint : {"/image", "/image/nostore", "/url", "/url/nostore"}) {
    CAPTURE(endpoint);
    const std::string body = endpoint.starts_with("/url") ? url_body("http://127.0.0.1:1/x.jpg") : image;
    CHECK(outcome_of(predict(vision, "/classify/iterations/nobody" + endpoint, body)) ==
          "404 NotFoundIteration");
    CHECK(outcome_of(predict(vision, "/classify/iterations/" + vision.iteration + endpoint, body)) ==
          "404 NotFoundIteration");
    CHECK(outcome_of(predict(vision, "/detect/iterations/model" + endpoint, body)) ==
          "400 BadRequestNotSupported");
    CHECK(outcome_of(predict(vision, kModel + endpoint, "")) == "400 BadRequestRequiredParamIsNull");
  }
  for (const std::string endpoint : {"/image", "/image/nostore"}) {
    const Answer garbage = predict(vision, kModel + endpoint, "no picture");
    CHECK(outcome_of(garbage) == "400 BadRequestImageFormat");
    CHECK(garbage.json()["message"].get<std::string>().starts_with("Bad Request Image Format, Uri: "));
    CHECK(outcome_of(predict(vision, kModel + endpoint, image.substr(0, 300))) ==
          "400 BadRequestImageFormat");
    CHECK(outcome_of(predict(vision, kModel + endpoint, std::string(5'000'000, 'x'))) ==
          "400 BadRequestImageSizeBytes");
    CHECK(outcome_of(predict(vision, kModel + endpoint, png(2600, 100, 7))) ==
          "400 BadRequestImageDimensions");
  }
  for (const std::string endpoint : {"/url", "/url/nostore"}) {
    CHECK(outcome_of(predict(vision, kModel + endpoint, url_body("http://127.0.0.1:1/x.jpg"))) ==
          "400 BadRequestImageUrl");
    CHECK(outcome_of(predict(vision, kModel + endpoint, url_body("https://example.com/x.jpg"))) ==
          "400 BadRequestImageUrl");
    CHECK(outcome_of(predict(vision, kModel + endpoint, "{}")) == "400 BadRequestRequiredParamIsNull");
    CHECK(outcome_of(predict(vision, kModel + endpoint, "[]")) == "400 BadRequest");
  }
  vision.project = kNobody;
  CHECK(outcome_of(predict(vision, kModel + "/image", image)) == "404 NotFoundProject");
}

TEST_CASE("An image too long for its width: each version with the codes it has") {
  Learned vision;
  const std::string strip = png(2600, 100, 7), query = "/quicktest/image?iterationId=" + vision.iteration;
  const auto code_in = [&](const std::string& version) {
    return code_of(Training(vision.emulator, version).post("/projects/" + vision.project + query, strip));
  };
  CHECK(code_in("v3.4-preview") == "BadRequestImageAspectRatio");
  CHECK(code_in("v3.3") == "BadRequestImageDimensions");
  CHECK(code_in("v3.2") == "BadRequestImageSizeBytes");
  CHECK(code_of(predict(vision, kModel + "/image", strip, "v3.0")) == "BadRequestImageSizeBytes");
  CHECK(kept(vision) == "0");
}

TEST_CASE("Unpublished means unknown, and a key of its own is asked for") {
  Learned vision("v3.3", "", {.prediction_keys = {"right"}});
  const std::string url = vision.emulator.prediction_endpoint() + "/customvision/v3.1/prediction/" +
                          vision.project + kModel + "/image";
  const auto with_key = [&](const std::string& key) {
    return send("POST", url, drawn_file(0, 1), {{"Prediction-Key", key}});
  };
  CHECK(with_key("wrong").status == 401);
  CHECK(with_key("right").status == 200);
  vision.remove(vision.path("/publish"));
  CHECK(with_key("right").json()["code"] == "NotFoundIteration");
}

TEST_CASE(
    "A model that was used is never used for another one: after a new training, a deletion, a restore, a "
    "reset") {
  Learned vision("v3.3", "", {.training_time = std::chrono::seconds(10)});
  auto& control = vision.emulator.control();
  const auto asked_of = [&](const std::string& iteration) {
    return vision.post("/quicktest/image?store=false&iterationId=" + iteration, drawn_file(0, 2000));
  };
  const Json first = asked_of(vision.iteration).json()["predictions"];
  CHECK(predict(vision, kModel + "/image/nostore", drawn_file(0, 2000)).json()["predictions"] == first);

  vision.remove("/images/tags?tagIds=" + vision.tags[0] + "&imageIds=" + vision.images[0]);
  const std::string second = vision.post("/train").json()["id"];
  control.snapshot("in training");
  CHECK(code_of(asked_of(second)) == "BadRequestIterationIsNotTrained");
  control.run_until_idle(std::chrono::seconds(30));
  const Json trained = asked_of(second).json()["predictions"];
  CHECK(trained != first);
  CHECK(vision.publish(second, "model", "&overwrite=true").status == 200);
  CHECK(predict(vision, kModel + "/image/nostore", drawn_file(0, 2000)).json()["predictions"] == trained);
  CHECK(asked_of(vision.iteration).json()["predictions"] == first);

  control.restore("in training");
  CHECK(predict(vision, kModel + "/image/nostore", drawn_file(0, 2000)).json()["predictions"] == first);
  vision.remove("/images?allIterations=true&imageIds=" + vision.images[2] + "," + vision.images[4]);
  control.run_until_idle(std::chrono::seconds(30));
  CHECK(asked_of(second).json()["predictions"] !=
        trained);  // the same id, and what it learned is another thing

  vision.remove("/iterations/" + second);
  CHECK(outcome_of(asked_of(second)) == "404 NotFoundIteration");
  control.reset();
  CHECK(outcome_of(asked_of(vision.iteration)) == "404 NotFoundProject");
}

TEST_CASE("DetectImage and its three sisters: boxes where the objects are") {
  Vision vision(std::string("&domainId=") + kDetection);
  const std::vector<std::string> tags = {vision.tag("circle"), vision.tag("square")};
  for (unsigned seed = 0; seed < 32; ++seed) {
    const DrawnFile scene = drawn_scene(seed);
    Json file = {
        {"name", "scene"}, {"contents", cvemu::base64_encode(scene.bytes)}, {"regions", Json::array()}};
    for (const auto& object : scene.objects)
      file["regions"].push_back({{"tagId", tags[static_cast<std::size_t>(object.label)]},
                                 {"left", object.left},
                                 {"top", object.top},
                                 {"width", object.width},
                                 {"height", object.height}});
    REQUIRE(vision.post("/images/files", Json{{"images", {file}}}.dump()).status == 200);
  }
  vision.publish(vision.train(""), "model");
  const std::string model = "/detect/iterations/model";
  const DrawnFile unseen = drawn_scene(1000);
  const Json all = predict(vision, model + "/image", unseen.bytes).json()["predictions"];
  REQUIRE_FALSE(all.empty());
  CHECK(keys_of(all[0]) == Keys{"probability", "tagId", "tagName", "boundingBox", "tagType"});
  CHECK(keys_of(all[0]["boundingBox"]) == Keys{"left", "top", "width", "height"});
  const auto likeliest = *std::max_element(all.begin(), all.end(), [](const Json& a, const Json& b) {
    return a["probability"].get<double>() < b["probability"].get<double>();
  });
  const Json& at = likeliest["boundingBox"];
  const cvemu::learning::Region found{likeliest["tagName"] == "circle" ? 0 : 1, at["left"], at["top"],
                                      at["width"], at["height"]};
  CHECK(std::any_of(unseen.objects.begin(), unseen.objects.end(), [&](const auto& object) {
    return object.label == found.label && cvemu::learning::overlap(object, found) > 0.4;
  }));

  const std::string image = vision.image(1);
  const std::string url = url_body(vision.image_of(image)["originalImageUri"]);
  CHECK(predict(vision, model + "/image/nostore", unseen.bytes).json()["predictions"] == all);
  CHECK(predict(vision, model + "/url", url).status == 200);
  CHECK(predict(vision, model + "/url/nostore", url).status == 200);
  CHECK(kept(vision) == "2");
  CHECK(outcome_of(predict(vision, kModel + "/image", unseen.bytes)) == "400 BadRequestNotSupported");
}

TEST_CASE(
    "QuickTestImage and QuickTestImageUrl: an iteration that is not published; kept unless told not to") {
  Learned vision;
  vision.remove(vision.path("/publish"));
  const std::string query = "?iterationId=" + vision.iteration, circle = drawn_file(0, 2000);
  const Answer answer = vision.post("/quicktest/image" + query, circle);
  CHECK(answer.status == 200);
  CHECK(keys_of(answer.json()) == Keys{"id", "project", "iteration", "created", "predictions"});
  CHECK(top_of(answer) == "circle");
  const std::string url = url_body(vision.image_of(vision.images[1])["originalImageUri"]);
  CHECK(top_of(vision.post("/quicktest/url" + query, url)) == "square");
  CHECK(kept(vision) == "2");
  CHECK(vision.post("/quicktest/image" + query + "&store=false", circle).status == 200);
  CHECK(vision.post("/quicktest/url" + query + "&store=false", url).status == 200);
  CHECK(kept(vision) == "2");
  for (const std::string endpoint : {"/quicktest/image", "/quicktest/url"}) {
    const std::string body = endpoint.ends_with("url") ? url : circle;
    CHECK(outcome_of(vision.post(endpoint, body)) == "404 NotFoundProjectDefaultIteration");
    CHECK(outcome_of(vision.post(endpoint + "?iterationId=" + kNobody, body)) == "404 NotFoundIteration");
    CHECK(outcome_of(vision.post(endpoint + query, "")) == "400 BadRequestRequiredParamIsNull");
  }
  CHECK(outcome_of(vision.post("/quicktest/image" + query, "rubbish")) == "400 BadRequestImageFormat");
}

TEST_CASE("QueryPredictions: newest first, pages that go on, by application; then an image, then gone") {
  Learned vision;
  Keys ids;
  for (unsigned i = 0; i < 3; ++i) {
    vision.emulator.control().advance(std::chrono::seconds(1));
    ids.push_back(
        predict(vision, kModel + "/image?application=app" + std::to_string(i), drawn_file(0, 2000 + i))
            .json()["id"]);
  }
  const auto query = [&](const Json& token) {
    return vision.post("/predictions/query", token.dump()).json();
  };
  const Json first = query({{"maxCount", 2}, {"orderBy", "Newest"}});
  CHECK(all_of(first["results"]) == Keys{ids[2], ids[1]});
  CHECK(keys_of(first["token"]) == Keys{"session", "continuation", "maxCount", "orderBy", "tags",
                                        "iterationId", "startTime", "endTime", "application"});
  CHECK(keys_of(first["results"][0]) == Keys{"resizedImageUri", "thumbnailUri", "originalImageUri", "domain",
                                             "id", "project", "iteration", "created", "predictions"});
  CHECK(send("GET", first["results"][0]["originalImageUri"]).body == drawn_file(0, 2002));
  const Json second = query(first["token"]);
  CHECK(all_of(second["results"]) == Keys{ids[0]});
  CHECK(second["token"]["continuation"].is_null());
  CHECK(second["token"]["session"] == first["token"]["session"]);
  CHECK(all_of(query({{"application", "app1"}})["results"]) == Keys{ids[1]});
  CHECK(query({{"tags", {{{"id", vision.tags[1]}, {"minThreshold", 0.99}}}}})["results"].empty());
  CHECK(query({{"orderBy", "Oldest"}, {"iterationId", vision.iteration}})["results"].size() == 3);

  const Json image =
      vision.post("/images/predictions", Json{{"images", {{{"id", ids[1]}}}}}.dump()).json()["images"][0];
  CHECK(image["sourceUrl"] == ids[1]);
  CHECK(image["status"] == "OK");
  CHECK(vision.remove("/predictions?ids=" + ids[1] + "," + ids[0]).status == 204);
  CHECK(all_of(query(Json::object())["results"]) == Keys{ids[2]});
}

TEST_CASE("QueryPredictions and DeletePrediction: what they refuse") {
  Vision vision;
  const auto refused = [&](const char* token) {
    return outcome_of(vision.post("/predictions/query", token));
  };
  CHECK(refused(R"({"orderBy":"Odd"})") == "400 BadRequestInvalid");
  CHECK(refused(R"({"maxCount":257})") == "400 BadRequestPredictionResultsExceededCount");
  CHECK(refused(R"({"maxCount":-1})") == "400 BadRequestPredictionResultsExceededCount");
  CHECK(refused(R"({"continuation":"rubbish"})") == "400 BadRequestPredictionInvalidQueryParameters");
  const Json tag = {{"id", kNobody}};
  CHECK(refused(Json{{"tags", {tag, tag, tag}}}.dump().c_str()) ==
        "400 BadRequestPredictionTagsExceededCount");
  CHECK(refused(R"({"startTime":"yesterday"})") == "400 BadRequest");
  CHECK(outcome_of(vision.remove("/predictions")) == "400 BadRequestPredictionIdsMissing");
  CHECK(outcome_of(vision.remove("/predictions?ids=rubbish")) == "400 BadRequestInvalidIds");
  std::string many = kNobody;
  for (int i = 0; i < 64; ++i) many += std::string(",") + kNobody;
  CHECK(outcome_of(vision.remove("/predictions?ids=" + many)) == "400 BadRequestPredictionIdsExceededCount");
}

TEST_CASE("A copy of a project has learned the same") {
  Learned vision;
  const std::string token = vision.get("/export").json()["token"];
  const Json copy = vision.training.post("/projects/import?token=" + cvemu::percent_encode(token)).json();
  vision.emulator.control().run_until_idle(std::chrono::seconds(30));
  const Json expected = predict(vision, kModel + "/image/nostore", drawn_file(0, 2000)).json()["predictions"];
  const std::string before = vision.get(vision.path("/performance")).json()["averagePrecision"].dump();
  CHECK(vision.training.remove("/projects/" + vision.project).status == 400);  // published
  vision.remove(vision.path("/publish"));
  CHECK(vision.training.remove("/projects/" + vision.project).status == 204);

  vision.project = copy["id"];
  const std::string iteration = vision.get("/iterations").json()[0]["id"];
  CHECK(vision.publish(iteration, "model").status == 200);
  const Json found = predict(vision, kModel + "/image/nostore", drawn_file(0, 2000)).json()["predictions"];
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i]["tagName"] == expected[i]["tagName"]);
    CHECK(found[i]["probability"] == expected[i]["probability"]);
  }
  CHECK(vision.get("/iterations/" + iteration + "/performance").json()["averagePrecision"].dump() == before);
}
