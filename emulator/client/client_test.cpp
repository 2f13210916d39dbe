// The typed client of the control routes, against a channel that writes down what it is asked.
#include <cvemu/control.h>
#include <cvemu/faults.h>
#include <cvemu/journal.h>
#include <cvemu/resources.h>
#include <doctest/doctest.h>

#include "base/json.h"

namespace cvemu::client_client_test {

using namespace std::chrono_literals;

namespace {

struct Channel {
  std::vector<std::string> asked;  // "METHOD path body"
  Control::Answer answer{200, "{}"};

  Control control() {
    return Control([this](std::string_view method, std::string_view path, std::string body) {
      asked.push_back(std::string(method) + ' ' + std::string(path) + (body.empty() ? "" : ' ' + body));
      return answer;
    });
  }
};

Json body_of(const std::string& asked) {
  return parse_json(asked.substr(asked.find('{')));
}

}  // namespace

TEST_CASE("Client: where no name is near, a refusal says what there is") {
  Channel channel;
  channel.answer = {400, R"({"code":"UnknownField","message":"No \"x\".","allowed":"format, limit"})"};
  try {
    channel.control().reset();
    FAIL("no error");
  } catch (const ControlError& error) {
    CHECK(std::string(error.what()) == "No \"x\". There is: format, limit.");
  }
}

TEST_CASE("Client: a refusal becomes a ControlError with code, place and the nearest name") {
  Channel channel;
  channel.answer = {400, R"({"code":"UnknownProject","message":"There is no project \"Hemlok\".",)"
                         R"("path":"/project","didYouMean":"Hemlock"})"};
  try {
    channel.control().reset();
    FAIL("no error");
  } catch (const ControlError& error) {
    CHECK(error.status == 400);
    CHECK(error.code == "UnknownProject");
    CHECK(error.path == "/project");
    CHECK(std::string(error.what()) == "There is no project \"Hemlok\". Did you mean \"Hemlock\"?");
  }
  channel.answer = {502, "<html>"};
  CHECK_THROWS_WITH_AS(channel.control().reset(), doctest::Contains("is none of an emulator's"),
                       ControlError);
}

TEST_CASE("Client: the clock") {
  Channel channel;
  channel.answer.body = R"({"mode":"automatic","now":"2030-01-01T00:00:00.500Z"})";
  const Control control = channel.control();
  CHECK(control.clock() == ClockMode::Automatic);
  CHECK(control.frozen());
  CHECK(control.now() == std::chrono::sys_days{std::chrono::year{2030} / 1 / 1} + 500ms);
  channel.answer.body = R"({"mode":"scaled","now":"2030-01-01T00:00:00Z"})";
  CHECK_FALSE(control.frozen());
}

TEST_CASE("Client: what became due while time moved") {
  Channel channel;
  channel.answer.body =
      R"({"now":"2030-01-01T00:00:10.000Z","fired":[{"at":"2030-01-01T00:00:05.000Z","kind":"deliver",)"
      R"("event":"notification.enqueued","succeeded":true,"project":"p","iteration":"i"}]})";
  const auto fired = channel.control().advance(10s);
  CHECK(fired.at(0).outcome.empty());  // of an emulator that says none
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].event == "notification.enqueued");
  CHECK(fired[0].project == "p");
  CHECK(fired[0].iteration == "i");
  CHECK(body_of(channel.asked.at(0))["by"] == "10.000000s");
  CHECK_THROWS_AS(channel.control().advance(-1s), std::invalid_argument);
}

TEST_CASE("Client: outcomes are set by kind, for one project or all, and cleared again") {
  Channel channel;
  Control control = channel.control();
  control.set_outcomes(OperationKind::Export, {{.fails = true, .details = "No."}}, "My project",
                       AfterLast::Cycle);
  control.clear_outcomes(OperationKind::Training, "My project");
  CHECK(channel.asked.at(0).starts_with("PUT /_emulator/transitions/export "));
  const Json body = body_of(channel.asked.at(0));
  CHECK(body["project"] == "My project");
  CHECK(body["then"] == "cycle");
  CHECK(body["outcomes"][0]["status"] == "Failed");
  CHECK(body["outcomes"][0]["details"] == "No.");
  CHECK(channel.asked.at(1) == "DELETE /_emulator/transitions/training?project=My%20project");
}

