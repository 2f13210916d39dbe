// Every refusal of Custom Vision that needs no story: one row each. And the forms of odd clients, which work.
#include "vision.h"

using namespace testing;

namespace {

struct Row {
  const char *method, *path, *body, *outcome;
};

// {p} is a project, {i} a trained iteration of it, {t} a tag, {m} an image, {0} an id that nothing has.
constexpr Row kRows[] = {
    {"GET", "/projects/{0}", "", "404 NotFoundProject"},
    {"PATCH", "/projects/{0}", "{}", "404 NotFoundProject"},
    {"DELETE", "/projects/{0}", "", "404 NotFoundProject"},
    {"GET", "/projects/{0}/tags", "", "404 NotFoundProject"},
    {"GET", "/projects/{0}/images/count", "", "404 NotFoundProject"},
    {"POST", "/projects/{0}/images/urls", "{}", "404 NotFoundProject"},
    {"POST", "/projects/{0}/train", "", "404 NotFoundProject"},
    {"GET", "/projects/{0}/export", "", "404 NotFoundProject"},
    {"GET", "/projects/rubbish", "", "400 BadRequestInvalidIds"},
    {"GET", "/projects/{p}/tags/rubbish", "", "400 BadRequestInvalidIds"},
    {"GET", "/projects/{p}/tags?iterationId=rubbish", "", "400 BadRequestInvalidIds"},
    {"GET", "/projects/{p}/images?tagIds={t},rubbish", "", "400 BadRequestInvalidIds"},
    {"GET", "/domains/{0}", "", "404 NotFoundDomain"},
    {"GET", "/domains/rubbish", "", "400 BadRequestInvalidIds"},
    {"POST", "/projects", "", "400 BadRequestProjectName"},
    {"POST", "/projects?name=", "", "400 BadRequestProjectName"},
    {"POST", "/projects?name=x&domainId={0}", "", "400 BadRequestProjectUnknownDomain"},
    {"POST", "/projects?name=x&domainId=rubbish", "", "400 BadRequestProjectUnknownDomain"},
    {"POST", "/projects?name=x&classificationType=odd", "", "400 BadRequestProjectUnknownClassification"},
    {"POST", "/projects?name=x&targetExportPlatforms=ONNX,odd", "",
     "400 BadRequestProjectUnsupportedExportPlatform"},
    {"PATCH", "/projects/{p}", R"({"name":""})", "400 BadRequestProjectName"},
    {"PATCH", "/projects/{p}", R"({"name":[]})", "400 BadRequest"},
    {"PATCH", "/projects/{p}", "not JSON", "400 BadRequest"},
    {"PATCH", "/projects/{p}", R"({"settings":{"domainId":"da2e3a8a-40a5-4171-82f4-58522f70fbc1"}})",
     "400 BadRequestProjectUnsupportedDomainTypeChange"},
    {"PATCH", "/projects/{p}", R"({"settings":{"classificationType":"odd"}})",
     "400 BadRequestProjectUnknownClassification"},
    {"GET", "/projects/{p}/tags/{0}", "", "404 NotFoundTag"},
    {"DELETE", "/projects/{p}/tags/{0}", "", "404 NotFoundTag"},
    {"GET", "/projects/{p}/tags/{t}?iterationId={0}", "", "404 NotFoundIteration"},
    {"GET", "/projects/{p}/images?iterationId={0}", "", "404 NotFoundIteration"},
    {"GET", "/projects/{p}/images/count?iterationId={0}", "", "404 NotFoundIteration"},
    {"GET", "/projects/{p}/images?taggingStatus=odd", "", "400 BadRequestInvalid"},
    {"GET", "/projects/{p}/images?take=many", "", "400 BadRequestInvalid"},
    {"GET", "/projects/{p}/images?take=99999999999999999999", "", "400 BadRequestInvalid"},
    {"DELETE", "/projects/{p}/images?allImages=perhaps", "", "400 BadRequestInvalid"},
    {"POST", "/projects/{p}/images/files", "{}", "400 BadRequestImageBatch"},
    {"POST", "/projects/{p}/images/urls", "", "400 BadRequestImageBatch"},
    {"POST", "/projects/{p}/images/predictions", "{}", "400 BadRequestImageBatch"},
    {"POST", "/projects/{p}/images/tags", R"({"tags":[{"imageId":"{m}"}]})",
     "400 BadRequestRequiredParamIsNull"},
    {"POST", "/projects/{p}/images/tags", R"({"tags":[7]})", "400 BadRequest"},
    {"GET", "/projects/{p}/iterations/{0}", "", "404 NotFoundIteration"},
    {"DELETE", "/projects/{p}/iterations/{0}", "", "404 NotFoundIteration"},
    {"DELETE", "/projects/{p}/iterations/{0}/publish", "", "404 NotFoundIteration"},
    {"DELETE", "/projects/{p}/iterations/{i}/publish", "", "400 BadRequestIterationNotPublished"},
    {"GET", "/projects/{p}/iterations/{0}/export", "", "404 NotFoundIteration"},
    {"POST", "/projects/{p}/iterations/{i}/export?platform=ONNX", "", "400 BadRequestExportValidationFailed"},
    {"POST", "/projects/{p}/train", "", "400 BadRequestTrainingNotNeeded"},
    {"POST", "/projects/{p}/train?forceTrain=perhaps", "", "400 BadRequestInvalid"},
    {"POST", "/projects/{p}/train?reservedBudgetInHours=-1", "", "400 BadRequestInvalid"},
    {"POST", "/projects/{p}/train", "[1]", "400 BadRequest"},
};

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& values) {
  for (const auto& [name, value] : values)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), value);
  return text;
}

