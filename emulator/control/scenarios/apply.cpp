#include <algorithm>
#include <set>

#include "base/required.h"
#include "base/text.h"
#include "control/handlers/identity.h"
#include "control/scenarios/scenario.h"
#include "faults/notification_text.h"
#include "runtime/job_kinds.h"
#include "runtime/job_payloads.h"
#include "store/customvision/iterations.h"
#include "store/customvision/prediction_rules.h"
#include "store/customvision/projects.h"

namespace cvemu::control {

namespace {

constexpr std::string_view kTraining = "/customvision/v3.3/training";
// Azure: images per batch (documentation).
constexpr std::size_t kBatch = 64;
// An iteration is published to a resource; any will do.
constexpr std::string_view kResource =
    "/subscriptions/0/resourceGroups/cvemu/providers/Microsoft.CognitiveServices/accounts/cvemu";

std::string text_of(const Response& response) {
  return std::get<std::string>(response.body);
}

// What an error of any of the services says, JSON or XML: "NotFound: The project is gone."
std::string reason_in(const std::string& answer) {
  const Json json = try_parse_json(answer).value_or(Json());
  const bool is_nested = json.is_object() && json.contains("error") && json.at("error").is_object();
  const Json& error = is_nested ? json.at("error") : json;
  const auto part = [&](const char* name, std::string_view element) {
    return error.is_object() && error.contains(name) && error.at(name).is_string()
               ? error.at(name).get<std::string>()
               : notification_text::element(answer, element);
  };
  const std::string code = part("code", "Code"), message = part("message", "Message");
  return code.empty() || message.empty() ? code + message : code + ": " + message;
}

// Everything is as it was when this arrives.
[[noreturn]] void refuse(const std::string& what, const Response& response) {
  const std::string reason = reason_in(text_of(response));
  throw bad_request("ScenarioRefused", "Nothing was loaded, for " + what + " was refused with " +
                                           std::to_string(response.status) +
                                           (reason.empty() ? "." : " " + reason));
}

void create(ControlContext& control, EndpointKind kind, const std::string& path) {
  const Response response = control.send_internal(kind, Method::Put, path, "");
  if (response.status >= 300 && response.status != 409) refuse("PUT " + path, response);
}

// One project on its way into the emulator.
class Builder {
 public:
  Builder(ControlContext& control, const ScenarioProject& project) : control_(control), project_(project) {}

  Uuid build() {
    const Json answer = request_json(control_, EndpointKind::Vision, Method::Post,
                                     std::string(kTraining) + "/projects?" + settings());
    id_ = answer.at("id");
    path_ = std::string(kTraining) + "/projects/" + id_;
    for (const std::string& tag : project_.tags)
      tag_ids_[tag] = request_json(control_, EndpointKind::Vision, Method::Post,
                                   path_ + "/tags?name=" + percent_encode(tag))
                          .at("id");
    for (const ScenarioImages& images : project_.images) add(images);
    for (const ScenarioIteration& iteration : project_.iterations) add(iteration);
    integrate();
    return required(Uuid::parse(id_), "the project's id");
  }

 private:
  std::string domain_id() {
    for (const Json& domain :
         request_json(control_, EndpointKind::Vision, Method::Get, std::string(kTraining) + "/domains"))
      if (domain.at("name") == project_.domain) return domain.at("id");
    throw bad_request("ScenarioRefused", "There is no domain \"" + project_.domain + "\".");
  }

  std::string settings() {
    std::string query = "name=" + percent_encode(project_.name) + "&domainId=" + domain_id();
    if (!project_.description.empty()) query += "&description=" + percent_encode(project_.description);
    if (!project_.classification_type.empty()) query += "&classificationType=" + project_.classification_type;
    return query;
  }

  // The label that tells one drawn kind from another: the place of the first tag.
  int label_of(const ScenarioImages& images) const {
    if (images.tags.empty()) return 0;
    const auto found = std::find(project_.tags.begin(), project_.tags.end(), images.tags.front());
    return static_cast<int>(found - project_.tags.begin());
  }

  Json entry(const ScenarioImages& images, const std::string& name, const std::string& bytes) const {
    Json json{{"name", name}, {"contents", base64_encode(bytes)}, {"regions", Json::array()}};
    for (const ScenarioRegion& region : images.regions)
      json["regions"].push_back({{"tagId", tag_ids_.at(region.tag)},
                                 {"left", region.box.left},
                                 {"top", region.box.top},
                                 {"width", region.box.width},
                                 {"height", region.box.height}});
    return json;
  }

