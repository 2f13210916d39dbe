#include "app/cli/table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/cli/arguments.h"
#include "base/json.h"
#include "base/text.h"
#include "cvemu/emulator.h"

namespace cvemu::cli_table_test {

using namespace cvemu::cli;

namespace {

Json described_paths() {
  Emulator emulator;
  return parse_json(emulator.control().call("GET", "/_emulator/openapi.json")).at("paths");
}

// "{queue}" and "{id}" are the same place to a route.
std::string without_names(std::string path) {
  for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1))
    path.erase(open + 1, path.find('}', open) - open - 1);
  return path;
}

std::string key_of(std::string_view method, const std::string& path) {
  return to_lower(method) + ' ' + without_names(path);
}

std::vector<std::string> names_of(const char* list) {
  std::vector<std::string> names;
  for (const Argument& argument : arguments_of(list)) names.push_back(argument.name);
  return names;
}

bool has_parameter(const Json& operation, const std::string& name) {
  if (!operation.contains("parameters")) return false;
  const Json& all = operation.at("parameters");
  return std::any_of(all.begin(), all.end(), [&](const Json& one) { return one.at("name") == name; });
}

}  // namespace

TEST_CASE("commands: every argument has a help text, and none is left over") {
  for (const Command& command : commands()) {
    CHECK_MESSAGE(std::string_view(command.help) != "", command.name);
    for (const char* list : {command.in_path, command.in_query, command.in_body})
      for (const std::string& name : names_of(list))
        CHECK_MESSAGE(std::string_view(meaning_of(command, name).help) != "", command.name, ": ", name);
    for (const std::string& name : names_of(command.one_of)) {
      const auto known = names_of((std::string(command.in_query) + ' ' + command.in_body).c_str());
      CHECK_MESSAGE(std::find(known.begin(), known.end(), name) != known.end(), command.name, ": ", name);
    }
  }
}

TEST_CASE("commands: every control route has one, and asks for nothing that the route refuses") {
  std::set<std::string> said;
  const Json paths = described_paths();
  std::map<std::string, Json> routes;
  for (auto path = paths.begin(); path != paths.end(); ++path)
    for (auto operation = path->begin(); operation != path->end(); ++operation)
      routes[key_of(operation.key(), path.key())] = *operation;
  for (const Command& command : commands()) {
    if (!*command.path) continue;
    const std::string key = key_of(command.method, command.path);
    said.insert(key);
    REQUIRE_MESSAGE(routes.count(key) == 1, command.name);
    const Json& route = routes[key];
    for (const std::string& name : names_of(command.in_query))
      CHECK_MESSAGE(has_parameter(route, name), command.name, ": ", name);
    if (*command.in_body)
      for (const std::string& name : names_of(command.in_body)) {
        const std::string place = meaning_of(command, name).place;
        const std::string field = place.empty() ? name : std::string(split(place, '/').at(1));
        const Json& known = route.at("requestBody").at("content").at("application/json").at("schema");
        CHECK_MESSAGE(known.at("properties").contains(field), command.name, ": ", name);
      }
  }
  for (const auto& row : routes) CHECK_MESSAGE(said.count(row.first) == 1, row.first);
}

}  // namespace cvemu::cli_table_test
