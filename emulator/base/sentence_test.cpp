#include "base/sentence.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <new>
#include <optional>
#include <stdexcept>

#include "base/json.h"

namespace cvemu::base_sentence_test {

namespace {

template <class Throw>
std::string said_by(Throw act) {
  try {
    act();
  } catch (const std::exception& error) {
    return sentence_of(error);
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("sentence_of: the program's own errors speak for themselves") {
  CHECK(said_by([] { throw std::runtime_error("The queue is gone."); }) == "The queue is gone.");
  CHECK(said_by([] { parse_json("{"); }) == "This is not JSON.");
}

TEST_CASE("sentence_of: no word of a library or of the language") {
  const std::string inside = said_by([] { throw std::logic_error("slip"); });
  CHECK(inside.find("log") != std::string::npos);
  CHECK(said_by([] { const Json json = Json::parse("{"); }) == inside);
  CHECK(said_by([] { (void)Json(1).at("name"); }) == inside);
  CHECK(said_by([] { (void)Json("text").get<int>(); }) == inside);
  CHECK(said_by([] { (void)std::string().at(1); }) == inside);
  CHECK(said_by([] { (void)std::filesystem::file_size("/nowhere/at/all"); }) == inside);
  CHECK(said_by([] { (void)std::optional<int>().value(); }) == inside);
  CHECK(said_by([] { throw std::bad_alloc(); }).find("memory") != std::string::npos);
}

}  // namespace cvemu::base_sentence_test