  void send(const ScenarioImages& images, Json batch) {
    Json body{{"images", std::move(batch)}, {"tagIds", Json::array()}};
    for (const std::string& tag : images.tags) body["tagIds"].push_back(tag_ids_.at(tag));
    const Json answer =
        request_json(control_, EndpointKind::Vision, Method::Post, path_ + "/images/files", dump_json(body));
    for (const Json& image : answer.at("images"))
      if (const std::string status = image.at("status"); !status.starts_with("OK"))
        throw bad_request("ScenarioRefused", "Nothing was loaded, for the image " + text(image, "sourceUrl") +
                                                 " was refused with " + status + '.');
  }

  Json drawn(const ScenarioImages& images) {
    ++drawn_;
    return entry(images, "drawn" + std::to_string(drawn_), control_.draw(label_of(images), drawn_));
  }

  void add(const ScenarioImages& images) {
    const auto& folder = images.folder;
    const auto count = folder ? folder->files.size() : static_cast<std::size_t>(images.count);
    Json batch = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
      control_.environment.database.check_ending();
      batch.push_back(folder ? entry(images, folder->files[i], folder->read(folder->files[i]))
                             : drawn(images));
      if (batch.size() == kBatch || i + 1 == count) send(images, std::exchange(batch, Json::array()));
    }
  }

  // Ends the operation about this iteration that is pending, as its outcome says.
  void finish() {
    Transaction tx(control_.environment.database);
    for (Job job : jobs::list(tx)) {
      if (!job_kinds::of(job).operation || subject_of(job).project.text() != id_) continue;
      job.due = control_.environment.clock.now();
      job.held = false;
      jobs::decide(tx, job);
    }
    tx.commit();
  }

  void run_to_end() {
    control_.environment.scheduler.advance(Duration::zero(), [this] { finish(); });
  }

  void script_next(OperationKind kind, const Outcome& outcome) {
    Transaction tx(control_.environment.database);
    outcomes::override_next(tx, kind, Uuid::parse(id_), outcome);
    tx.commit();
  }

  void add(const ScenarioIteration& iteration) {
    Outcome outcome;
    outcome.fails = iteration.status == IterationStatus::Failed;
    outcome.details = iteration.details;
    outcome.hold = iteration.status != IterationStatus::Training;
    script_next(OperationKind::Training, outcome);
    const std::string id =
        request_json(control_, EndpointKind::Vision, Method::Post, path_ + "/train?forceTrain=true").at("id");
    const std::string path = path_ + "/iterations/" + id;
    if (!iteration.name.empty())
      request_json(control_, EndpointKind::Vision, Method::Patch, path,
                   dump_json(Json{{"name", iteration.name}}));
    if (iteration.status == IterationStatus::Training) return;
    run_to_end();
    for (const std::string& platform : iteration.exports) {
      request_json(control_, EndpointKind::Vision, Method::Post,
                   path + "/export?platform=" + percent_encode(platform));
      run_to_end();
    }
    if (!iteration.published_as.empty())
      request_json(control_, EndpointKind::Vision, Method::Post,
                   path + "/publish?publishName=" + percent_encode(iteration.published_as) +
                       "&predictionId=" + percent_encode(kResource));
  }

  // Last, so that nobody is told of what the scenario takes for past.
  void integrate() {
    Json settings = Json::object();
    if (!project_.queue.empty())
      settings["notificationQueueUri"] =
          control_.endpoint(EndpointKind::Queue).at('/' + percent_encode(project_.queue)).text();
    if (!project_.container.empty())
      settings["exportModelContainerUri"] =
          control_.endpoint(EndpointKind::Blob).at('/' + percent_encode(project_.container)).text();
    if (settings.empty()) return;
    request_json(control_, EndpointKind::Vision, Method::Patch, path_,
                 dump_json(Json{{"settings", settings}}));
  }

