// The route for scenarios, and the line numbers of their errors.
#include "base/text.h"
#include "control/fault_json.h"
#include "control/journal/json_lines.h"
#include "control/scenarios/scenario.h"

namespace cvemu::control {

namespace {

constexpr int kCreated = 201;
constexpr std::size_t kScenarioLimit = 64 * 1024 * 1024;

std::vector<std::string> known_domains(ControlContext& control) {
  std::vector<std::string> names;
  for (const Json& domain :
       request_json(control, EndpointKind::Vision, Method::Get, "/customvision/v3.3/training/domains"))
    names.push_back(domain.at("name"));
  return names;
}

std::string pointer_of(const ApiError& error) {
  for (const auto& [name, value] : error.details)
    if (name == "path") return value;
  return {};
}

[[noreturn]] void refuse_at(ApiError error, std::size_t line) {
  const std::string pointer = pointer_of(error);
  const std::string place = "line " + std::to_string(line) + (pointer.empty() ? "" : " (" + pointer + ')');
  error.message = place + ": " + error.message;
  error.details.emplace_back("line", std::to_string(line));
  throw error;
}

Json parse(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const JsonError& error) {
    refuse_at(bad_field("InvalidBody", error.what(), ""), line_at(text, error.byte));
  }
}

// The folder of the scenario's file, if the query names it.
std::filesystem::path base_of(const RequestContext& context) {
  const std::filesystem::path base(std::string(context.query().find("base").value_or("")));
  if (!base.empty() && !base.is_absolute())
    throw bad_field("InvalidValue", "base must be an absolute path.", "base");
  return base;
}

Scenario read_text(ControlContext& control, const RequestContext& context, std::string_view text) {
  const ImageFolders folders(control, context, base_of(context));
  const Json json = parse(text);
  try {
    return read_scenario(json, known_domains(control), folders,
                         [&control](const Json& fault) { read_fault(control, fault); });
  } catch (const ApiError& error) {
    refuse_at(error, line_of(text, pointer_of(error)));
  }
}

Response check(ControlContext& control, RequestContext& context) {
  read_text(control, context, bytes_of(context, kScenarioLimit));
  return {204, {}, {}};
}

bool replaces(const RequestContext& context) {
  const std::string_view text = context.query().find("replace").value_or("0");
  check_one_of(text, {"0", "1", "false", "true"}, "replace");
  return text == "1" || text == "true";
}

Response load(ControlContext& control, RequestContext& context) {
  const bool replace = replaces(context);
  const std::string text = bytes_of(context, kScenarioLimit);
  const Scenario scenario = read_text(control, context, text);
  try {
    return json_response(describe(scenario, apply(control, scenario, replace)), kCreated);
  } catch (const ApiError& error) {
    if (pointer_of(error).empty()) throw;
    refuse_at(error, line_of(text, pointer_of(error)));
  }
}

constexpr std::string_view kFields =
    "$schema, clock, identity, queues, containers, projects, transitions, predictions, faults";
constexpr std::string_view kExample =
    R"({"queues": ["notifications"], "projects": [{"name": "Hemlock", "notificationQueue": "notifications"}]})";

}  // namespace

std::span<const Operation<ControlContext>> scenario_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"LoadScenario", Method::Post, "/_emulator/scenarios"},
       load,
       {"Puts what a scenario describes into the emulator and says what that was; base is the folder of its "
        "file, "
        "replace=1 deletes projects that have its projects' names",
        kFields, kExample, "base, replace"}},
      {{"CheckScenario", Method::Post, "/_emulator/scenarios/check"},
       check,
       {"Refuses what LoadScenario would refuse before it begins; changes nothing", kFields, kExample,
        "base"}},
  };
  return operations;
}

}  // namespace cvemu::control
