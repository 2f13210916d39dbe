#include "control/json.h"

#include <doctest/doctest.h>

namespace cvemu::control_json_test {

namespace {

std::string detail(const ApiError& error, std::string_view name) {
  for (const auto& [key, value] : error.details)
    if (key == name) return value;
  return {};
}

template <class Call>
ApiError refusal_of(Call call) {
  try {
    call();
  } catch (const ApiError& error) {
    return error;
  }
  FAIL("was accepted");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("an unknown field is refused with its place and the nearest known one") {
  const ApiError error =
      refusal_of([] { control::allow_only(Json{{"operaton", 1}}, {"service", "operation"}, "/match"); });
  CHECK(error.status == 400);
  CHECK(error.code == "UnknownField");
  CHECK(detail(error, "path") == "/match/operaton");
  CHECK(detail(error, "didYouMean") == "operation");
  CHECK(detail(error, "allowed") == "service, operation");
}

TEST_CASE("a field of another type is refused by name") {
  const Json body{{"by", 5}, {"count", "many"}, {"hold", 1}};
  CHECK(detail(refusal_of([&] { control::duration(body, "by"); }), "path") == "/by");
  CHECK(refusal_of([&] { control::whole(body, "count", 0); }).code == "InvalidField");
  CHECK(refusal_of([&] { control::flag(body, "hold"); }).code == "InvalidField");
}

TEST_CASE("absent and null fields take the fallback") {
  const Json body{{"name", nullptr}};
  CHECK(control::text(body, "name", "x") == "x");
  CHECK(control::whole(body, "count", 7) == 7);
  CHECK_FALSE(control::duration(body, "by"));
}

}  // namespace cvemu::control_json_test
