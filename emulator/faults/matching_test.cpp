#include "faults/matching.h"

#include <doctest/doctest.h>

namespace cvemu::faults_matching_test {

namespace {

RequestFacts facts() {
  RequestFacts made{
      "customvision", Access::Key::Training, "GetProject", "GET", "/customvision/v3.3/x", {}, {}, {}};
  made.param = [](std::string_view name) { return std::string(name == "projectName" ? "Hemlock" : ""); };
  made.header = [](std::string_view name) -> std::string_view {
    return name == "User-Agent" ? "me/1.0" : "";
  };
  made.body = []() -> std::string_view { return "{}"; };
  return made;
}

RequestMatch match(const std::string& service, const std::string& operation = "",
                   const std::string& method = "") {
  RequestMatch made;
  made.service = service;
  made.operation = operation;
  made.method = method;
  return made;
}

}  // namespace

TEST_CASE("globs") {
  CHECK(glob_fits("*", ""));
  CHECK(glob_fits("*.ONNX", "a - b.onnx"));
  CHECK(glob_fits("a?c*e", "abcdde"));
  CHECK_FALSE(glob_fits("a?c", "ac"));
  CHECK_FALSE(glob_fits("", "x"));
  CHECK(glob_fits("*a*a*b", "aaaaaaab"));
}

TEST_CASE("all that is set must hold") {
  CHECK(fits({}, facts()));
  RequestMatch wanted = match("training", "getproject");
  wanted.project = "hemlock";
  CHECK(fits(wanted, facts()));
  CHECK_FALSE(fits(match("prediction"), facts()));
  CHECK_FALSE(fits(match("training", "", "PUT"), facts()));
  wanted.headers = {{"User-Agent", "me*"}};
  CHECK(fits(wanted, facts()));
  wanted.headers = {{"User-Agent", "you*"}};
  CHECK_FALSE(fits(wanted, facts()));
}

TEST_CASE("differences name each field that does not fit") {
  RequestMatch wanted = match("", "GetTags", "GET");
  wanted.queue = "jobs";
  CHECK(differences(wanted, facts()) == std::vector<std::string>{"operation: wanted GetTags, was GetProject",
                                                                 "queue: wanted jobs, was absent"});
  CHECK(describe(wanted) == "operation GetTags, method GET, queue jobs");
  CHECK(describe({}) == "any request");
}

TEST_CASE("patterns fit what may be shown: no secret is found out letter by letter") {
  RequestFacts sent = facts();
  sent.path = "/q/messages?sig=abcdef";
  sent.header = [](std::string_view name) -> std::string_view {
    return name == "Authorization" ? "SharedKey acct:abcdef=" : name == "Training-Key" ? "abcdef" : "";
  };
  const auto header_fits = [&](const char* name, const char* wanted) {
    RequestMatch match;
    match.headers = {{name, wanted}};
    return fits(match, sent);
  };
  CHECK(header_fits("Authorization", "SharedKey acct:*"));
  CHECK(header_fits("Authorization", "*"));
  CHECK(header_fits("Training-Key", "*"));
  CHECK(header_fits("Training-Key", "abcdef"));  // who knows it may ask for it
  CHECK_FALSE(header_fits("Authorization", "SharedKey acct:a*"));
  CHECK_FALSE(header_fits("Training-Key", "a*"));
  CHECK_FALSE(header_fits("Training-Key", "??????"));
  RequestMatch by_path;
  by_path.path = "*sig=a*";
  CHECK_FALSE(fits(by_path, sent));
}

TEST_CASE("differences and descriptions have secrets masked") {
  RequestFacts sent = facts();
  sent.header = [](std::string_view) -> std::string_view { return "SharedKey acct:abcdef="; };
  sent.body = []() -> std::string_view { return R"({"uri":"http://h?sig=abcdef"})"; };
  RequestMatch wanted;
  wanted.headers = {{"Authorization", "SharedKey other:ghi="}};
  wanted.body = [](std::string_view) { return false; };
  wanted.body_text = "{}";
  CHECK(differences(wanted, sent) ==
        std::vector<std::string>{"header (Authorization): wanted SharedKey other:***, was SharedKey acct:***",
                                 R"(body: wanted {}, was {"uri":"http://h?sig=***"})"});
  CHECK(describe(wanted) == "header Authorization: SharedKey other:***, body {}");
}

}  // namespace cvemu::faults_matching_test
