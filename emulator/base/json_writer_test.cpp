#include "base/json_writer.h"

#include <doctest/doctest.h>

namespace cvemu::base_json_writer_test {

namespace {
std::string single(float value) {
  return JsonWriter().single(value).take();
}
}  // namespace

TEST_CASE("JsonWriter: compact, in the order written") {
  JsonWriter json;
  json.begin_object().field("b", 1).field("a", "x").null_field("n").field("t", true);
  json.key("list").begin_array().integer(1).begin_object().end_object().end_array();
  json.end_object();
  CHECK(json.take() == R"({"b":1,"a":"x","n":null,"t":true,"list":[1,{}]})");
}

TEST_CASE("JsonWriter: floats as recorded from the service") {
  CHECK(single(0.9999999f) == "0.9999999");
  CHECK(single(0.4007353f) == "0.4007353");
  CHECK(single(0.403186262f) == "0.403186262");
  CHECK(single(1.1920929E-07f) == "1.1920929E-07");
  CHECK(single(8.79471951E-13f) == "8.79471951E-13");
  CHECK(single(1.0f) == "1.0");
  CHECK(single(0.0f) == "0.0");
  CHECK(single(0.25f) == "0.25");
  CHECK(single(0.0001f) == "0.0001");
  CHECK(single(0.00001f) == "1E-05");
  CHECK(single(-12.5f) == "-12.5");
  CHECK(JsonWriter().number(5.5891741794766858E-06).take() == "5.5891741794766858E-06");
}

TEST_CASE("JsonWriter: strings are escaped, and broken UTF-8 is repaired") {
  CHECK(JsonWriter().string("a\"\\\n\x01é").take() == R"("a\"\\\n\u0001é")");
  CHECK(JsonWriter()
            .string("a\xff"
                    "b")
            .take() ==
        "\"a\xEF\xBF\xBD"
        "b\"");
}

}  // namespace cvemu::base_json_writer_test