TEST_CASE("Client: a notification by hand says only what is set") {
  Channel channel;
  channel.answer.body = R"({"now":"2030-01-01T00:00:00.000Z","fired":[]})";
  channel.control().trigger({.type = NotificationType::Export, .project = "Hemlock"});
  CHECK(body_of(channel.asked.at(0)) ==
        Json{{"type", "Export"}, {"project", "Hemlock"}, {"withState", false}});
}

TEST_CASE("Client: a project is asked for by its name, and its parts are read as types") {
  Channel channel;
  channel.answer.body =
      R"({"projects":[{"id":"1","name":"Hemlock","settings":{"domainId":"d","classificationType":"Multilabel"},)"
      R"("iterations":[{"id":"2","name":"Iteration 1","status":"Failed","errorDetails":"No.",)"
      R"("exports":[{"platform":"ONNX","flavor":"","status":"Done"}]}]}]})";
  const auto project = channel.control().project("hem lock");
  CHECK(channel.asked.at(0) == "GET /_emulator/projects?project=hem%20lock");
  CHECK(project.name() == "Hemlock");
  CHECK(project.settings().classification_type == ClassificationType::Multilabel);
  const auto latest = project.latest();
  REQUIRE(latest);
  CHECK(latest->status == IterationStatus::Failed);
  CHECK(latest->error_details == "No.");
  REQUIRE(latest->exports.size() == 1);
  CHECK(latest->exports[0].status == ExportStatus::Done);
}

TEST_CASE("Client: a fault is a rule while the object lives, and its last counts are those of the emulator") {
  Channel channel;
  channel.answer = {200, R"({"id":"fault-1","matched":3,"applied":2,"absorbed":1,"remaining":null})"};
  const Control control = channel.control();
  {
    const Fault fault = control.inject({.operation = "PutMessage"}, {.first = 2}, Action::throttle(7));
    const Json rule = body_of(channel.asked.at(0));
    CHECK(rule["match"]["operation"] == "PutMessage");
    CHECK(rule["action"]["type"] == "throttle");
    CHECK(rule["action"]["retryAfter"] == 7);
    CHECK(fault.matched() == 3);
    CHECK(fault.applied() == 2);
    CHECK(fault.absorbed() == 1);
    CHECK_FALSE(fault.remaining());
  }
  CHECK(channel.asked.back() == "DELETE /_emulator/faults/fault-1");
}

TEST_CASE("Client: how a long operation came out") {
  Channel channel;
  channel.answer.body =
      R"({"now":"2030-01-01T00:00:10.000Z","fired":[{"at":"2030-01-01T00:00:05.000Z","kind":"finish_training",)"
      R"("event":"training.finished","succeeded":false,"outcome":"Failed","details":"Too few."}]})";
  const auto fired = channel.control().advance(10s);
  REQUIRE(fired.size() == 1);
  CHECK_FALSE(fired[0].succeeded);
  CHECK(fired[0].outcome == "Failed");
  CHECK(fired[0].details == "Too few.");
}

TEST_CASE("Client: a wait of any length can be said") {
  Channel channel;
  channel.answer.body = "{}";
  using std::chrono::milliseconds;
  for (const milliseconds timeout : {milliseconds::max(), milliseconds::min(), milliseconds(-1)})
    channel.control().wait_for(R"({"idle":true})", timeout);
  CHECK(body_of(channel.asked.at(0))["timeout"] == "3600.000000s");
  CHECK(body_of(channel.asked.at(1))["timeout"] == "0.000000s");
  CHECK(body_of(channel.asked.at(2))["timeout"] == "0.000000s");
}

TEST_CASE("Client: a scenario is loaded on top, or in place") {
  Channel channel;
  channel.answer.body = "{}";
  channel.control().load("{}");
  channel.control().load("{}", true);
  CHECK(channel.asked.at(0).starts_with("POST /_emulator/scenarios {"));
  CHECK(channel.asked.at(1).starts_with("POST /_emulator/scenarios?replace=1 {"));
}

}  // namespace cvemu::client_client_test