  ControlContext& control_;
  const ScenarioProject& project_;
  std::string id_, path_;
  std::map<std::string, std::string> tag_ids_;
  std::int64_t drawn_ = 0;
};

using ProjectIds = std::map<std::string, Uuid>;  // by name in lower case

std::optional<Uuid> id_of(const ProjectIds& ids, const std::string& name) {
  const auto found = ids.find(to_lower(name));
  return found == ids.end() ? std::nullopt : std::optional(found->second);
}

// The identity as it was. A scenario that says what the identity lacks takes that away at its end: until
// then, and whatever an earlier one took away, the projects are made with all of it.
Identity lend_identity(ControlContext& control, const Scenario& scenario) {
  Transaction tx(control.environment.database);
  const Identity before = identity::find(tx);
  if (scenario.identity.is_null()) return before;
  identity::set(tx, Identity());
  tx.commit();
  return before;
}

void keep_rules(ControlContext& control, const Scenario& scenario, const ProjectIds& ids,
                const Identity& identity) {
  Transaction tx(control.environment.database);
  for (const ScenarioScript& entry : scenario.scripts) {
    outcomes::Script script = entry.script;
    script.project = id_of(ids, entry.project);
    outcomes::set_script(tx, script);
  }
  for (const ScenarioPrediction& rule : scenario.predictions)
    prediction_rules::add(
        tx, {id_of(ids, rule.project), rule.digest.empty() ? std::nullopt : std::optional(rule.digest),
             dump_json(rule.predictions)});
  // Last: what is taken away here was there when the projects were made.
  if (!scenario.identity.is_null())
    identity::set(tx, read_identity(scenario.identity, identity, "/identity"));
  tx.commit();
}

// The project of the scenario whose name this one has; the end if none has it.
auto namesake(const Scenario& scenario, const Project& project) {
  return std::find_if(scenario.projects.begin(), scenario.projects.end(),
                      [&](const ScenarioProject& one) { return iequals(one.name, project.name); });
}

std::vector<Project> namesakes(ControlContext& control, const Scenario& scenario) {
  Transaction tx(control.environment.database);
  std::vector<Project> found = projects::list(tx);
  std::erase_if(found,
                [&](const Project& one) { return namesake(scenario, one) == scenario.projects.end(); });
  return found;
}

ApiError name_taken(const Scenario& scenario, const Project& there) {
  const auto place = namesake(scenario, there) - scenario.projects.begin();
  ApiError error(
      409, "ProjectExists",
      "There is a project \"" + there.name +
          "\" already, and nothing was loaded. Replace it with ?replace=1 (cvemu load --replace), or "
          "empty the emulator first (POST /_emulator/reset, cvemu reset).");
  error.details.emplace_back("project", there.name);
  error.details.emplace_back("path", "/projects/" + std::to_string(place) + "/name");
  return error;
}

// What was scripted for the project goes with it, and what it had under way.
void forget_rules(ControlContext& control, const Uuid& project) {
  Transaction tx(control.environment.database);
  for (const Job& job : jobs::list(tx))
    if (job_kinds::of(job).operation && subject_of(job).project == project) jobs::remove(tx, job.id);
  for (const OperationKind kind : {OperationKind::Training, OperationKind::Export, OperationKind::Import})
    outcomes::remove_script(tx, kind, project);
  std::vector<PredictionRule> rules = prediction_rules::list(tx);
  std::erase_if(rules, [&](const PredictionRule& rule) { return rule.project == project; });
  prediction_rules::clear(tx);
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) prediction_rules::add(tx, *rule);
  tx.commit();
}

// As a client would delete it: published iterations first.
void remove_project(ControlContext& control, const Project& project) {
  const std::string path = std::string(kTraining) + "/projects/" + project.id.text();
  std::vector<Iteration> iterations;
  {
    Transaction tx(control.environment.database);
    iterations = iterations::list(tx, project.id);
  }
  for (const Iteration& iteration : iterations)
    if (iteration.publish_name)
      request_json(control, EndpointKind::Vision, Method::Delete,
                   path + "/iterations/" + iteration.id.text() + "/publish");
  request_json(control, EndpointKind::Vision, Method::Delete, path);
  forget_rules(control, project.id);
}

// The names of those that had to go.
std::vector<std::string> make_room(ControlContext& control, const Scenario& scenario, bool replace) {
  std::vector<std::string> names;
  for (const Project& there : namesakes(control, scenario)) {
    if (!replace) throw name_taken(scenario, there);
    remove_project(control, there);
    names.push_back(there.name);
  }
  return names;
}

// Adds the rule, or puts it in place of the one that has its id. Answers the id.
std::string add_fault(ControlContext& control, const Json& fault, bool replace) {
  const std::string id = text(fault, "id");
  const bool puts = replace && !id.empty();
  return request_json(control, EndpointKind::Control, puts ? Method::Put : Method::Post,
                      "/_emulator/faults" + (puts ? '/' + percent_encode(id) : std::string()),
                      dump_json(fault))
      .at("id");
}

void apply_all(ControlContext& control, const Scenario& scenario) {
  if (!scenario.clock.is_null())
    request_json(control, EndpointKind::Control, Method::Put, "/_emulator/clock", dump_json(scenario.clock));
  for (const std::string& name : scenario.queues)
    create(control, EndpointKind::Queue, '/' + percent_encode(name));
  for (const std::string& name : scenario.containers)
    create(control, EndpointKind::Blob, '/' + percent_encode(name) + "?restype=container");
  const Identity identity = lend_identity(control, scenario);
  ProjectIds ids;
  for (std::size_t i = 0; i < scenario.projects.size(); ++i) {
    const ScenarioProject& project = scenario.projects[i];
    try {
      ids[to_lower(project.name)] = Builder(control, project).build();
    } catch (ApiError& error) {
      const auto is_path = [](const auto& detail) { return detail.first == "path"; };
      if (std::none_of(error.details.begin(), error.details.end(), is_path))
        error.details.emplace_back("path", "/projects/" + std::to_string(i));
      throw;
    }
  }
  keep_rules(control, scenario, ids, identity);
}

