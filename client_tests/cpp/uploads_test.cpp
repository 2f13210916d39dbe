// Creating images from every source, and what becomes of those that cannot be used.
#include "base/text.h"
#include "vision.h"

using namespace testing;

namespace {

// The parts of one multipart body, as given, between boundaries.
Answer send_parts(const Vision& vision, const std::string& content_type,
                  const std::vector<std::string>& parts, const std::string& query = "") {
  std::string body;
  for (const std::string& part : parts) body += "--b\r\n" + part + "\r\n";
  body += "--b--\r\n";
  return send("POST",
              vision.emulator.training_endpoint() + "/customvision/v3.3/training/projects/" + vision.project +
                  "/images" + query,
              body, {{"Training-Key", "k"}, {"Content-Type", content_type}});
}

Json statuses(const Answer& answer) {
  const Json summary = answer.json();
  Json list = Json::array();
  for (const Json& image : summary["images"]) list.push_back(image["status"]);
  return list;
}

Answer send_files(const Vision& vision, const std::vector<Json>& files) {
  return vision.post("/images/files", Json{{"images", files}}.dump());
}

}  // namespace

TEST_CASE("CreateImagesFromFiles: the answer as recorded; tagName is null here and filled in later") {
  const Vision vision;
  const std::string tag = vision.tag("a");
  Json batch = {{"images", {Vision::file(1, 40, 30)}}, {"tagIds", {tag}}};
  const Json summary = vision.post("/images/files", batch.dump()).json();
  CHECK(keys_of(summary) == std::vector<std::string>{"isBatchSuccessful", "images"});
  CHECK(summary["isBatchSuccessful"] == true);
  const Json result = summary["images"][0];
  CHECK(keys_of(result) == std::vector<std::string>{"sourceUrl", "status", "image"});
  CHECK(result["sourceUrl"] == "image1");
  const Json image = result["image"];
  CHECK(keys_of(image) == std::vector<std::string>{"id", "created", "width", "height", "resizedImageUri",
                                                   "thumbnailUri", "originalImageUri", "tags"});
  CHECK(image["width"] == 40);
  CHECK(image["height"] == 30);
  CHECK(image["resizedImageUri"] == image["originalImageUri"]);
  CHECK(image["tags"][0]["tagName"].is_null());
  CHECK(vision.image_of(image["id"])["tags"][0]["tagName"] == "a");
  CHECK(send("GET", image["originalImageUri"]).body == png(40, 30, 1));
  CHECK(send("GET", image["thumbnailUri"]).header("content-type") == "image/jpeg");
}

TEST_CASE(
    "CreateImagesFromData: as .NET sends it: quoted boundary, type before disposition, name without quotes") {
  const Vision vision;
  const std::string tag = vision.tag("a");
  const Answer answer =
      send_parts(vision, "multipart/form-data; boundary=\"b\"",
                 {"Content-Type: application/octet-stream\r\nContent-Disposition: form-data; "
                  "name=imageData; filename=\"E:\\dir\\x.png\"\r\n\r\n" +
                  png(16, 16, 1)},
                 "?tagIds=" + tag);
  CHECK(answer.status == 200);
  CHECK(answer.json()["images"][0]["sourceUrl"] == "\"E:\\dir\\x.png\"");  // as sent, quotes included
  CHECK(vision.tag_of(tag)["imageCount"] == 1);
}

TEST_CASE("CreateImagesFromData: as JavaScript and Python send it, several parts, and a raw body") {
  const Vision vision;
  const std::string head =
      "Content-Disposition: form-data; name=\"imageData\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\n";
  const Answer two =
      send_parts(vision, "multipart/form-data; boundary=b", {head + png(16, 16, 1), head + png(16, 16, 2)});
  CHECK(statuses(two) == Json{"OK", "OK"});
  CHECK(two.json()["images"][0]["sourceUrl"] == "");
  const std::string url = vision.emulator.training_endpoint() + "//customvision//v3.3/Training/projects/" +
                          vision.project + "/images";
  const Answer raw = send("POST", url, png(16, 16, 3),
                          {{"Training-Key", "k"}, {"Content-Type", "application/octet-stream"}});
  CHECK(statuses(raw) == Json{"OK"});
}

