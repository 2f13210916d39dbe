// The description of the control routes against the routes themselves.
#include <doctest/doctest.h>

#include <set>

#include "testing.h"

using testing::Json;

namespace {

// Every control route as "POST /_emulator/clock/advance", from the program's own list.
std::set<std::string> routes() {
  std::set<std::string> all;
  const Json list = Json::parse(cvemu::operations_json());
  for (const Json& service : list["services"])
    if (service["name"] == "control")
      for (const Json& row : service["operations"]) {
        std::string path = row["path"];
        if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
        all.insert(row["method"].get<std::string>() + ' ' + path);
      }
  return all;
}

struct Described {
  std::string method, path;
  Json operation;
};

std::vector<Described> descriptions(const cvemu::Emulator& emulator) {
  const Json document = testing::send("GET", emulator.training_endpoint() + "/_emulator/openapi.json").json();
  std::vector<Described> all;
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      std::string verb = method;
      for (char& c : verb) c = static_cast<char>(std::toupper(c));
      all.push_back({verb, path, operation});
    }
  return all;
}

std::string lines(const std::set<std::string>& all) {
  std::string out;
  for (const std::string& line : all) out += line + '\n';
  return out;
}

// "/a/{name}/b" with something in the place of each name.
std::string path_with_ids(std::string path) {
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
    path.replace(open, path.find('}') - open + 1, "something");
  return path;
}

const Json* media(const Described& described) {
  if (!described.operation.contains("requestBody")) return nullptr;
  return &described.operation["requestBody"]["content"]["application/json"];
}

}  // namespace

TEST_CASE("each control route is described, and each description has a route") {
  const cvemu::Emulator emulator;
  std::set<std::string> described;
  for (const Described& entry : descriptions(emulator)) {
    CAPTURE(entry.path);
    described.insert(entry.method + ' ' + entry.path);
    CHECK_FALSE(entry.operation["summary"].get<std::string>().empty());
  }
  CHECK(lines(described) == lines(routes()));
}

TEST_CASE("the bodies in the description are accepted") {
  const cvemu::Emulator describer;
  for (const Described& entry : descriptions(describer)) {
    const Json* body = media(entry);
    if (!body) continue;
    CAPTURE(entry.method + ' ' + entry.path);
    REQUIRE(body->contains("example"));
    const cvemu::Emulator emulator;
    const auto answer = testing::send(entry.method, emulator.training_endpoint() + path_with_ids(entry.path),
                                      (*body)["example"].dump(), {{"Content-Type", "application/json"}});
    CAPTURE(answer.body);
    // A well-formed body may name a project, and there is none here.
    if (answer.status == 400) CHECK(answer.json()["code"] == "UnknownProject");
    CHECK_FALSE(answer.status >= 500);
  }
}

TEST_CASE("the fields in the description are the fields that the routes allow") {
  const cvemu::Emulator emulator;
  int compared = 0;
  for (const Described& entry : descriptions(emulator)) {
    const Json* body = media(entry);
    if (!body) continue;
    CAPTURE(entry.method + ' ' + entry.path);
    const auto answer = testing::send(entry.method, emulator.training_endpoint() + path_with_ids(entry.path),
                                      R"({"no such field": 1})", {{"Content-Type", "application/json"}});
    if (answer.status == 404) continue;  // what the path names is looked for first
    REQUIRE(answer.status == 400);
    std::string fields;
    for (const auto& field : (*body)["schema"]["properties"].items())
      fields += (fields.empty() ? "" : ", ") + field.key();
    CHECK(answer.json()["allowed"] == fields);
    ++compared;
  }
  CHECK(compared > 0);
}

TEST_CASE("what the query of a route does not have is refused with what it has, before anything happens") {
  const cvemu::Emulator emulator;
  for (const Described& entry : descriptions(emulator)) {
    CAPTURE(entry.method + ' ' + entry.path);
    std::string accepted, nearest;
    if (entry.operation.contains("parameters"))
      for (const Json& parameter : entry.operation["parameters"])
        if (parameter["in"] == "query") {
          nearest = parameter["name"];
          accepted += (accepted.empty() ? "" : ", ") + nearest;
        }
    const std::string url = emulator.training_endpoint() + path_with_ids(entry.path);
    const auto far = testing::send(entry.method, url + "?banana=1", "");
    REQUIRE(far.status == 400);
    CHECK(far.json()["code"] == "UnknownField");
    CHECK(far.json()["path"] == "banana");
    CHECK(far.json().value("allowed", "") == accepted);
    CHECK_FALSE(far.json().contains("didYouMean"));
    if (nearest.size() < 4) continue;
    const auto near = testing::send(entry.method, url + '?' + nearest + "s=1", "");
    CHECK(near.json()["didYouMean"] == nearest);
  }
}
