#include "customvision/jobs.h"

#include <nlohmann/json.hpp>

#include "customvision/files.h"
#include "customvision/model_archive.h"
#include "customvision/notifications.h"
#include "customvision/storage_link.h"
#include "customvision/training_rules.h"
#include "store/project_copy.h"

namespace cvemu::customvision::jobs {

namespace {

using Json = nlohmann::json;

std::string text(const Json& json, const char* name) { return json.at(name).get<std::string>(); }
Uuid id(const Json& json, const char* name) { return Uuid::parse(text(json, name)).value_or(Uuid()); }

// Azure: minutes begun count (a run of seconds is 1; recorded).
std::int64_t minutes_between(Instant from, Instant to) {
  return std::chrono::ceil<std::chrono::minutes>(to - from).count();
}

// When the message leaves, if the API's state changes now.
Instant message_time(const CustomVision& state, const Outcome& outcome) {
  return state.environment.clock.now() + (outcome.notifies_early ? Duration::zero() : outcome.notification_gap);
}

void schedule_message(Transaction& tx, CustomVision& state, const Project& project, const Outcome& outcome,
                      std::string message) {
  if (!project.settings.notification_queue_uri) return;
  const Json payload = {{"queue", *project.settings.notification_queue_uri}, {"message", std::move(message)}};
  state.environment.scheduler.at(tx, message_time(state, outcome), operations::kDeliver, payload.dump());
}

// Whether the message goes out now and the API shows the new state only later, in a second run of the same job.
bool is_announcement(const Json& payload, const Outcome& outcome) {
  return outcome.notifies_early && !payload.contains("announced");
}

void show_later(Transaction& tx, CustomVision& state, std::string_view kind, Json payload, const Outcome& outcome) {
  Outcome rest = outcome;
  rest.hold = false;
  payload["announced"] = true;
  state.environment.scheduler.at(tx, state.environment.clock.now() + outcome.notification_gap, kind, payload.dump(),
                                 rest);
}

// Emulator: a training fails if its images were deleted meanwhile, from all iterations.
bool still_trainable(Transaction& tx, const Project& project, const Uuid& iteration, std::string& why) {
  try {
    require_trainable(project, tags::list(tx, iteration));
    return true;
  } catch (const ApiError& error) {
    why = error.message;
    return false;
  }
}

// The message exists exactly if the state changed: both are kept by the same transaction.
void finish_training(CustomVision& state, const Json& payload, const Outcome& outcome) {
  Transaction tx(state.environment.database);
  auto project = projects::find(tx, id(payload, "project"));
  if (!project) return;  // deleted meanwhile
  auto iteration = iterations::find(tx, project->id, id(payload, "iteration"));
  if (!iteration || iteration->status != "Training") return;
  if (is_announcement(payload, outcome)) {
    schedule_message(tx, state, *project, outcome,
                     notifications::training(project->id, iteration->id, !outcome.fails));
    show_later(tx, state, operations::kFinishTraining, payload, outcome);
    return tx.commit();
  }

  const Instant now = state.environment.clock.now();
  std::string why;
  const bool trainable = still_trainable(tx, *project, iteration->id, why);
  const bool completed = trainable && !outcome.fails;
  iteration->status = completed ? "Completed" : "Failed";
  iteration->modified = now;
  iteration->training_minutes = std::max<std::int64_t>(1, minutes_between(iteration->started, now));
  if (completed) {
    iteration->trained = now;
  } else {
    iteration->error_details = outcome.fails ? outcome.details : why;
    projects::mark_changed(tx, project->id);
  }
  iterations::update(tx, *iteration);
  if (!payload.contains("announced"))
    schedule_message(tx, state, *project, outcome, notifications::training(project->id, iteration->id, completed));
  tx.commit();
}

// Azure: the blob's name is `{projectId} - {iterationId}.{platformType}` (how-to).
std::string backup_name(const Uuid& project, const Export& entry) {
  return project.text() + " - " + entry.iteration.text() + '.' + entry.platform;
}

// What is still to be done outside: the backup into the user's container, then the message.
void schedule_export_delivery(Transaction& tx, CustomVision& state, const Project& project, const Export& entry,
                              const Outcome& outcome) {
  const Instant now = message_time(state, outcome);
  const auto& container = project.settings.export_container_uri;
  const auto& queue = project.settings.notification_queue_uri;
  if (!container && !queue) return;
  // Azure: modelUri is the backup's URL, else a SAS link to the service's own copy (how-to).
  const std::string name = backup_name(project.id, entry);
  const std::string model_uri = container ? StorageLink::blob_url(*container, name)
                                          : state.files.model_link(now, project.id, entry);
  Json payload = Json::object();
  if (container)
    payload["backup"] = {{"container", *container},          {"name", name},
                         {"project", project.id.text()},     {"iteration", entry.iteration.text()},
                         {"platform", entry.platform},       {"flavor", entry.flavor}};
  if (queue) {
    payload["queue"] = *queue;
    payload["message"] = notifications::exported(project.id, entry.iteration, true, model_uri);
  }
  state.environment.scheduler.at(tx, now, operations::kDeliver, payload.dump());
}

void finish_export(CustomVision& state, const Json& payload, const Outcome& outcome) {
  Transaction tx(state.environment.database);
  const auto project = projects::find(tx, id(payload, "project"));
  if (!project) return;
  const auto iteration = iterations::find(tx, project->id, id(payload, "iteration"));
  const auto entry = exports::find(tx, id(payload, "iteration"), text(payload, "platform"), text(payload, "flavor"));
  if (!iteration || !entry || entry->status != "Exporting") return;

  if (!payload.contains("announced")) {
    const Instant now = state.environment.clock.now();
    if (outcome.fails) {
      schedule_message(tx, state, *project, outcome,
                       notifications::exported(project->id, entry->iteration, false, ""));
    } else {
      state.files.put_model(tx, project->id, *entry, model_archive(*iteration, *entry, now), now);
      schedule_export_delivery(tx, state, *project, *entry, outcome);
    }
  }
  if (is_announcement(payload, outcome)) {
    show_later(tx, state, operations::kFinishExport, payload, outcome);
  } else {
    exports::set_status(tx, *entry, outcome.fails ? "Failed" : "Done");
  }
  tx.commit();
}

std::optional<std::string> model_bytes(CustomVision& state, const Json& backup) {
  Export entry;
  entry.iteration = id(backup, "iteration");
  entry.platform = text(backup, "platform");
  entry.flavor = text(backup, "flavor");
  Transaction tx(state.environment.database);
  return state.files.read_model(tx, id(backup, "project"), entry);
}

void deliver(CustomVision& state, const Json& payload, const Outcome&) {
  if (payload.contains("backup")) {
    const Json& backup = payload.at("backup");
    auto bytes = model_bytes(state, backup);
    if (!bytes) return;  // the project was deleted: there is nothing left to back up or to announce
    state.link.put_blob(text(backup, "container"), text(backup, "name"), *std::move(bytes), "application/zip");
  }
  if (payload.contains("queue")) state.link.send_message(text(payload, "queue"), text(payload, "message"));
}

// The project's rows are there since the import was accepted; now it gets what it is to hold.
void finish_import(CustomVision& state, const Json& payload, const Outcome& outcome) {
  Transaction tx(state.environment.database);
  auto project = projects::find(tx, id(payload, "project"));
  if (!project || project->status != "Importing") return;
  const auto source = outcome.fails ? std::nullopt : projects::find(tx, id(payload, "source"));
  const Instant now = state.environment.clock.now();
  project->modified = now;
  project->status = source ? "Succeeded" : "Failed";
  if (source) {
    const auto ids = project_copy::copy(tx, source->id, project->id, state.environment.ids);
    for (const auto& [from, to] : ids.images) state.files.copy_image(tx, source->id, from, *images::find_any(tx, to), now);
    if (source->thumbnail) project->thumbnail = ids.images.at(*source->thumbnail);
    project->iteration_counter = source->iteration_counter;
    project->changed = source->changed;
  }
  projects::update(tx, *project);
  tx.commit();
}

void remove_test_blob(CustomVision& state, const Json& payload, const Outcome&) {
  state.link.delete_blob(text(payload, "container"), text(payload, "name"));
}

}  // namespace

std::string finish_training(const Uuid& project, const Uuid& iteration) {
  return Json{{"project", project.text()}, {"iteration", iteration.text()}}.dump();
}

std::string finish_export(const Uuid& project, const Export& entry) {
  return Json{{"project", project.text()},
              {"iteration", entry.iteration.text()},
              {"platform", entry.platform},
              {"flavor", entry.flavor}}
      .dump();
}

std::string finish_import(const Uuid& project, const Uuid& source) {
  return Json{{"project", project.text()}, {"source", source.text()}}.dump();
}

std::string remove_test_blob(std::string_view container_uri, std::string_view name) {
  return Json{{"container", container_uri}, {"name", name}}.dump();
}

void register_all(Scheduler& scheduler, CustomVision& state) {
  const auto on = [&](std::string_view kind, void (*run)(CustomVision&, const Json&, const Outcome&),
                      Scheduler::Purpose purpose = Scheduler::Purpose::Awaited) {
    scheduler.on(kind, [&state, run](const Job& job) { run(state, Json::parse(job.payload), job.outcome); }, purpose);
  };
  on(operations::kFinishTraining, finish_training);
  on(operations::kFinishExport, finish_export);
  on(operations::kFinishImport, finish_import);
  on(operations::kDeliver, deliver);
  on(operations::kRemoveTestBlob, remove_test_blob, Scheduler::Purpose::Housekeeping);
}

}  // namespace cvemu::customvision::jobs
