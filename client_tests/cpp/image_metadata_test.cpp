// Names and values on images: set, limited, filtered by.
#include "base/text.h"
#include "vision.h"

using namespace testing;

namespace {

Json pairs(int count, std::size_t key = 8, std::size_t value = 1) {
  Json map = Json::object();
  for (int i = 0; i < count; ++i)
    map[std::to_string(1000 + i) + std::string(key - 4, 'k')] = std::string(value, 'v');
  return map;
}

}  // namespace

TEST_CASE("UpdateImageMetadata: the answer as recorded; the image carries it from 3.3 on") {
  Vision vision;
  const std::string id = vision.image(1);
  CHECK_FALSE(vision.image_of(id).contains("metadata"));
  const Answer answer =
      vision.post("/images/metadata?imageIds=" + id, R"({"type":"unit test","value":"30"})");
  CHECK(answer.body == R"({"isBatchSuccessful":true,"images":[{"imageId":")" + id +
                           R"(","status":"OK","metadata":{"type":"unit test","value":"30"}}]})");
  CHECK(vision.image_of(id)["metadata"].dump() == R"({"type":"unit test","value":"30"})");
  CHECK_FALSE(vision.get_in("v3.2", "/images/id?imageIds=" + id).json()[0].contains("metadata"));
  CHECK(vision.post("/images/metadata?imageIds=" + id, R"({"value":"31","new":"x"})")
            .json()["images"][0]["metadata"]
            .dump() == R"({"type":"unit test","value":"31","new":"x"})");
}

TEST_CASE("UpdateImageMetadata: 207 for an unknown image and for more pairs than an image may have") {
  Vision vision;
  const std::string id = vision.image(1);
  const Answer unknown = vision.post("/images/metadata?imageIds=" + id + ',' + kNobody, R"({"a":"b"})");
  CHECK(unknown.status == 207);
  CHECK(unknown.json()["images"][1].dump() ==
        R"({"imageId":")" + std::string(kNobody) + R"(","status":"ErrorImageNotFound","metadata":null})");
  CHECK(unknown.json()["images"][0]["status"] == "OK");
  const Answer full = vision.post("/images/metadata?imageIds=" + id, pairs(50).dump());
  CHECK(full.status == 207);
  CHECK(full.json()["images"][0]["status"] == "ErrorLimitExceed");
  CHECK(vision.image_of(id)["metadata"] == Json{{"a", "b"}});
}

TEST_CASE("Metadata limits: 50 pairs of 256 and 512 letters in 3.3; 10 of 128 and 256 in 3.4-preview") {
  struct Limits {
    const char* version;
    int pairs;
    std::size_t key, value;
  };
  for (const Limits& limits : {Limits{"v3.3", 50, 256, 512}, Limits{"v3.4-preview", 10, 128, 256}}) {
    Vision vision("", limits.version);
    const std::string path = "/images/metadata?imageIds=" + vision.image(1);
    CHECK(vision.post(path, pairs(1, limits.key, limits.value).dump()).status == 200);
    CHECK(outcome_of(vision.post(path, pairs(1, limits.key + 1).dump())) == "400 BadRequestImageMetadataKey");
    CHECK(outcome_of(vision.post(path, pairs(1, 8, limits.value + 1).dump())) ==
          "400 BadRequestImageMetadataValue");
    CHECK(vision.post(path, pairs(limits.pairs - 1).dump()).status == 200);
    CHECK(vision.post(path, pairs(limits.pairs).dump()).status == 207);
  }
}

TEST_CASE("UpdateImageMetadata: what is refused") {
  Vision vision;
  const std::string path = "/images/metadata?imageIds=" + vision.image(1);
  CHECK(outcome_of(vision.post("/images/metadata", R"({"a":"b"})")) == "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.post(path, "{}")) == "400 BadRequestRequiredParamIsNull");
  CHECK(outcome_of(vision.post(path, R"({"":"b"})")) == "400 BadRequestImageMetadataKey");
  CHECK(outcome_of(vision.post(path, R"({"a":1})")) == "400 BadRequest");
  CHECK(vision.get_in("v3.2", "/images/count").status == 404);
}

TEST_CASE("$filter: lists and counts by metadata, with pages cut from what fits") {
  Vision vision;
  std::vector<std::string> even;
  for (int i = 0; i < 6; ++i) {
    const std::string id = vision.image(i), parity = i % 2 ? "odd" : "even";
    vision.post("/images/metadata?imageIds=" + id, Json{{"parity", parity}, {"n", std::to_string(i)}}.dump());
    if (i % 2 == 0) even.insert(even.begin(), id);
  }
  const std::string bare = vision.image(9);
  const auto filtered = [&](const std::string& filter, const std::string& more = "") {
    return all_of(vision.get("/images?$filter=" + cvemu::percent_encode(filter) + more).json());
  };
  CHECK(filtered("metadata=parity eq 'even'") == even);
  CHECK(filtered("metadata=parity eq 'even'", "&skip=1&take=1") == std::vector{even[1]});
  CHECK(filtered("metadata=parity eq 'even' and n ne '2'") == std::vector{even[0], even[2]});
  CHECK(filtered("metadata=n eq '0' or n eq '4'") == std::vector{even[0], even[2]});
  CHECK(filtered("metadata=parity ne 'even' and parity ne 'odd'") == std::vector{bare});
  CHECK(vision.get("/images/count?$filter=" + cvemu::percent_encode("metadata=parity eq 'odd'")).body == "3");
  CHECK(outcome_of(vision.get("/images?$filter=parity")) == "400 BadRequestInvalid");
}

TEST_CASE("Metadata of a batch is on each of its images; too long or too many is refused; 3.2 ignores it") {
  const Vision vision;
  Json batch = {{"images", {Vision::file(1), Vision::file(2)}}, {"metadata", {{"b", "1"}, {"a", "2"}}}};
  const Json summary = vision.post("/images/files", batch.dump()).json();
  CHECK(summary["images"].size() == 2);
  for (const Json& image : summary["images"])
    CHECK(image["image"]["metadata"].dump() == R"({"b":"1","a":"2"})");
  batch["images"] = {Vision::file(3)};
  batch["metadata"] = pairs(51);
  CHECK(vision.post("/images/files", batch.dump()).json()["images"][0]["status"] == "ErrorLimitExceed");
  batch["metadata"] = pairs(1, 257);
  CHECK(outcome_of(vision.post("/images/files", batch.dump())) == "400 BadRequestImageMetadataKey");
  const Training older(vision.emulator, "v3.2");
  const Json old = older.post("/projects/" + vision.project + "/images/files", batch.dump()).json();
  CHECK(old["images"][0]["status"] == "OK");
  CHECK_FALSE(vision.image_of(old["images"][0]["image"]["id"]).contains("metadata"));
}
