#include "app/cli/complaints.h"

#include <doctest/doctest.h>

#include <iostream>
#include <sstream>
#include <stdexcept>

namespace cvemu::cli_complaints_test {

using namespace cvemu::cli;

namespace {

std::string said(std::string_view text, std::string_view command = {}) {
  std::ostringstream out;
  auto* const before = std::cerr.rdbuf(out.rdbuf());
  complain(text, command);
  std::cerr.rdbuf(before);
  return out.str();
}

}  // namespace

TEST_CASE("complaints: secrets are masked, also in what ends the program") {
  CHECK(said("no answer from http://h?sig=abc") == "cvemu: no answer from http://h?sig=***\n");
  CHECK(said("x", "wait") == "cvemu wait: x\n");
  const auto crash = std::make_exception_ptr(std::runtime_error("broken: AccountKey=abc;"));
  CHECK(said(text_of(crash)) == "cvemu: broken: AccountKey=***;\n");
  CHECK(text_of(nullptr) == "ended in the middle of its work");
  CHECK(text_of(std::make_exception_ptr(1)) == "ended by something that is no exception");
}

TEST_CASE("complaints: of an unknown argument only what can be a name is repeated") {
  CHECK(repeated("--queue-prot") == " --queue-prot");
  CHECK(repeated("--trainig-key=abc") == " --trainig-key");
  CHECK(repeated("-kabc") == " -k");
  CHECK(repeated("advnace") == " advnace");
  for (const char* other : {"name:a2V5", "SECRET", "a2V5", "name=a2V5@http://h"})
    CHECK(repeated(other) == "");
}

}  // namespace cvemu::cli_complaints_test