Answer call(const Vision& vision, const std::string& method, const std::string& path,
            const std::string& body) {
  return send(method, vision.emulator.training_endpoint() + "/customvision/v3.3/training" + path, body,
              {{"Training-Key", "k"}, {"Content-Type", "application/json"}});
}

}  // namespace

TEST_CASE("Errors: status and code of each, in the flat shape, and nothing is changed by them") {
  Vision vision;
  vision.fill();
  const std::vector<std::pair<std::string, std::string>> values = {{"{p}", vision.project},
                                                                   {"{i}", vision.train()},
                                                                   {"{t}", vision.tags[0]},
                                                                   {"{m}", vision.images[0]},
                                                                   {"{0}", kNobody}};
  const std::string before = vision.get("/tags").body + vision.get("/iterations").body;
  const std::vector<std::string> flat = {"code", "message"};
  for (const Row& row : kRows) {
    const Answer answer = call(vision, row.method, filled(row.path, values), filled(row.body, values));
    const std::string what = std::string(row.method) + ' ' + row.path + ' ' + row.body;
    CHECK_MESSAGE(outcome_of(answer) == row.outcome, what);
    CHECK_MESSAGE(keys_of(answer.json()) == flat, what);
    CHECK(answer.header("content-type") == "application/json; charset=utf-8");
  }
  CHECK(vision.get("/tags").body + vision.get("/iterations").body == before);
  CHECK(vision.training.get("/projects").json().size() == 1);
  CHECK(vision.get("").json()["name"] == "demo");
}

TEST_CASE("A body that says it is no JSON: 415 where JSON is read, and nothing is changed") {
  const Vision vision;
  const std::string path =
      vision.emulator.training_endpoint() + "/customvision/v3.3/training/projects/" + vision.project;
  const auto patched = [&](const std::string& type, const std::string& body) {
    return outcome_of(send("PATCH", path, body, {{"Training-Key", "k"}, {"Content-Type", type}}));
  };
  const std::string body = R"({"name":"other"})";
  for (const std::string type :
       {"text/plain", "application/xml", "text/xml; charset=utf-8", "application/octet-stream",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"}) {
    CHECK(patched(type, body) == "415 UnsupportedMediaType");
    CHECK(patched(type, "").starts_with("200 "));  // clients name a type also where there is no body
  }
  CHECK(vision.get("").json()["name"] == "demo");
  for (const std::string type :
       {"application/json; charset=utf-8", "Application/JSON", "text/json", "application/hal+json"})
    CHECK(patched(type, body).starts_with("200 "));
  CHECK(outcome_of(vision.patch("", std::string(2 << 20, ' '))) == "400 BadRequest");
}

TEST_CASE("Every answer carries the service's headers; both request ids are the same") {
  const Vision vision;
  for (const Answer& answer :
       {vision.get(""), vision.get("/tags/x"), vision.remove("/images?allImages=true")}) {
    CHECK(answer.header("apim-request-id").size() == 36);
    CHECK(answer.header("apim-request-id") == answer.header("request-id"));
    CHECK(answer.header("x-content-type-options") == "nosniff");
    CHECK(answer.header("strict-transport-security") == "max-age=31536000; includeSubDomains; preload");
  }
}

TEST_CASE("Odd clients: what they send is understood") {
  const Vision vision;
  const std::string base = vision.emulator.training_endpoint();
  const auto get = [&](const std::string& path) {
    return send("GET", base + path, "", {{"training-key", "k"}});
  };
  const std::string project = "/projects/" + vision.project;
  CHECK(get("//customvision/v3.3/training" + project).status == 200);
  CHECK(get("/customvision//v3.3/Training/" + project).status == 200);
  CHECK(get("/CustomVision/V3.3/TRAINING" + project + "/").status == 200);
  CHECK(get("/customvision/v3.4-Preview/training" + project + "?projectType=&odd=1").status == 200);
  CHECK(send("GET", base + "/customvision/v3.3/training" + project, "", {{"Ocp-Apim-Subscription-Key", "k"}})
            .status == 200);

  CHECK(vision.training.post("/projects?name=a%20b%23&description=c+d").json()["description"] == "c d");
  const Json odd =
      vision.training
          .post(
              "/projects?NAME=x&classificationtype=MULTICLASS&targetExportPlatforms=onnx%2CCOREML"
              "&targetExportPlatforms=&domainId=")
          .json();
  CHECK(odd["settings"]["classificationType"] == "Multiclass");
  CHECK(odd["settings"]["targetExportPlatforms"] == Json{"ONNX", "CoreML"});
  CHECK(vision.patch("", R"({"Name":"n","unknown":{"a":[1]},"Settings":{"unknown":null}})").json()["name"] ==
        "n");
  CHECK(vision.patch("", "").json()["name"] == "n");
}
