#include "control/journal/match.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "control/resolve.h"

namespace cvemu::control {

namespace {

const std::vector<std::string_view> kMethods = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

void check_known(const ControlContext& control, const RequestMatch& match, std::string_view at) {
  const std::string here(at);
  if (!match.service.empty())
    check_one_of(to_lower(match.service),
                 {"customvision", "training", "prediction", "queue", "blob", "table"}, here + "/service");
  if (!match.method.empty()) check_one_of(match.method, kMethods, here + "/method");
  if (match.operation.empty()) return;
  std::vector<std::string_view> names;
  for (const auto& [service, name] : control.operations) names.push_back(name);
  const bool known = std::any_of(names.begin(), names.end(),
                                 [&](std::string_view name) { return iequals(name, match.operation); });
  if (!known) check_one_of(match.operation, names, here + "/operation");
}

// A project that is not there may still come, or have been deleted.
void check_unambiguous(const ControlContext& control, const RequestMatch& match, std::string_view at) {
  if (match.project.empty()) return;
  Transaction tx(control.environment.database);
  find_project(tx, match.project, std::string(at) + "/project");
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump_json(value);
}

void check_pointer(const std::string& text, const std::string& at) {
  if (!text.empty() && text[0] != '/')
    throw bad_field("InvalidPointer", "A JSON pointer begins with a slash: /" + text, at + '/' + text);
  try {
    Json::json_pointer pointer(text);
  } catch (const Json::exception&) {
    throw bad_field("InvalidPointer", "In a JSON pointer, ~ is written ~0 and / is written ~1.",
                    at + '/' + text);
  }
}

bool leads_to(const Json& json, const Json::json_pointer& pointer, const Json& value) {
  try {
    return json.contains(pointer) && json.at(pointer) == value;
  } catch (const Json::exception&) {
    return false;  // an index that no list can have
  }
}

// {"/tagIds/0": "x"}: each pointer leads to that value.
void read_body(RequestMatch& match, const Json& wanted, const std::string& at) {
  if (!wanted.is_object()) throw bad_field("InvalidField", "body must be an object of JSON pointers.", at);
  for (auto it = wanted.begin(); it != wanted.end(); ++it) check_pointer(it.key(), at);
  match.body_text = dump_json(wanted);
  match.body = [wanted](std::string_view body) {
    const auto json = try_parse_json(body);
    if (!json) return false;
    for (auto it = wanted.begin(); it != wanted.end(); ++it)
      if (!leads_to(*json, Json::json_pointer(it.key()), it.value())) return false;
    return true;
  };
}

}  // namespace

const std::vector<std::string_view>& match_members() {
  static const std::vector<std::string_view> names = {"service", "operation", "method", "path",
                                                      "project", "iteration", "queue",  "container",
                                                      "blob",    "header",    "body"};
  return names;
}

RequestMatch read_match(const ControlContext& control, const Json& json, std::string_view at) {
  RequestMatch match;
  match.service = text(json, "service");
  match.operation = text(json, "operation");
  match.method = text(json, "method");
  match.path = text(json, "path");
  match.project = text(json, "project");
  match.iteration = text(json, "iteration");
  match.queue = text(json, "queue");
  match.container = text(json, "container");
  match.blob = text(json, "blob");
  if (json.contains("header")) {
    const Json& headers = json.at("header");
    if (!headers.is_object())
      throw bad_field("InvalidField", "header must be an object of names and values.",
                      std::string(at) + "/header");
    for (auto it = headers.begin(); it != headers.end(); ++it)
      match.headers.emplace_back(it.key(), text_of(it.value()));
  }
  if (json.contains("body")) read_body(match, json.at("body"), std::string(at) + "/body");
  check_known(control, match, at);
  check_unambiguous(control, match, at);
  return match;
}

RequestFacts facts_of(const ControlContext& control, const JournalEntry& entry) {
  RequestFacts facts{
      entry.service, entry.key, entry.operation, method_name(entry.method), entry.path(), {}, {}, {}};
  facts.param = [&control, &entry](std::string_view name) -> std::string {
    Database& database = control.environment.database;
    if (name == "projectName") return name_of_project(database, entry.param("projectId"));
    if (name == "iterationName")
      return name_of_iteration(database, entry.param("projectId"), entry.param("iterationId"));
    return std::string(entry.param(path_param(name)));
  };
  facts.header = [&entry](std::string_view name) { return entry.header(name); };
  facts.body = [&entry] { return entry.body(); };
  return facts;
}

}  // namespace cvemu::control
