#include "app/cli/listings.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "app/cli/table.h"
#include "app/cli/table_writer.h"
#include "cvemu/emulator.h"

namespace cvemu::cli_listings_test {

using namespace cvemu::cli;

namespace {

// Their answers are JSON for programs, texts, bytes or files.
constexpr std::string_view kWithout[] = {kHelp,     kCompletion, kWait,    "env",
                                         "openapi", "load",      "export", "blob"};

std::string shown(Emulator& emulator, const char* command) {
  for (const Command& one : commands())
    if (one.name == std::string_view(command))
      return write_listing(*listing_of(command), parse_json(emulator.control().call(one.method, one.path)),
                           kAnyWidth);
  return "";
}

}  // namespace

TEST_CASE("listings: every command whose answer people read has one row") {
  std::set<std::string_view> names;
  for (const Listing& listing : listings())
    CHECK_MESSAGE(names.insert(listing.command).second, listing.command);
  for (const Command& command : commands()) {
    const bool without =
        std::find(std::begin(kWithout), std::end(kWithout), command.name) != std::end(kWithout);
    CHECK_MESSAGE(names.erase(command.name) == (without ? 0 : 1), command.name);
  }
  CHECK(names.empty());
}

TEST_CASE("listings: a list has columns, and columns belong to a list") {
  for (const Listing& listing : listings())
    CHECK_MESSAGE((*listing.list == 0) == (*listing.columns == 0), listing.command);
}

TEST_CASE("listings: what stands beside a list comes before its table") {
  const Json answer = parse_json(R"({"count": 1, "messages": [{"id": "7", "decoded": "hello", "visible": true,
    "dequeueCount": 0}]})");
  CHECK(write_listing(*listing_of("messages"), answer, kAnyWidth) ==
        "count: 1\nid  decoded  visible  dequeueCount\n7   hello    true     0\n");
  CHECK(write_listing(*listing_of("messages"), parse_json(R"({"other": 1})"), kAnyWidth) == "other: 1\n");
}

TEST_CASE("listings: columns are members that the routes answer") {
  Emulator emulator;
  emulator.control().call(
      "POST", "/_emulator/faults",
      R"({"id": "busy", "match": {"operation": "TrainProject"}, "action": {"type": "throttle"}})");
  CHECK(shown(emulator, "faults").find("busy  operation=TrainProject  type=throttle") != std::string::npos);
  CHECK(shown(emulator, "faults catalog").find("\nstatus ") != std::string::npos);
  CHECK(shown(emulator, "clock").find("mode: real\n") == 0);
}

}  // namespace cvemu::cli_listings_test
