// Trainings of a project and the exports of their models. What an iteration was trained on is the workspace
// of its id (store/customvision/workspaces.h).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cvemu/types.h"
#include "db/database.h"

namespace cvemu {

struct Iteration {
  Uuid id, project;
  std::string name;
  IterationStatus status = IterationStatus::Training;
  Instant created;  // Azure: when its workspace was opened, not when training was called
  Instant modified, started;
  std::optional<Instant> trained;
  Uuid domain;
  std::optional<ClassificationType> classification_type;  // unset: object detection
  TrainingType training_type = TrainingType::Regular;
  std::int64_t reserved_budget_hours = 0, training_minutes = 0;
  std::optional<std::string> publish_name, publish_resource;
  std::string base_model;  // JSON {projectId, iterationId}, or empty
  std::optional<std::string> error_details;
};

struct Export {
  Uuid iteration;
  std::string platform, flavor;  // flavor '' if none was asked for
  ExportStatus status = ExportStatus::Exporting;
  Instant requested;
};

namespace iterations {

void insert(Transaction& tx, const Iteration& iteration);
std::optional<Iteration> find(Transaction& tx, const Uuid& project, const Uuid& id);
std::vector<Iteration> list(Transaction& tx, const Uuid& project);  // newest first
void update(Transaction& tx, const Iteration& iteration);
void remove(Transaction& tx, const Uuid& id);  // with its workspace and exports
std::int64_t count(Transaction& tx, const Uuid& project);
// Exactly this name; names are unique among the published ones of a project.
std::optional<Iteration> find_published(Transaction& tx, const Uuid& project, std::string_view publish_name);
bool any_in_training(Transaction& tx, const Uuid& project);
bool any_published(Transaction& tx, const Uuid& project);

}  // namespace iterations

namespace exports {

void put(Transaction& tx, const Export& entry);  // new, or again after a failure
std::optional<Export> find(Transaction& tx, const Uuid& iteration, std::string_view platform,
                           std::string_view flavor);
std::vector<Export> list(Transaction& tx, const Uuid& iteration);  // oldest first
void set_status(Transaction& tx, const Export& entry, ExportStatus status);

}  // namespace exports
}  // namespace cvemu
