// Projects handed over by token, and files by path.
#include "base/text.h"
#include "vision.h"

using namespace testing;
using namespace std::chrono_literals;

namespace {

struct Exported : Vision {
  explicit Exported(cvemu::Options options = {}) : Vision("", "v3.4-preview", std::move(options)) {
    fill();
    iteration = train();
    token = get("/export").json()["token"];
  }
  Answer import(const std::string& query = "") const {
    return training.post("/projects/import?token=" + cvemu::percent_encode(token) + query);
  }
  void finish() { emulator.control().run_until_idle(30s); }
  std::string iteration, token;
};

}  // namespace

TEST_CASE(
    "ExportProject: counts as recorded: tags once more for each iteration; 3.2 counts the workspace too") {
  const Exported vision;
  const Json copy = vision.get("/export").json();
  CHECK(keys_of(copy) == std::vector<std::string>{"iterationCount", "imageCount", "tagCount", "regionCount",
                                                  "estimatedImportTimeInMS", "token"});
  CHECK(copy["iterationCount"] == 1);
  CHECK(copy["imageCount"] == 10);
  CHECK(copy["tagCount"] == 4);
  CHECK(copy["regionCount"] == 0);
  CHECK(copy["estimatedImportTimeInMS"] == 5081);
  CHECK(vision.token.find("/prjexp-") != std::string::npos);
  CHECK(send("GET", vision.token).status == 200);
  CHECK(vision.get_in("v3.2", "/export").json()["iterationCount"] == 2);
}

TEST_CASE("ImportProject: Importing until its time has come, then all there under new ids") {
  Exported vision({.export_time = 20s});
  const Json importing = vision.import().json();
  CHECK(importing["name"] == "demo (1)");
  CHECK(importing["status"] == "Importing");
  CHECK(importing["thumbnailUri"].is_null());
  CHECK(importing["id"] != vision.project);

  const std::string source = vision.project;
  const Json old_iteration = vision.get("/iterations").json()[0];
  const Json old_tags = vision.get("/tags").json();
  vision.publish(vision.iteration, "p");
  vision.project = importing["id"];
  CHECK(vision.get("/tags").body == "[]");
  CHECK(outcome_of(vision.post("/tags?name=one")) == "400 BadRequestWorkspaceCannotBeModified");
  CHECK(outcome_of(vision.post("/images/files", Json{{"images", {Vision::file(1)}}}.dump())) ==
        "400 BadRequestWorkspaceCannotBeModified");
  CHECK(outcome_of(vision.post("/train")) == "400 BadRequestWorkspaceCannotBeModified");
  vision.emulator.control().advance(20s);

  const Json done = vision.get("").json();
  CHECK(done["status"] == "Succeeded");
  CHECK(done["created"] == importing["created"]);
  CHECK(done["lastModified"] > importing["lastModified"]);
  CHECK(send("GET", done["thumbnailUri"]).status == 200);
  const Json tags = vision.get("/tags").json();
  CHECK(tags.size() == 2);
  for (const Json& tag : tags) {
    CHECK(tag["imageCount"] == 5);
    for (const Json& old : old_tags) CHECK(tag["id"] != old["id"]);
  }
  const Json iteration = vision.get("/iterations").json()[0];
  CHECK(iteration["id"] != vision.iteration);
  CHECK(iteration["status"] == "Completed");
  CHECK(iteration["trainedAt"] == old_iteration["trainedAt"]);
  CHECK(iteration["publishName"].is_null());
  const std::string query = "?iterationId=" + iteration["id"].get<std::string>();
  CHECK(vision.get("/tags" + query).body == vision.get("/tags").body);
  CHECK(vision.get("/images/count" + query).body == "10");
  for (const Json& image : vision.get("/images").json())
    CHECK(send("GET", image["originalImageUri"]).body.starts_with("\x89PNG"));
  CHECK(vision.training.remove("/projects/" + vision.project).status == 204);
  vision.project = source;
  CHECK(vision.get("/images/count").body == "10");
}

TEST_CASE("ImportProject: a name of one's own from 3.3 on") {
  const Exported vision;
  CHECK(vision.import("&name=mine").json()["name"] == "mine");
  const Training older(vision.emulator, "v3.2");
  const std::string path = "/projects/import?name=mine&token=" + cvemu::percent_encode(vision.token);
  CHECK(older.post(path).json()["name"] == "demo (1)");
}

TEST_CASE("ImportProject: tokens that open nothing") {
  Exported vision;
  const auto refused = [&](const std::string& token) {
    const Answer answer = vision.training.post("/projects/import?token=" + cvemu::percent_encode(token));
    CHECK(outcome_of(answer) == "400 BadRequestInvalidImportToken");
    CHECK(answer.json()["message"] == "Invalid Token");
  };
  refused("rubbish");
  refused("http://example.org/prjexp-1/project-export-info");
  refused(vision.token.substr(0, vision.token.find('?')));         // no signature
  refused(vision.image_of(vision.images[0])["originalImageUri"]);  // no export
  CHECK(outcome_of(vision.training.post("/projects/import")) == "400 BadRequestRequiredParamIsNull");
  vision.emulator.control().advance(25h);
  refused(vision.token);  // expired
  vision.token = vision.get("/export").json()["token"];
  vision.training.remove("/projects/" + vision.project);
  refused(vision.token);  // its project is gone
}

TEST_CASE("ImportProject: a source that goes away meanwhile leaves a failed project") {
  Exported vision({.export_time = 20s});
  const std::string copy = vision.import().json()["id"];
  vision.training.remove("/projects/" + vision.project);
  vision.emulator.control().advance(20s);
  CHECK(vision.training.get("/projects/" + copy).json()["status"] == "Failed");
}

TEST_CASE("GetArtifact: by path, by whole SAS URL, and nothing of other projects") {
  Exported vision;
  const Json image = vision.image_of(vision.images[0]);
  const std::string bytes = png(16, 16, 0), uri = image["originalImageUri"];
  const auto compact = [](std::string id) {
    std::erase(id, '-');
    return id;
  };
  const std::string path = "/i-" + compact(vision.project) + "/i-" + compact(vision.images[0]);
  const auto artifact = [&](const std::string& text) {
    return vision.get("/artifacts?path=" + cvemu::percent_encode(text));
  };
  CHECK(artifact(path).body == bytes);
  CHECK(artifact(path).header("content-type") == "application/octet-stream");
  CHECK(artifact(uri).body == bytes);
  CHECK(artifact(image["thumbnailUri"]).body.starts_with("\xff\xd8"));
  CHECK(outcome_of(artifact(path + "0")) == "400 BadRequestInvalidArtifactUri");
  CHECK(outcome_of(artifact("/")) == "400 BadRequestInvalidArtifactUri");
  CHECK(outcome_of(vision.get("/artifacts")) == "400 BadRequestRequiredParamIsNull");
  vision.project = vision.training.post("/projects?name=other").json()["id"];
  CHECK(outcome_of(artifact(path)) == "400 BadRequestInvalidArtifactUri");
}
