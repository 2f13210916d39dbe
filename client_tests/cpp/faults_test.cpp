// Every action on the wire, through the routes; counting; refusals.
#include <algorithm>
#include <memory>
#include <thread>

#include "story.h"

using namespace testing;

namespace {

// An emulator and its control routes over HTTP.
struct Endpoint {
  cvemu::Emulator emulator;
  Storage storage{emulator};
  Training training{emulator};

  Answer control(const std::string& method, const std::string& path, const std::string& body = "") const {
    return call_control(emulator, method, '/' + path, body);
  }
  std::string inject(const std::string& rule) const {
    const Answer answer = control("POST", "faults", rule);
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return answer.json()["id"];
  }
  Json counts(const std::string& id) const { return control("GET", "faults/" + id).json(); }
  Answer domains(std::vector<std::pair<std::string, std::string>> headers = {}) const {
    headers.emplace_back("Training-Key", "k");
    return send("GET", emulator.training_endpoint() + "/customvision/v3.3/training/domains", "", headers);
  }
};

}  // namespace

TEST_CASE("faults: a status comes in the shape of each service") {
  const Endpoint endpoint;
  endpoint.inject(R"({"id":"a","match":{"operation":"GetDomains"},"action":{"type":"status","status":500}})");
  endpoint.inject(
      R"({"match":{"service":"queue"},"action":{"type":"status","status":403,"error":{"code":"AuthenticationFailed","message":"no"}}})");
  CHECK(endpoint.domains().status == 500);
  CHECK(endpoint.domains().json().contains("code"));
  const Answer queue = endpoint.storage.signed_request("PUT", endpoint.emulator.queue_endpoint() + "/q");
  CHECK(queue.status == 403);
  CHECK(queue.header("x-ms-error-code") == "AuthenticationFailed");
  CHECK(queue.body.find("<Message>no") != std::string::npos);
  CHECK(endpoint.counts("a")["applied"] == 2);
  CHECK(endpoint.control("DELETE", "faults/a").json()["applied"] == 2);
  CHECK(endpoint.domains().status == 200);
}

TEST_CASE("faults: storage is throttled with 503 ServerBusy") {
  const Endpoint endpoint;
  endpoint.inject(R"({"match":{"service":"blob"},"action":{"type":"throttle","retryAfter":3}})");
  const Answer answer =
      endpoint.storage.signed_request("PUT", endpoint.emulator.blob_endpoint() + "/c?restype=container");
  CHECK(answer.status == 503);
  CHECK(answer.header("x-ms-error-code") == "ServerBusy");
  CHECK(answer.header("retry-after") == "3");
}

TEST_CASE("faults: a delivery is denied with the status that the rule names") {
  Story story;
  const auto refusal = [&](const std::string& action) {
    call_control(story.emulator, "PUT", "/faults/mine",
                 R"({"action":{"type":"storageDenied","at":"delivery")" + action + "}}");
    story.trained();
    return story.control.jobs().back().last_error;
  };
  CHECK(refusal("").find("403") != std::string::npos);
  CHECK(refusal(R"(,"status":500)").find("500") != std::string::npos);
}

TEST_CASE("faults: what breaks on the wire") {
  const Endpoint endpoint;
  const std::string whole = endpoint.domains().body;
  const auto hit = [&](const std::string& action) {
    const std::string id = endpoint.inject(R"({"match":{"operation":"GetDomains"},"action":)" + action + "}");
    std::string body = "broken";
    try {
      body = endpoint.domains().body;
    } catch (const std::runtime_error&) {
    }
    CHECK(endpoint.counts(id)["applied"] == 1);
    endpoint.control("DELETE", "faults/" + id);
    return body;
  };
  CHECK(hit(R"({"type":"resetConnection"})") == "broken");
  CHECK(hit(R"({"type":"resetConnection","afterBytes":10})") != whole);
  CHECK(hit(R"({"type":"emptyReply"})") == "broken");
  CHECK(hit(R"({"type":"truncateBody","afterBytes":100})") == "broken");
  const std::string corrupt = hit(R"({"type":"corruptBody","afterBytes":5})");
  CHECK(corrupt.size() == whole.size());
  CHECK(corrupt.substr(0, 5) == whole.substr(0, 5));
  CHECK(corrupt[5] != whole[5]);
  CHECK(corrupt.substr(6) == whole.substr(6));
  CHECK(hit(R"({"type":"slowBody","chunk":1000,"pause":"1ms"})") == whole);
  CHECK(hit(R"({"type":"stall","afterBytes":10,"for":"1ms"})") == whole);
  CHECK(hit(R"({"type":"delay","for":"1ms"})") == whole);
  CHECK(endpoint.domains().body == whole);
}

