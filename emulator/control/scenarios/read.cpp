#include <algorithm>
#include <set>

#include "base/text.h"
#include "control/handlers/clock.h"
#include "control/handlers/identity.h"
#include "control/handlers/transitions.h"
#include "control/scenarios/scenario.h"
#include "storage/names.h"

namespace cvemu::control {

namespace {

// Azure: what one project can hold in S0 (documentation).
constexpr std::int64_t kMostImages = 100'000;

// Runs `read` on each element of the list `name`; pointers of errors begin with the element's place.
template <class Read>
void each(const Json& object, const std::string& name, Read read) {
  const auto list = object.find(name);
  if (list == object.end()) return;
  if (!list->is_array()) throw bad_field("InvalidField", name + " must be a list.", '/' + name);
  for (std::size_t i = 0; i < list->size(); ++i) {
    try {
      read((*list)[i]);
    } catch (ApiError& error) {
      for (auto& [key, value] : error.details)
        if (key == "path") value = '/' + name + '/' + std::to_string(i) + value;
      throw;
    }
  }
}

std::string word(const Json& json) {
  if (!json.is_string() || json.get<std::string>().empty())
    throw bad_field("InvalidField", "This must be a text, and not empty.", "");
  return json;
}

// A name that the storage services would take.
std::string resource_name(const Json& json, const char* kind, bool (*is_good)(std::string_view)) {
  const std::string name = word(json);
  if (!is_good(name))
    throw bad_field("InvalidName", "A " + std::string(kind) + "'s name is " + std::string(kNameRule) + '.',
                    "");
  return name;
}

std::string required(const Json& object, std::string_view name) {
  std::string value = text(object, name);
  if (value.empty())
    throw bad_field("MissingField", std::string(name) + " is missing.", '/' + std::string(name));
  return value;
}

void check_among(const std::string& value, const std::vector<std::string>& known, const std::string& at,
                 const char* what) {
  if (std::find(known.begin(), known.end(), value) != known.end()) return;
  throw bad_field("UnknownName", std::string("This scenario has no ") + what + " \"" + value + "\".", at);
}

double fraction(const Json& object, const std::string& name, const std::string& at = "") {
  const auto value = object.find(name);
  if (value == object.end() || !value->is_number() || value->get<double>() < 0 || value->get<double>() > 1)
    throw bad_field("InvalidField", name + " must be a number from 0 to 1.", at + '/' + name);
  return *value;
}

void check_bounding_box(const Json& prediction) {
  const auto box = prediction.find("boundingBox");
  if (box == prediction.end() || box->is_null()) return;
  allow_only(*box, {"left", "top", "width", "height"}, "/boundingBox");
  for (const char* side : {"left", "top", "width", "height"}) fraction(*box, side, "/boundingBox");
}

ScenarioRegion read_region(const Json& json, const std::vector<std::string>& tags) {
  allow_only(json, {"tag", "left", "top", "width", "height"});
  ScenarioRegion region;
  region.tag = required(json, "tag");
  check_among(region.tag, tags, "/tag", "tag");
  region.box = {fraction(json, "left"), fraction(json, "top"), fraction(json, "width"),
                fraction(json, "height")};
  return region;
}

ScenarioImages read_images(const Json& json, const std::vector<std::string>& tags,
                           const ImageFolders& folders) {
  allow_only(json, {"tags", "tag", "count", "folder", "regions"});
  ScenarioImages images;
  if (const std::string tag = text(json, "tag"); !tag.empty()) {
    check_among(tag, tags, "/tag", "tag");
    images.tags.push_back(tag);
  }
  each(json, "tags", [&](const Json& tag) {
    images.tags.push_back(word(tag));
    check_among(images.tags.back(), tags, "", "tag");
  });
  const std::string folder = text(json, "folder");
  images.count = whole(json, "count", folder.empty() ? 1 : kMostImages);
  if (images.count < 1 || images.count > kMostImages)
    throw bad_field("InvalidField", "count must be 1 to 100000.", "/count");
  if (!folder.empty()) images.folder = folders.find(folder, static_cast<std::size_t>(images.count));
  each(json, "regions", [&](const Json& region) { images.regions.push_back(read_region(region, tags)); });
  return images;
}

ScenarioIteration read_iteration(const Json& json) {
  allow_only(json, {"name", "status", "details", "publishedAs", "exports"});
  ScenarioIteration iteration;
  iteration.name = text(json, "name");
  iteration.status = one_of(json, "status", iteration.status);
  iteration.published_as = text(json, "publishedAs");
  if (json.contains("details")) iteration.details = text(json, "details");
  each(json, "exports", [&](const Json& platform) { iteration.exports.push_back(word(platform)); });
  const bool completed = iteration.status == IterationStatus::Completed;
  if (!completed && !iteration.published_as.empty())
    throw bad_field("InvalidField", "Only a completed iteration can be published.", "/publishedAs");
  if (!completed && !iteration.exports.empty())
    throw bad_field("InvalidField", "Only a completed iteration can be exported.", "/exports");
  return iteration;
}

// Only the last one may still be in training: the service trains one iteration at a time.
void check_one_in_training(const std::vector<ScenarioIteration>& iterations) {
  for (std::size_t i = 0; i + 1 < iterations.size(); ++i)
    if (iterations[i].status == IterationStatus::Training)
      throw bad_field("InvalidField", "Only the last iteration can be in training.",
                      "/iterations/" + std::to_string(i) + "/status");
}

void check_known_domain(const std::string& domain, const std::vector<std::string>& domains) {
  if (std::find(domains.begin(), domains.end(), domain) == domains.end())
    throw bad_field("UnknownDomain", "The domains are " + join(domains, ", ") + '.', "/domain");
}

ScenarioProject read_project(const Json& json, const Scenario& scenario,
                             const std::vector<std::string>& domains, const ImageFolders& folders) {
  allow_only(json, {"name", "description", "domain", "classificationType", "notificationQueue",
                    "exportContainer", "tags", "images", "iterations"});
  ScenarioProject project;
  project.name = required(json, "name");
  project.description = text(json, "description");
  project.domain = text(json, "domain", "General (compact)");
  check_known_domain(project.domain, domains);
  project.classification_type = text(json, "classificationType");
  if (!project.classification_type.empty())
    check_one_of(project.classification_type, {"Multiclass", "Multilabel"}, "/classificationType");
  project.queue = text(json, "notificationQueue");
  if (!project.queue.empty()) check_among(project.queue, scenario.queues, "/notificationQueue", "queue");
  project.container = text(json, "exportContainer");
  if (!project.container.empty())
    check_among(project.container, scenario.containers, "/exportContainer", "container");
  each(json, "tags", [&](const Json& tag) { project.tags.push_back(word(tag)); });
  each(json, "images",
       [&](const Json& images) { project.images.push_back(read_images(images, project.tags, folders)); });
  each(json, "iterations", [&](const Json& one) { project.iterations.push_back(read_iteration(one)); });
  check_one_in_training(project.iterations);
  return project;
}

void check_known_project(const std::string& name, const Scenario& scenario) {
  if (name.empty()) return;
  const auto count = std::count_if(scenario.projects.begin(), scenario.projects.end(),
                                   [&](const auto& project) { return iequals(project.name, name); });
  if (count == 0)
    throw bad_field("UnknownName", "This scenario has no project \"" + name + "\".", "/project");
  if (count > 1)
    throw bad_field("AmbiguousName", "This scenario has two projects \"" + name + "\".", "/project");
}

ScenarioScript read_transition(const Json& json, const Scenario& scenario) {
  allow_only(json, {"kind", "project", "outcomes", "then"});
  ScenarioScript script{text(json, "project"),
                        read_script(read_operation_kind(text(json, "kind"), "/kind"), json, "")};
  check_known_project(script.project, scenario);
  return script;
}

void expect_digest(const std::string& text) {
  constexpr std::size_t kDigits = 64;
  const bool is_hex = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
  if (!text.empty() && (!is_hex || text.size() != kDigits))
    throw bad_field("InvalidField", "image is the SHA-256 of the file, in hexadecimal.", "/image");
}

ScenarioPrediction read_prediction(const Json& json) {
  allow_only(json, {"project", "image", "predictions"});
  ScenarioPrediction rule{text(json, "project"), to_lower(text(json, "image")), Json::array()};
  expect_digest(rule.digest);
  each(json, "predictions", [&](const Json& one) {
    allow_only(one, {"tagName", "probability", "boundingBox"});
    required(one, "tagName");
    fraction(one, "probability");
    check_bounding_box(one);
    rule.predictions.push_back(one);
  });
  return rule;
}

}  // namespace

std::vector<ScenarioPrediction> read_predictions(
    const Json& object, const std::string& name,
    const std::function<void(const ScenarioPrediction&)>& check) {
  std::vector<ScenarioPrediction> rules;
  each(object, name, [&](const Json& one) {
    rules.push_back(read_prediction(one));
    check(rules.back());
  });
  return rules;
}

Scenario read_scenario(const Json& json, const std::vector<std::string>& domains, const ImageFolders& folders,
                       const std::function<void(const Json&)>& check_fault) {
  allow_only(json, {"$schema", "clock", "identity", "queues", "containers", "projects", "transitions",
                    "predictions", "faults"});
  Scenario scenario;
  if (json.contains("clock")) {
    scenario.clock = json.at("clock");
    read_clock(scenario.clock, ClockMode::Real, "/clock");
  }
  if (json.contains("identity")) {
    scenario.identity = json.at("identity");
    read_identity(scenario.identity, {}, "/identity");
  }
  each(json, "queues",
       [&](const Json& name) { scenario.queues.push_back(resource_name(name, "queue", is_queue_name)); });
  each(json, "containers", [&](const Json& name) {
    scenario.containers.push_back(resource_name(name, "container", is_container_name));
  });
  each(json, "projects",
       [&](const Json& one) { scenario.projects.push_back(read_project(one, scenario, domains, folders)); });
  each(json, "transitions",
       [&](const Json& one) { scenario.scripts.push_back(read_transition(one, scenario)); });
  scenario.predictions = read_predictions(json, "predictions", [&](const ScenarioPrediction& rule) {
    check_known_project(rule.project, scenario);
  });
  each(json, "faults", [&](const Json& one) {
    check_fault(one);
    scenario.faults.push_back(one);
  });
  return scenario;
}

}  // namespace cvemu::control
