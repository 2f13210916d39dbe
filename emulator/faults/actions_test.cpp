#include "faults/actions.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "faults/read_action.h"

namespace cvemu::faults_actions_test {

namespace {

FaultAction action(const std::string& json) {
  return read_fault_action(parse_json(json), "/action");
}

std::string refusal(const std::string& json) {
  try {
    action(json);
    return "";
  } catch (const ApiError& error) {
    std::string all = std::to_string(error.status) + ' ' + error.code;
    for (const auto& [name, value] : error.details)
      if (name == "path") all += ' ' + value;
    return all;
  }
}

std::string header_refusal(std::string_view text) {
  try {
    read_fault_header(text);
    return "";
  } catch (const ApiError& error) {
    return error.code;
  }
}

RequestFacts facts_of(std::string_view operation, Delivery::Kind delivery = Delivery::Kind::None) {
  RequestFacts facts;
  facts.service = "customvision";
  facts.method = "POST";
  facts.operation = operation;
  facts.delivery = delivery;
  return facts;
}

}  // namespace

TEST_CASE("Fault actions: each row can be written with its fields, as JSON and in a header") {
  for (const FaultActionKind& kind : fault_actions()) {
    CAPTURE(kind.name);
    CHECK(find_fault_action(to_lower(kind.name)) == &kind);
    CHECK_FALSE(kind.advice.empty());
    CHECK((kind.before || kind.after));
    CHECK(action(R"({"type": ")" + std::string(kind.name) + R"("})").kind == &kind);
    CHECK(read_fault_header(kind.name).action.kind == &kind);
    CHECK(refusal(R"({"type": ")" + std::string(kind.name) + R"(", "other": 1})") ==
          "400 UnknownField /action/other");
  }
  CHECK(refusal(R"({"type": "statuz"})") == "400 UnknownValue /action/type");
}

TEST_CASE("Fault actions: a header says what the JSON says") {
  const auto status = read_fault_header("status=503;code=Mine;message=No;retryAfter=7;phase=afterEffect");
  CHECK(status.action.status == 503);
  CHECK(status.action.code == "Mine");
  CHECK(status.action.message == "No");
  CHECK(status.action.retry_after == 7);
  CHECK(phase_of(status) == FaultPhase::AfterEffect);
  CHECK(read_fault_header("delay=2s").action.time == std::chrono::seconds(2));
  CHECK(read_fault_header("throttle;retryAfter=2").action.retry_after == 2);
  CHECK(read_fault_header("resetConnection;after=10").action.after_bytes == 10);
  CHECK(read_fault_header("notificationMalformed=plainText").action.variant == "plainText");
  CHECK(read_fault_header("trainingFailed;details=Out of memory.").action.details == "Out of memory.");
  for (const char* wrong :
       {"", "nonsense", "status=200", "status=many", "delay=soon", "emptyReply=1", "status=500;phase=later",
        "delay=1s;copies=2", "notificationMalformed=odd", "slowBody;chunk=0", "status=500;error=x;code=Mine",
        "throttle;type=delay", "status=500;headers=x"}) {
    CAPTURE(wrong);
    CHECK(header_refusal(wrong) == "InvalidFaultHeader");
  }
}

TEST_CASE("Fault actions: what nothing is said of is as usual for the action") {
  CHECK(action(R"({"type": "status"})").status == 500);
  CHECK(action(R"({"type": "storageDenied"})").status == 403);
  CHECK(action(R"({"type": "notificationMalformed"})").variant == "brokenJson");
  CHECK(action(R"({"type": "listOrder"})").variant == "reverse");
  CHECK(action(R"({"type": "throttle", "retryAfter": null})").retry_after == std::nullopt);
  CHECK(refusal(R"({"type": "notificationDuplicated", "copies": 1001})") ==
        "400 InvalidField /action/copies");
  CHECK(refusal(R"({"type": "listOrder", "order": "random"})") == "400 UnknownValue /action/order");
  CHECK(refusal(R"({"type": "status", "headers": {"a b": "c"}})") == "400 InvalidField /action/headers/a b");
}

TEST_CASE("Fault actions: each applies to its own requests alone") {
  using Kind = Delivery::Kind;
  CHECK(applies(action(R"({"type": "trainingFailed"})"), facts_of("TrainProject")));
  CHECK_FALSE(applies(action(R"({"type": "trainingFailed"})"), facts_of("ExportIteration")));
  CHECK(applies(action(R"({"type": "notificationEarly"})"), facts_of("ExportIteration")));
  const FaultAction lost = action(R"({"type": "notificationLost"})");
  CHECK(applies(lost, facts_of("PutMessage", Kind::Notification)));
  CHECK_FALSE(applies(lost, facts_of("PutMessage", Kind::ConnectionTest)));
  CHECK_FALSE(applies(lost, facts_of("PutMessage")));
  const FaultAction denied = action(R"({"type": "storageDenied"})");
  for (const Kind kind : {Kind::ConnectionTest, Kind::Notification, Kind::Backup})
    CHECK(applies(denied, facts_of("", kind)));
  CHECK_FALSE(applies(denied, facts_of("PutBlob")));
  const FaultAction at_create = action(R"({"type": "storageDenied", "at": "create"})");
  CHECK(applies(at_create, facts_of("", Kind::ConnectionTest)));
  CHECK_FALSE(applies(at_create, facts_of("", Kind::Backup)));
  RequestFacts get = facts_of("GetProjects");
  CHECK_FALSE(applies(action(R"({"type": "listOrder"})"), get));
  get.method = "GET";
  CHECK(applies(action(R"({"type": "listOrder"})"), get));
  CHECK(can_apply(*find_fault_action("trainingFailed"), "trainproject"));
  CHECK_FALSE(can_apply(*find_fault_action("backupMissing"), "PutMessage"));
  CHECK(can_apply(*find_fault_action("delay"), "PutMessage"));
}

}  // namespace cvemu::faults_actions_test
