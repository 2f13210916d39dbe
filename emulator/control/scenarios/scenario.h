// A scenario: what an emulator is to hold at the beginning of a test, as people write it down.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/context.h"
#include "control/json.h"
#include "control/scenarios/folders.h"
#include "store/customvision/images.h"
#include "store/outcomes.h"

namespace cvemu::control {

struct ScenarioRegion {
  std::string tag;
  Box box;
};

// Images with the same tags: the files of a folder, or drawn ones, all different.
struct ScenarioImages {
  std::vector<std::string> tags;
  std::int64_t count = 0;
  std::optional<ImageFolder> folder;  // unset: drawn
  std::vector<ScenarioRegion> regions;
};

struct ScenarioIteration {
  std::string name, published_as;
  IterationStatus status = IterationStatus::Completed;
  std::optional<std::string> details;  // of a failed one
  std::vector<std::string> exports;    // platforms
};

struct ScenarioProject {
  std::string name, description, domain, classification_type, queue, container;
  std::vector<std::string> tags;
  std::vector<ScenarioImages> images;
  std::vector<ScenarioIteration> iterations;
};

struct ScenarioScript {
  std::string project;
  outcomes::Script script;
};

struct ScenarioPrediction {
  std::string project, digest;
  Json predictions;
};

struct Scenario {
  Json clock, identity;  // as the routes take them; null if the file says nothing
  std::vector<std::string> queues, containers;
  std::vector<ScenarioProject> projects;
  std::vector<ScenarioScript> scripts;
  std::vector<ScenarioPrediction> predictions;
  Json faults = Json::array();  // for POST /_emulator/faults
};

// Reads and checks all of it; ApiError with the pointer of the first thing that is wrong. `domains` are the
// names that a project may have; `check_fault` refuses a rule that could not be added.
Scenario read_scenario(const Json& json, const std::vector<std::string>& domains, const ImageFolders& folders,
                       const std::function<void(const Json&)>& check_fault);

// The list `name` of `object`. `check` sees each rule; ApiErrors have pointers.
std::vector<ScenarioPrediction> read_predictions(const Json& object, const std::string& name,
                                                 const std::function<void(const ScenarioPrediction&)>& check);

// A request from inside that must succeed; the answer's JSON, null if it has none. 400 ScenarioRefused with
// the answer if it is refused, by a fault for example.
Json request_json(ControlContext& control, EndpointKind kind, Method method, const std::string& target,
                  const std::string& body = "");

// What was put into the emulator.
struct Loaded {
  std::vector<std::string> replaced;  // projects that had to go first
  std::vector<std::string> faults;    // ids
};

// Puts all of it into the emulator, at its own endpoints; if anything is refused, as it was before. 409
// ProjectExists for a project whose name is taken, unless the scenario is to `replace` those that have it.
Loaded apply(ControlContext& control, const Scenario& scenario, bool replace);

// What a scenario that was loaded says it was: {"summary", "projects", "queues", "containers", "faults",
// "images", "iterations", "transitions", "predictions", "replaced"}. Names where things have names, else how
// many.
Json describe(const Scenario& scenario, const Loaded& loaded);

}  // namespace cvemu::control