TEST_CASE("CreateImagesFromData: nothing in it, or broken multipart") {
  const Vision vision;
  CHECK(outcome_of(send_parts(vision, "multipart/form-data; boundary=b", {})) == "400 BadRequestImageBatch");
  for (const std::string type :
       {"multipart/form-data; boundary=other", "multipart/form-data", "Multipart/Mixed; boundary="})
    CHECK(outcome_of(send_parts(vision, type, {"\r\nx"})) == "400 BadRequestImageStream");
  const Answer empty = vision.post("/images");
  CHECK(outcome_of(empty) == "400 BadRequestImageBatch");
  CHECK(empty.json()["message"] == "No valid image files");
}

TEST_CASE("A partly failed batch is 207 from 3.3 on and 200 before; image is null, not absent") {
  const Vision vision;
  const std::vector<Json> files = {Vision::file(1),
                                   {{"name", "x"}, {"contents", "bm8gaW1hZ2U="}},
                                   {{"name", "y"}, {"contents", "not base64"}},
                                   {{"name", "z"}}};
  const Answer answer = send_files(vision, files);
  CHECK(answer.status == 207);
  CHECK(statuses(answer) == Json{"OK", "ErrorImageFormat", "ErrorImageFormat", "ErrorImageFormat"});
  CHECK(answer.json()["isBatchSuccessful"] == false);
  CHECK(answer.json()["images"][1].at("image").is_null());
  const Training older(vision.emulator, "v3.2");
  CHECK(older.post("/projects/" + vision.project + "/images/files", Json{{"images", files}}.dump()).status ==
        200);
}

TEST_CASE("The same file again is OKDuplicate and answers the image that is there") {
  Vision vision;
  const std::string id = vision.image(1);
  const Answer again = send_files(vision, {Vision::file(1), Vision::file(2), Vision::file(2)});
  CHECK(statuses(again) == Json{"OKDuplicate", "OK", "OKDuplicate"});
  CHECK(again.json()["images"][0]["image"]["id"] == id);
  CHECK(again.json()["isBatchSuccessful"] == false);
  CHECK(vision.get("/images/count").body == "2");
}

