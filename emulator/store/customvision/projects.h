// Projects with their settings and the counters of their workspace.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cvemu/types.h"
#include "db/database.h"

namespace cvemu {

struct ProjectSettings {
  Uuid domain;
  std::optional<ClassificationType> classification_type;  // unset: object detection
  std::string export_platforms;                           // joined by commas, in the enum's spelling
  std::optional<std::string> detection_parameters;
  std::string augmentation;  // JSON object of booleans
  std::optional<std::string> export_container_uri, notification_queue_uri;
};

struct Project {
  Uuid id;
  std::string name, description;
  ProjectSettings settings;
  Instant created, modified;
  ProjectStatus status = ProjectStatus::Succeeded;
  std::int64_t iteration_counter = 1;  // number of the next training
  Instant workspace_opened;            // becomes `created` of the next iteration
  bool changed = true;                 // something to learn since the last training
  std::optional<Uuid> thumbnail;       // the image whose thumbnail stands for the project
};

namespace projects {

void insert(Transaction& tx, const Project& project);  // with its empty workspace
std::int64_t count(Transaction& tx);
std::optional<Project> find(Transaction& tx, const Uuid& id);
std::vector<Project> list(Transaction& tx);  // newest first
void update(Transaction& tx, const Project& project);
// Gone for every function here but the two below, which remove what it holds.
void mark_deleted(Transaction& tx, const Uuid& id);
std::optional<Uuid> find_deleted(Transaction& tx);  // one of those that are marked
// Removes a slice of what a deleted project holds, and in the end the project: some milliseconds of work.
// Files and stored predictions are the caller's.
void remove_slice(Transaction& tx, const Uuid& id);
void mark_changed(Transaction& tx, const Uuid& id);

}  // namespace projects
}  // namespace cvemu