TEST_CASE("faults: a long delay or stall does not keep the emulator from ending") {
  for (const char* action :
       {R"({"type":"delay","for":"10m"})", R"({"type":"stall","afterBytes":1,"for":"10m"})"}) {
    auto endpoint = std::make_unique<Endpoint>();
    endpoint->inject(R"({"match":{"operation":"GetDomains"},"action":)" + std::string(action) + "}");
    std::thread client([url = endpoint->emulator.training_endpoint()] {
      try {
        send("GET", url + "/customvision/v3.3/training/domains", "", {{"Training-Key", "k"}});
      } catch (const std::runtime_error&) {
      }
    });
    // The request is in the engine's hands once it is counted.
    while (endpoint->control("GET", "faults").json()["faults"][0]["applied"] == 0) std::this_thread::yield();
    endpoint.reset();
    client.join();
  }
}

TEST_CASE("faults: lists in another order") {
  const Endpoint endpoint;
  const Json usual = endpoint.domains().json();
  const std::string id = endpoint.inject(
      R"({"match":{"operation":"GetDomains"},"action":{"type":"listOrder","order":"reverse"}})");
  Json reversed = endpoint.domains().json();
  std::reverse(reversed.begin(), reversed.end());
  CHECK(reversed == usual);
  endpoint.control(
      "PUT", "faults/" + id,
      R"({"match":{"operation":"GetDomains"},"action":{"type":"listOrder","order":"shuffled"}})");
  const Json shuffled = endpoint.domains().json();
  CHECK(shuffled != usual);
  CHECK(shuffled.size() == usual.size());
  CHECK(endpoint.domains().json() == shuffled);
}

TEST_CASE("faults: when, by requests") {
  const Endpoint endpoint;
  const auto pattern = [&](const std::string& when) {
    const std::string id = endpoint.inject(R"({"id":"x","match":{"operation":"GetDomains"},"when":)" + when +
                                           R"(,"action":{"type":"status","status":400}})");
    std::string seen;
    for (int i = 0; i < 6; ++i) seen += endpoint.domains().status == 400 ? 'x' : '.';
    endpoint.control("DELETE", "faults/" + id);
    return seen;
  };
  CHECK(pattern("{}") == "xxxxxx");
  CHECK(pattern(R"({"requests":{"first":2}})") == "xx....");
  CHECK(pattern(R"({"requests":{"nth":[2,5]}})") == ".x..x.");
  CHECK(pattern(R"({"requests":{"every":3}})") == "..x..x");
  CHECK(pattern(R"({"requests":{"after":4}})") == "....xx");
  CHECK(pattern(R"({"probability":0})") == "......");
  CHECK(pattern(R"({"probability":1})") == "xxxxxx");
  const std::string once = pattern(R"({"probability":0.5})");
  CHECK(once == pattern(R"({"probability":0.5})"));  // the same in every run
}

TEST_CASE("faults: a call is hit with all its retries, and the next call is not") {
  const Endpoint endpoint;
  const std::string id = endpoint.inject(
      R"({"match":{"operation":"GetDomains"},"when":{"calls":{"first":1,"tries":3}},"action":{"type":"status","status":503}})");
  for (int tries = 0; tries < 3; ++tries) CHECK(endpoint.domains().status == 503);
  CHECK(endpoint.domains().status == 200);
  const Json counts = endpoint.counts(id);
  CHECK(counts["matched"] == 4);
  CHECK(counts["applied"] == 3);
  CHECK(counts["remaining"] == 0);
}

TEST_CASE("faults: matchers") {
  const Endpoint endpoint;
  const auto hits = [&](const std::string& match) {
    endpoint.control("PUT", "faults/m",
                     R"({"match":)" + match + R"(,"action":{"type":"status","status":418}})");
    const std::string url =
        endpoint.emulator.training_endpoint() + "/customvision/v3.3/training/projects?name=Hemlock";
    return send("POST", url, R"({"a":{"b":[1,"two"]}})",
                {{"Training-Key", "k"}, {"User-Agent", "my client/1.0"}})
               .status == 418;
  };
  CHECK(hits(R"({"operation":"createproject"})"));
  CHECK(hits(R"({"service":"training","method":"POST"})"));
  CHECK_FALSE(hits(R"({"service":"prediction"})"));
  CHECK(hits(R"({"path":"*/projects"})"));
  CHECK_FALSE(hits(R"({"path":"*/tags"})"));
  CHECK(hits(R"({"header":{"user-agent":"my*"}})"));
  CHECK_FALSE(hits(R"({"header":{"user-agent":"yours*"}})"));
  CHECK(hits(R"({"body":{"/a/b/1":"two"}})"));
  CHECK_FALSE(hits(R"({"body":{"/a/b/0":2}})"));
  CHECK_FALSE(hits(R"({"body":{"/a/b/99999999999999999999":2}})"));
}

TEST_CASE("faults: a project is meant by its name or its id") {
  const Endpoint endpoint;
  const std::string id = endpoint.training.post("/projects?name=Hemlock").json()["id"];
  const std::string other = endpoint.training.post("/projects?name=Other").json()["id"];
  for (const std::string& name : {id, std::string("hemlock")}) {
    endpoint.control("PUT", "faults/p",
                     R"({"match":{"project":")" + name + R"("},"action":{"type":"status","status":404}})");
    CHECK(endpoint.training.get("/projects/" + id).status == 404);
    CHECK(endpoint.training.get("/projects/" + other).status == 200);
  }
}