ApiError fault_exists(const std::string& id, std::string path) {
  ApiError error(
      409, "FaultExists",
      "There is a fault \"" + id +
          "\" already, and nothing was loaded. Replace it with ?replace=1 (cvemu load --replace), or "
          "remove it first (DELETE /_emulator/faults/{id}, cvemu faults remove).");
  error.details.emplace_back("path", std::move(path));
  return error;
}

// Before anything begins: the rules that are there are no part of the state that comes back.
void check_fault_ids(const ControlContext& control, const Scenario& scenario, bool replace) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const std::string id = text(scenario.faults[i], "id"), path = "/faults/" + std::to_string(i) + "/id";
    if (id.empty()) continue;
    if (!seen.insert(id).second)
      throw bad_field("AmbiguousName", "This scenario has two faults \"" + id + "\".", path);
    if (!replace && control.faults.find(id)) throw fault_exists(id, path);
  }
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::size_t count_images(const ScenarioProject& project) {
  std::size_t count = 0;
  for (const ScenarioImages& images : project.images)
    count += images.folder ? images.folder->files.size() : static_cast<std::size_t>(images.count);
  return count;
}

std::string in_quotes(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back('"' + name + '"');
  return join(quoted, ", ");
}

// "project "Hemlock" (20 images, 2 iterations)", "queue "work"" ... in one line.
std::string summary_of(const Scenario& scenario, const Loaded& loaded) {
  std::vector<std::string> parts;
  for (const ScenarioProject& project : scenario.projects)
    parts.push_back("project \"" + project.name + "\" (" + counted(count_images(project), "image", "images") +
                    ", " + counted(project.iterations.size(), "iteration", "iterations") + ')');
  const auto add_names = [&](const std::vector<std::string>& names, const char* one, const char* many) {
    if (!names.empty()) parts.push_back((names.size() == 1 ? one : many) + (' ' + in_quotes(names)));
  };
  add_names(scenario.queues, "queue", "queues");
  add_names(scenario.containers, "container", "containers");
  add_names(loaded.faults, "fault", "faults");
  const auto add_count = [&](std::size_t count, const char* one, const char* many) {
    if (count > 0) parts.push_back(counted(count, one, many));
  };
  add_count(scenario.scripts.size(), "script of outcomes", "scripts of outcomes");
  add_count(scenario.predictions.size(), "rule for predictions", "rules for predictions");
  if (!scenario.clock.is_null()) parts.push_back("the clock");
  if (!scenario.identity.is_null()) parts.push_back("the identity");
  std::string line =
      parts.empty() ? "Loaded nothing: the scenario is empty." : "Loaded " + join(parts, "; ") + '.';
  if (!loaded.replaced.empty()) line += " Replaced " + in_quotes(loaded.replaced) + '.';
  return line;
}

}  // namespace

Json request_json(ControlContext& control, EndpointKind kind, Method method, const std::string& target,
                  const std::string& body) {
  const Response response = control.send_internal(kind, method, target, body);
  if (response.status >= 300) refuse(std::string(method_name(method)) + ' ' + target, response);
  return try_parse_json(text_of(response)).value_or(Json());
}

Loaded apply(ControlContext& control, const Scenario& scenario, bool replace) {
  const StateReplacement turn(control);
  check_fault_ids(control, scenario, replace);
  const archive::Snapshot before = control.snapshots.state();
  Loaded loaded;
  try {
    loaded.replaced = make_room(control, scenario, replace);
    apply_all(control, scenario);
    for (const Json& fault : scenario.faults) loaded.faults.push_back(add_fault(control, fault, replace));
    return loaded;
  } catch (...) {
    for (const std::string& id : loaded.faults) control.faults.remove(id);
    control.snapshots.restore(before);
    control.state_replaced();
    throw;
  }
}

Json describe(const Scenario& scenario, const Loaded& loaded) {
  Json names = Json::array();
  std::size_t images = 0, iterations = 0;
  for (const ScenarioProject& project : scenario.projects) {
    names.push_back(project.name);
    images += count_images(project);
    iterations += project.iterations.size();
  }
  return {{"summary", summary_of(scenario, loaded)},
          {"projects", names},
          {"queues", scenario.queues},
          {"containers", scenario.containers},
          {"faults", loaded.faults},
          {"images", images},
          {"iterations", iterations},
          {"transitions", scenario.scripts.size()},
          {"predictions", scenario.predictions.size()},
          {"replaced", loaded.replaced}};
}

}  // namespace cvemu::control
