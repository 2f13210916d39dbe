#include "runtime/matching.h"

#include <doctest/doctest.h>

using namespace cvemu;

namespace {

RequestFacts facts() {
  RequestFacts made{"customvision", "training v3.0", "GetProject", "GET", "/customvision/v3.3/x", {}, {}, {}};
  made.param = [](std::string_view name) { return std::string(name == "projectName" ? "Hemlock" : ""); };
  made.header = [](std::string_view name) -> std::string_view { return name == "User-Agent" ? "me/1.0" : ""; };
  made.body = []() -> std::string_view { return "{}"; };
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
  CHECK(fits({.service = "training", .operation = "getproject", .project = "hemlock"}, facts()));
  CHECK_FALSE(fits({.service = "prediction"}, facts()));
  CHECK_FALSE(fits({.service = "training", .method = "PUT"}, facts()));
  CHECK(fits({.headers = {{"User-Agent", "me*"}}}, facts()));
}

TEST_CASE("differences name each field that does not fit") {
  const auto found = differences({.operation = "GetTags", .method = "GET", .queue = "jobs"}, facts());
  CHECK(found == std::vector<std::string>{"operation: wanted GetTags, was GetProject", "queue: wanted jobs, was absent"});
  CHECK(describe({.operation = "GetTags", .queue = "jobs"}) == "operation GetTags, queue jobs");
  CHECK(describe({}) == "any request");
}