TEST_CASE("Too large in bytes, in pixels or out of shape") {
  const Vision vision;
  std::string heavy = png(16, 16, 1) + std::string(6 * 1024 * 1024, 'x');
  const std::vector<Json> files = {{{"contents", cvemu::base64_encode(heavy)}},
                                   Vision::file(1, 10'241, 500),
                                   Vision::file(1, 260, 10),
                                   Vision::file(1, 250, 10),
                                   Vision::file(1, 10'240, 500)};
  CHECK(statuses(send_files(vision, files)) ==
        Json{"ErrorImageSize", "ErrorImageSize", "ErrorImageSize", "OK", "OK"});
  const Training newer(vision.emulator, "v3.4-preview");
  const Answer answer =
      newer.post("/projects/" + vision.project + "/images/files", Json{{"images", files}}.dump());
  CHECK(statuses(answer) ==
        Json{"ErrorImageSize", "ErrorImageDimensions", "ErrorImageDimensions", "OKDuplicate", "OKDuplicate"});
}

TEST_CASE("Tags of a batch: unknown ones refuse it, unknown ones of an image refuse the image") {
  const Vision vision;
  Json batch = {{"images", {Vision::file(1)}}, {"tagIds", {kNobody}}};
  CHECK(outcome_of(vision.post("/images/files", batch.dump())) == "400 BadRequestImageTags");
  batch = {{"images", {Vision::file(1)}}};
  batch["images"][0]["tagIds"] = {kNobody};
  CHECK(statuses(vision.post("/images/files", batch.dump())) == Json{"ErrorUnknown"});
  const Training newer(vision.emulator, "v3.4-preview");
  CHECK(statuses(newer.post("/projects/" + vision.project + "/images/files", batch.dump())) ==
        Json{"ErrorInvalidTag"});
}

TEST_CASE("Too many images, tags or regions in a batch") {
  const Vision vision;
  const std::string tag = vision.tag("a");
  CHECK(outcome_of(send_files(vision, std::vector<Json>(65, Vision::file(1)))) ==
        "400 BadRequestExceededBatchSize");
  const Json tags = {{"images", {Vision::file(1)}}, {"tagIds", std::vector<std::string>(21, tag)}};
  CHECK(outcome_of(vision.post("/images/files", tags.dump())) == "400 BadRequestExceededBatchSize");
  Json file = Vision::file(1);
  file["regions"] =
      std::vector<Json>(301, {{"tagId", tag}, {"left", 0}, {"top", 0}, {"width", 1}, {"height", 1}});
  CHECK(statuses(send_files(vision, {file})) == Json{"ErrorRegionLimitExceed"});
  file["regions"] = {{{"tagId", tag}, {"left", 0.5}, {"top", 0}, {"width", 1}, {"height", 1}}};
  CHECK(outcome_of(send_files(vision, {file})) == "400 BadRequestImageRegions");
  CHECK(vision.get("/images/count").body == "0");
}

TEST_CASE("CreateImagesFromUrls: from our own endpoints; what cannot be fetched has the status ErrorSource") {
  Vision vision;
  const std::string uri = vision.image_of(vision.image(1))["originalImageUri"];
  vision.remove("/images?imageIds=" + vision.get("/images").json()[0]["id"].get<std::string>());
  const Storage storage(vision.emulator);
  const std::string blob = storage.create_container("pictures") + "/1.png";
  storage.signed_request("PUT", blob, png(16, 16, 7), {{"x-ms-blob-type", "BlockBlob"}});
  const std::string open = storage.create_container("open");
  storage.signed_request("PUT", open + "?restype=container&comp=acl", "",
                         {{"x-ms-blob-public-access", "blob"}});
  storage.signed_request("PUT", open + "/1.png", png(16, 16, 8), {{"x-ms-blob-type", "BlockBlob"}});

  const Json body = {{"images",
                      {{{"url", open + "/1.png"}},
                       {{"url", blob}},
                       {{"url", uri}},
                       {{"url", "http://example.org/1.png"}},
                       {{"url", "rubbish"}},
                       Json::object()}}};
  const Answer answer = vision.post("/images/urls", body.dump());
  CHECK(answer.status == 207);
  CHECK(statuses(answer) ==
        Json{"OK", "ErrorSource", "ErrorSource", "ErrorSource", "ErrorSource", "ErrorSource"});
  CHECK(answer.json()["images"][0]["sourceUrl"] == open + "/1.png");
}

TEST_CASE("CreateImagesFromPredictions: ids that nothing is stored under have the status ErrorSource") {
  const Vision vision;
  const Json body = {{"images", {{{"id", kNobody}}}}};
  const Answer answer = vision.post("/images/predictions", body.dump());
  CHECK(statuses(answer) == Json{"ErrorSource"});
  CHECK(answer.json()["images"][0]["sourceUrl"] == kNobody);
  CHECK(outcome_of(vision.post("/images/predictions", R"({"images":[{"id":"x"}]})")) ==
        "400 BadRequestInvalidIds");
}

TEST_CASE("A body that cannot be read is refused and nothing is stored") {
  const Vision vision;
  for (const char* body :
       {"{", "[]", R"({"images":{}})", R"({"images":[{"contents":7}]})", R"({"images":[7]})"})
    CHECK_MESSAGE(outcome_of(vision.post("/images/files", body)) == "400 BadRequest", std::string(body));
  CHECK(vision.get("/images/count").body == "0");
}
