#include "customvision/jobs.h"

#include <nlohmann/json.hpp>

#include "customvision/files.h"
#include "customvision/notifications.h"
#include "customvision/storage_link.h"
#include "customvision/training.h"
#include "exporting/archive.h"
#include "learning/model_bytes.h"
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

void schedule_message(Transaction& tx, CustomVision& state, const Project& project, std::string message,
                      Instant now) {
  if (!project.settings.notification_queue_uri) return;
  const Json payload = {{"queue", *project.settings.notification_queue_uri}, {"message", std::move(message)}};
  state.environment.scheduler.at(tx, now, kDeliver, payload.dump());
}

// The iteration while it waits for its training to end; nullopt if it was deleted meanwhile.
std::optional<Iteration> training_iteration(Transaction& tx, const Json& payload) {
  auto iteration = iterations::find(tx, id(payload, "project"), id(payload, "iteration"));
  if (!iteration || iteration->status != "Training") return std::nullopt;
  return iteration;
}

void keep_outcome(Transaction& tx, Iteration& iteration, const std::variant<Trained, TrainingFailure>& outcome,
                  Instant now) {
  iteration.modified = now;
  iteration.training_minutes = std::max<std::int64_t>(1, minutes_between(iteration.started, now));
  if (const auto* trained = std::get_if<Trained>(&outcome)) {
    iteration.status = "Completed";
    iteration.trained = now;
    models::put(tx, iteration.id, trained->model, trained->held_out);
  } else {
    // Emulator: a training fails if its images were deleted meanwhile, from all iterations.
    iteration.status = "Failed";
    iteration.error_details = std::get<TrainingFailure>(outcome).reason;
    projects::mark_changed(tx, iteration.project);
  }
  iterations::update(tx, iteration);
}

// Learns while no transaction is open. The message exists exactly if the state changed: both are kept by the same
// transaction.
void finish_training(CustomVision& state, const Json& payload) {
  std::optional<Iteration> iteration;
  {
    Transaction tx(state.environment.database);
    iteration = training_iteration(tx, payload);
  }
  if (!iteration) return;
  // Emulator: the time that learning really takes is not time of the emulator's clock.
  const Instant now = state.environment.clock.now();
  const auto outcome = train(state, *iteration);

  Transaction tx(state.environment.database);
  iteration = training_iteration(tx, payload);
  const auto project = projects::find(tx, id(payload, "project"));
  if (!iteration || !project) return;
  keep_outcome(tx, *iteration, outcome, now);
  const bool completed = iteration->status == "Completed";
  schedule_message(tx, state, *project, notifications::training(project->id, iteration->id, completed), now);
  tx.commit();
}

// Azure: the blob's name is `{projectId} - {iterationId}.{platformType}` (how-to).
std::string backup_name(const Uuid& project, const Export& entry) {
  return project.text() + " - " + entry.iteration.text() + '.' + entry.platform;
}

// What is still to be done outside: the backup into the user's container, then the message.
void schedule_export_delivery(Transaction& tx, CustomVision& state, const Project& project, const Export& entry,
                              Instant now) {
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
  state.environment.scheduler.at(tx, now, kDeliver, payload.dump());
}

std::variant<std::string, exporting::Refusal> write_archive(const Json& payload,
                                                            const std::optional<StoredModel>& model,
                                                            Instant now) {
  if (!model) return exporting::Refusal{"The iteration has no model."};
  return exporting::build_archive({text(payload, "platform"), text(payload, "flavor"), id(payload, "iteration"),
                                   now, learning::model_from_bytes(model->bytes)});
}

// The export while it waits for its end; nullopt if its iteration was deleted meanwhile.
std::optional<Export> waiting_export(Transaction& tx, const Json& payload) {
  if (!iterations::find(tx, id(payload, "project"), id(payload, "iteration"))) return std::nullopt;
  auto entry = exports::find(tx, id(payload, "iteration"), text(payload, "platform"), text(payload, "flavor"));
  if (!entry || entry->status != "Exporting") return std::nullopt;
  return entry;
}

// The archive is written while no transaction is open.
void finish_export(CustomVision& state, const Json& payload) {
  std::optional<StoredModel> model;
  {
    Transaction tx(state.environment.database);
    if (!waiting_export(tx, payload)) return;
    model = models::find(tx, id(payload, "iteration"));
  }
  const Instant now = state.environment.clock.now();
  const auto archive = write_archive(payload, model, now);

  Transaction tx(state.environment.database);
  const auto entry = waiting_export(tx, payload);
  const auto project = projects::find(tx, id(payload, "project"));
  if (!entry || !project) return;
  if (const auto* zip = std::get_if<std::string>(&archive)) {
    state.files.put_model(tx, project->id, *entry, *zip, now);
    exports::set_status(tx, *entry, "Done");
    schedule_export_delivery(tx, state, *project, *entry, now);
  } else {
    state.environment.log.warning("export of " + entry->iteration.text() + " failed: " +
                                  std::get<exporting::Refusal>(archive).reason);
    exports::set_status(tx, *entry, "Failed");
    schedule_message(tx, state, *project, notifications::exported(project->id, entry->iteration, false, ""), now);
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

void deliver(CustomVision& state, const Json& payload) {
  if (payload.contains("backup")) {
    const Json& backup = payload.at("backup");
    auto bytes = model_bytes(state, backup);
    if (!bytes) return;  // the project was deleted: there is nothing left to back up or to announce
    state.link.put_blob(text(backup, "container"), text(backup, "name"), *std::move(bytes), "application/zip");
  }
  if (payload.contains("queue")) state.link.send_message(text(payload, "queue"), text(payload, "message"));
}

// The project's rows are there since the import was accepted; now it gets what it is to hold.
void finish_import(CustomVision& state, const Json& payload) {
  Transaction tx(state.environment.database);
  auto project = projects::find(tx, id(payload, "project"));
  if (!project || project->status != "Importing") return;
  const auto source = projects::find(tx, id(payload, "source"));
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

void remove_test_blob(CustomVision& state, const Json& payload) {
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
  const auto on = [&](std::string_view kind, void (*run)(CustomVision&, const Json&)) {
    scheduler.on(kind, [&state, run](const Job& job) { run(state, Json::parse(job.payload)); });
  };
  on(kFinishTraining, finish_training);
  on(kFinishExport, finish_export);
  on(kFinishImport, finish_import);
  on(kDeliver, deliver);
  on(kRemoveTestBlob, remove_test_blob);
}

}  // namespace cvemu::customvision::jobs
