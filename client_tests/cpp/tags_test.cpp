// Tags: what can be asked of them and what becomes of the images that had them.
#include "vision.h"

using namespace testing;

TEST_CASE("CreateTag: the answer as recorded, to the byte") {
  const Vision vision;
  const Answer answer = vision.post("/tags?name=Tag%20%230&description=");
  const std::string id = answer.json()["id"];
  CHECK(answer.body ==
        R"({"id":")" + id + R"(","name":"Tag #0","description":null,"type":"Regular","imageCount":0})");
  CHECK(vision.get("/tags/" + id).body == answer.body);
}

TEST_CASE("CreateTag: a taken name, no name, an unknown type, a second negative tag") {
  const Vision vision;
  vision.tag("a");
  const Answer taken = vision.post("/tags?name=a");
  CHECK(outcome_of(taken) == "400 BadRequestTagNameNotUnique");
  CHECK(taken.json()["message"].get<std::string>().starts_with("Name not unique"));
  CHECK(outcome_of(vision.post("/tags")) == "400 BadRequestTagName");
  CHECK(outcome_of(vision.post("/tags?name=x&type=Odd")) == "400 BadRequestTagType");
  CHECK(vision.post("/tags?name=none&type=negative").json()["type"] == "Negative");
  CHECK(outcome_of(vision.post("/tags?name=none2&type=Negative")) == "400 BadRequestMultipleNegativeTag");
  CHECK(vision.post("/tags?name=product&type=GeneralProduct").status == 200);
  CHECK(outcome_of(vision.post("/tags?name=p2&type=GeneralProduct")) ==
        "400 BadRequestMultipleGeneralProductTag");
}

TEST_CASE("UpdateTag: a merge; what the body leaves out stays") {
  const Vision vision;
  const std::string id = vision.tag("a", "&description=first"), path = "/tags/" + id;
  CHECK(vision.patch(path, R"({"name":"b"})").body ==
        R"({"id":")" + id + R"(","name":"b","description":"first","type":"Regular","imageCount":0})");
  CHECK(vision.patch(path, R"({"description":null})").json()["description"].is_null());
  CHECK(vision.patch(path, R"({"type":"NEGATIVE","imageCount":7,"unknown":{}})").json()["type"] ==
        "Negative");
  CHECK(vision.patch(path, "").json()["name"] == "b");
  CHECK(vision.tag_of(id)["imageCount"] == 0);
}

TEST_CASE(
    "UpdateTag: refused for a name that is taken or empty, a wrong type, a type of which there is one") {
  const Vision vision;
  vision.tag("taken", "&type=Negative");
  const std::string path = "/tags/" + vision.tag("a");
  CHECK(vision.patch(path, R"({"name":"a"})").status == 200);  // its own
  CHECK(outcome_of(vision.patch(path, R"({"name":"taken"})")) == "400 BadRequestTagNameNotUnique");
  CHECK(outcome_of(vision.patch(path, R"({"name":""})")) == "400 BadRequestTagName");
  CHECK(outcome_of(vision.patch(path, R"({"type":"Odd"})")) == "400 BadRequestTagType");
  CHECK(outcome_of(vision.patch(path, R"({"type":"Negative"})")) == "400 BadRequestMultipleNegativeTag");
  CHECK(outcome_of(vision.patch(path, R"({"name":7})")) == "400 BadRequest");
  CHECK(outcome_of(vision.patch(path, "{")) == "400 BadRequest");
  CHECK(outcome_of(vision.patch("/tags/" + std::string(kNobody), "{}")) == "404 NotFoundTag");
}

TEST_CASE("UpdateTag: a tag that shares an image cannot become negative") {
  Vision vision;
  const std::string a = vision.tag("a"), b = vision.tag("b");
  vision.image(1, {a, b});
  CHECK(outcome_of(vision.patch("/tags/" + a, R"({"type":"Negative"})")) ==
        "400 BadRequestNegativeAndRegularTagOnSameImage");
}

TEST_CASE("DeleteTag: the tag leaves its images, its regions go, the counts follow") {
  Vision vision("&domainId=" + std::string(kDetection));
  const std::string a = vision.tag("a"), b = vision.tag("b");
  const std::string both = vision.image(1, {a, b}), only = vision.image(2, {a});
  const Json regions = {{"regions", {vision.region(both, a), vision.region(both, b)}}};
  CHECK(vision.post("/images/regions", regions.dump()).status == 200);

  const Answer deleted = vision.remove("/tags/" + a);
  CHECK(deleted.status == 204);
  CHECK(deleted.body.empty());
  CHECK(deleted.header("content-length") == "0");
  CHECK(outcome_of(vision.get("/tags/" + a)) == "404 NotFoundTag");
  CHECK(outcome_of(vision.remove("/tags/" + a)) == "404 NotFoundTag");
  CHECK(all_of(vision.image_of(both)["tags"], "tagId") == std::vector{b});
  CHECK(all_of(vision.image_of(both)["regions"], "tagId") == std::vector{b});
  CHECK_FALSE(vision.image_of(only).contains("tags"));
  CHECK(vision.get("/images/tagged/count").body == "1");
  CHECK(vision.get("/images/untagged/count").body == "1");
  CHECK(vision.get("/images/count").body == "2");
  CHECK(vision.tag_of(b)["imageCount"] == 1);
}

TEST_CASE("GetTags: in the order of uniqueidentifiers, whatever their names") {
  const Vision vision("", "v3.3", {.seed = 4});
  for (int i = 0; i < 12; ++i) vision.tag("tag" + std::to_string(i));
  const auto key = [](const std::string& id) {  // the last twelve digits decide first
    return id.substr(24) + id.substr(19, 4);
  };
  const std::vector<std::string> ids = all_of(vision.get("/tags").json());
  CHECK(ids.size() == 12);
  for (std::size_t i = 1; i < ids.size(); ++i) CHECK(key(ids[i - 1]) < key(ids[i]));
}

TEST_CASE("GetTags and GetTag of an iteration answer as of its training") {
  Vision vision;
  vision.fill();
  const std::string iteration = vision.train(), query = "?iterationId=" + iteration, tag = vision.tags[0];
  const std::string before = vision.get("/tags" + query).body;
  CHECK(before == vision.get("/tags").body);
  vision.patch("/tags/" + tag, R"({"name":"renamed"})");
  vision.remove("/images?imageIds=" + vision.images[0]);
  vision.remove("/tags/" + vision.tags[1]);
  vision.tag("new");
  CHECK(vision.get("/tags" + query).body == before);
  CHECK(vision.get("/tags/" + tag + query).json()["name"] == "one");
  CHECK(vision.get("/tags/" + tag + query).json()["imageCount"] == 5);
  CHECK(vision.tag_of(tag)["imageCount"] == 4);
  CHECK(outcome_of(vision.get("/tags?iterationId=" + std::string(kNobody))) == "404 NotFoundIteration");
}
