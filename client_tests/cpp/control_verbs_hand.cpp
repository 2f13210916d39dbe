// Verbs that do by hand what else comes by itself: notifications, answers of predictions.
#include <cvemu/resources.h>

#include "base/hashes.h"
#include "base/text.h"
#include "control_verbs.h"
#include "vision.h"

namespace testing {

namespace {

constexpr const char* kRules = R"({"rules": [{"predictions": [{"tagName": "tag1", "probability": 0.75}]}]})";
constexpr const char* kOneRule = R"([{"tagName":"tag1","probability":0.75}])";

std::vector<Verb> notification_verbs() {
  return {
      {"TriggerNotification",
       [](Story& story) {
         const std::string id = story.train();
         const std::string lie = R"({"type": "Training", "project": "demo", "status": "TrainingFailed"})";
         CHECK(call_control(story.emulator, "POST", "/notifications/trigger", lie).status == 200);
         CHECK(story.news() == News{"TrainingFailed"});
         CHECK(story.status(id) == "Training");
         Json truth = Json::parse(lie);
         truth["withState"] = true;
         CHECK(call_control(story.emulator, "POST", "/notifications/trigger", truth.dump()).status == 200);
         CHECK(story.news() == News{"TrainingFailed"});
         CHECK(story.status(id) == "Failed");
         CHECK(call_control(story.emulator, "POST", "/notifications/trigger", truth.dump()).json()["code"] ==
               "NothingPending");
       },
       [](Story& story) {
         const std::string id = story.trained();
         story.messages();
         story.control.trigger({.type = cvemu::NotificationType::Export,
                                .project = story.project,
                                .model_uri = "http://x/model"});
         const Json content = story.notifications().at(0);
         CHECK(content["exportStatus"] == "ExportCompleted");
         CHECK(content["iterationId"] == id);
         CHECK(content["modelUri"] == "http://x/model");
         story.control.trigger({.type = cvemu::NotificationType::ConnectionTest, .project = "demo"});
         CHECK(Json::parse(story.messages().at(0))["type"] == "ConnectionTest");
         CHECK_THROWS_WITH_AS(story.control.call("POST", "/_emulator/notifications/trigger",
                                                 R"({"type": "Trainig", "project": "demo"})"),
                              doctest::Contains("Trainig"), cvemu::ControlError);
       }},
      {"RedeliverNotification",
       [](Story& story) {
         const std::string id = story.trained();
         const auto first = story.messages();
         REQUIRE(first.size() == 1);
         CHECK(call_control(story.emulator, "POST", "/notifications/" + id + "/redeliver").status == 200);
         CHECK(story.messages() == first);
         CHECK(call_control(story.emulator, "POST", "/notifications/nothing/redeliver").status == 404);
       },
       [](Story& story) {
         story.trained();
         const std::string message = story.control.queue("notifications").messages().at(0).id;
         story.control.redeliver(message);
         CHECK(story.news() == News{"TrainingCompleted", "TrainingCompleted"});
       }},
  };
}

std::vector<Verb> prediction_verbs() {
  const auto rules = [](Story& story) {
    return call_control(story.emulator, "GET", "/predictions/rules").json()["rules"];
  };
  return {
      {"ListPredictionRules",
       [rules](Story& story) {
         CHECK(rules(story).empty());
         call_control(story.emulator, "PUT", "/predictions/rules", kRules);
         CHECK(rules(story).at(0)["predictions"] == Json::parse(kOneRule));
       },
       [](Story& story) {
         const std::string image(64, 'a');
         story.control.set_prediction_rules(
             {{.project = "demo", .image = image, .predictions = kOneRule}, {.predictions = "[]"}});
         const auto all = story.control.prediction_rules();
         REQUIRE(all.size() == 2);
         CHECK(all[0].project == story.project);
         CHECK(all[0].image == image);
         CHECK(all[0].predictions == kOneRule);
         CHECK(all[1].project.empty());
       }},
      {"SetPredictionRules",
       [](Story& story) {
         CHECK(call_control(story.emulator, "PUT", "/predictions/rules", kRules).status == 200);
         const Answer unknown = call_control(story.emulator, "PUT", "/predictions/rules",
                                             R"({"rules": [{"project": "dmeo", "predictions": []}]})");
         CHECK(unknown.status == 400);
         CHECK(unknown.json()["path"] == "/rules/0/project");
         CHECK(call_control(story.emulator, "PUT", "/predictions/rules", R"({"rules": [{"image": "x"}]})")
                   .status == 400);
         CHECK(story.control.prediction_rules().size() == 1);
       },
       [](Story& story) {
         const std::string id = story.trained(), image = png(32, 32, 1);
         const std::string path = "/projects/" + story.project + "/iterations/" + id;
         story.training.post(path +
                             "/publish?publishName=x&predictionId=" + cvemu::percent_encode(kResource));
         story.control.set_prediction_rules({{.project = "demo",
                                              .image = cvemu::hex_encode(cvemu::sha256(image)),
                                              .predictions = kOneRule}});
         const std::string url = story.emulator.prediction_endpoint() + "/customvision/v3.0/Prediction/" +
                                 story.project + "/classify/iterations/x/image";
         const Answer answer = send("POST", url, image,
                                    {{"Prediction-Key", "k"}, {"Content-Type", "application/octet-stream"}});
         CHECK_MESSAGE(answer.status == 200, answer.body);
         REQUIRE(answer.json()["predictions"].size() == 1);
         CHECK(answer.json()["predictions"][0]["probability"] == 0.75);
       }},
      {"ClearPredictionRules",
       [rules](Story& story) {
         call_control(story.emulator, "PUT", "/predictions/rules", kRules);
         CHECK(call_control(story.emulator, "DELETE", "/predictions/rules").status == 200);
         CHECK(rules(story).empty());
       },
       [](Story& story) {
         story.control.set_prediction_rules({{.predictions = "[]"}});
         story.control.clear_prediction_rules();
         CHECK(story.control.prediction_rules().empty());
       }},
      {"CheckScenario",
       [](Story& story) {
         CHECK(call_control(story.emulator, "POST", "/scenarios/check", R"({"queues": ["more"]})").status ==
               204);
         const Answer wrong = call_control(story.emulator, "POST", "/scenarios/check", "{\n\"queus\": []}");
         CHECK(wrong.status == 400);
         CHECK(wrong.json()["line"] == "2");
       },
       [](Story& story) {
         story.control.call("POST", "/_emulator/scenarios/check", R"({"queues": ["more"]})");
         CHECK_THROWS_AS(story.control.queue("more").messages(), cvemu::ControlError);
       }},
  };
}

}  // namespace

std::vector<Verb> hand_verbs() {
  std::vector<Verb> all = notification_verbs();
  for (Verb& verb : prediction_verbs()) all.push_back(std::move(verb));
  return all;
}

}  // namespace testing