TEST_CASE("faults: a request asks for its own") {
  const Endpoint endpoint;
  CHECK(endpoint.domains({{"x-emulator-fault", "status=503;code=Mine;retryAfter=7"}}).json()["code"] ==
        "Mine");
  CHECK(endpoint.domains({{"x-emulator-fault", "throttle"}}).status == 429);
  CHECK(endpoint.domains({{"x-emulator-fault", "status=503"}}).json()["code"] == "ServiceUnavailable");
  CHECK(endpoint.domains({{"x-emulator-fault", "nonsense"}}).status == 400);
  CHECK(endpoint.domains({{"x-emulator-fault", "rule=absent"}}).status == 400);
  CHECK(endpoint.domains({{"x-emulator-fault", "status=200"}}).status == 400);
  const Answer idle = endpoint.domains({{"x-emulator-fault", "trainingFailed"}});
  CHECK(idle.json()["message"] == "x-emulator-fault: trainingFailed has no effect on GetDomains.");
  endpoint.inject(R"({"id":"mine","match":{"service":"queue"},"action":{"type":"status","status":409}})");
  CHECK(endpoint.domains({{"x-emulator-fault", "rule=mine"}}).status == 409);
  CHECK(endpoint.counts("mine")["applied"] == 1);
}

TEST_CASE("faults: a training asks for its own failure") {
  Story story;
  const std::string url =
      story.emulator.training_endpoint() + "/customvision/v3.3/training/projects/" + story.project;
  const Answer begun =
      send("POST", url + "/train", "",
           {{"Training-Key", "k"}, {"x-emulator-fault", "trainingFailed;details=Out of memory."}});
  story.control.advance(Story::kTrainingTime);
  CHECK(story.iteration(begun.json()["id"])["trainingErrorDetails"] == "Out of memory.");
  CHECK(story.status(story.trained()) == "Completed");
}

TEST_CASE("faults: what can never match is refused with the nearest valid name") {
  const Endpoint endpoint;
  const auto refused = [&](const std::string& rule) {
    const Answer answer = endpoint.control("POST", "faults", rule);
    CHECK_MESSAGE(answer.status == 400, rule);
    return answer.json();
  };
  Json error = refused(R"({"match":{"operaton":"x"},"action":{"type":"delay"}})");
  CHECK(error["path"] == "/match/operaton");
  CHECK(error["didYouMean"] == "operation");
  CHECK(refused(R"({"match":{"operation":"TrainProjekt"},"action":{"type":"delay"}})")["didYouMean"] ==
        "TrainProject");
  CHECK(refused(R"({"match":{"service":"queues"},"action":{"type":"delay"}})")["didYouMean"] == "queue");
  CHECK(refused(R"({"action":{"type":"resetConection"}})")["didYouMean"] == "resetConnection");
  CHECK(refused(R"({"action":{"type":"status","status":200}})")["path"] == "/action/status");
  CHECK(refused(R"({"action":{"type":"delay","fro":"2s"}})")["didYouMean"] == "for");
  CHECK(refused(R"({"when":{"requests":{"first":0}},"action":{"type":"delay"}})")["path"] ==
        "/when/requests/first");
  CHECK(refused(R"({"match":{"body":{"/a~2":1}},"action":{"type":"delay"}})")["code"] == "InvalidPointer");
  CHECK(refused(R"({"match":{"operation":"GetTags"},"action":{"type":"trainingFailed"}})")["code"] ==
        "NeverMatches");
  CHECK(refused(R"({"match":{"operation":"GetTags"},"action":{"type":"notificationLost"}})")["code"] ==
        "NeverMatches");
  CHECK(endpoint.control("GET", "faults").json()["faults"].empty());
}

TEST_CASE("faults: the catalogue names every action; try says which rule would hit") {
  const Endpoint endpoint;
  const Json catalog = endpoint.control("GET", "faults/catalog").json();
  CHECK(catalog["actions"].size() == 25);
  endpoint.inject(R"({"id":"one","match":{"operation":"GetTags"},"action":{"type":"delay"}})");
  CHECK(endpoint.control("POST", "faults/try", R"({"service":"training","operation":"GetTags"})")
            .json()["fault"] == "one");
  CHECK(endpoint.control("POST", "faults/try", R"({"service":"queue"})").json()["fault"].is_null());
  CHECK(endpoint.counts("one")["matched"] == 0);
  CHECK(endpoint.control("POST", "faults", R"({"id":"one","action":{"type":"delay"}})").status == 409);
  CHECK(endpoint.control("DELETE", "faults").json()["faults"].size() == 1);
  CHECK(endpoint.control("GET", "faults/one").status == 404);
}
