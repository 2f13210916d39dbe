#include "customvision/jobs/jobs.h"

#include "base/required.h"
#include "customvision/files.h"
#include "customvision/jobs/notifications.h"
#include "customvision/jobs/storage_link.h"
#include "customvision/model/training.h"
#include "exporting/archive.h"
#include "learning/model_bytes.h"
#include "runtime/job_payloads.h"
#include "store/customvision/project_copy.h"

namespace cvemu::customvision::jobs {

namespace {

using TrainingResult = std::variant<Trained, TrainingFailure>;
using Archive = std::variant<std::string, exporting::Refusal>;

// Azure: minutes begun count (a run of seconds is 1; recorded).
std::int64_t minutes_between(Instant from, Instant to) {
  return std::chrono::ceil<std::chrono::minutes>(to - from).count();
}

void schedule(Transaction& tx, CustomVision& state, const Deliver& delivery, Instant now) {
  state.environment.scheduler.at(tx, now, job_kinds::kDeliver, delivery.to_json());
}

void schedule_message(Transaction& tx, CustomVision& state, const Project& project, const Uuid& iteration,
                      std::string message, Instant now) {
  const auto& queue = project.settings.notification_queue_uri;
  if (queue) schedule(tx, state, {project.id, iteration, {}, *queue, std::move(message)}, now);
}

// When the message leaves, if the API's state changes now.
Instant message_time(Instant now, const Outcome& scripted) {
  return scripted.notifies_early ? now : now + scripted.notification_gap;
}

// The message goes out now, and the API shows the new state later: in a second run of the same job.
template <class Payload>
bool announces_first(const Payload& payload, const Outcome& scripted) {
  return scripted.notifies_early && !payload.announced;
}

template <class Payload>
void show_later(Transaction& tx, CustomVision& state, const JobKind& kind, Payload payload,
                Outcome scripted) {
  payload.announced = true;
  scripted.hold = false;
  state.environment.scheduler.at(tx, state.environment.clock.now() + scripted.notification_gap, kind,
                                 payload.to_json(), scripted);
}

// The operation has nobody left to tell.
JobResult deleted_meanwhile() {
  return {false, "", "It was deleted before the operation ended."};
}

// The iteration while it waits for its training to end; nullopt if it was deleted meanwhile.
std::optional<Iteration> training_iteration(Transaction& tx, const FinishTraining& payload) {
  auto iteration = iterations::find(tx, payload.project, payload.iteration);
  if (!iteration || iteration->status != IterationStatus::Training) return std::nullopt;
  return iteration;
}

void keep_outcome(Transaction& tx, Iteration& iteration, const TrainingResult& outcome, Instant now) {
  iteration.modified = now;
  iteration.training_minutes = std::max<std::int64_t>(1, minutes_between(iteration.started, now));
  if (const auto* trained = std::get_if<Trained>(&outcome)) {
    iteration.status = IterationStatus::Completed;
    iteration.trained = now;
    models::put(tx, iteration.id, trained->model, trained->held_out);
  } else {
    // Emulator: a training fails if its images were deleted meanwhile, from all iterations.
    iteration.status = IterationStatus::Failed;
    const std::string& reason = std::get<TrainingFailure>(outcome).reason;
    if (!reason.empty()) iteration.error_details = reason;
    projects::mark_changed(tx, iteration.project);
  }
  iterations::update(tx, iteration);
}

JobResult announce_training(CustomVision& state, const FinishTraining& payload, const Outcome& scripted) {
  Transaction tx(state.environment.database);
  const auto project = projects::find(tx, payload.project);
  if (!project) return deleted_meanwhile();
  schedule_message(tx, state, *project, payload.iteration,
                   notifications::training(project->id, payload.iteration, !scripted.fails),
                   state.environment.clock.now());
  show_later(tx, state, job_kinds::kFinishTraining, payload, scripted);
  tx.commit();
  return {!scripted.fails, std::string(to_text(IterationStatus::Training)), ""};
}

// Learns while no transaction is open. The message exists exactly if the state changed: both are kept by the
// same transaction.
JobResult finish_training(CustomVision& state, const FinishTraining& payload, const Outcome& scripted) {
  std::optional<Iteration> iteration;
  {
    Transaction tx(state.environment.database);
    iteration = training_iteration(tx, payload);
  }
  if (!iteration) return deleted_meanwhile();
  if (announces_first(payload, scripted)) return announce_training(state, payload, scripted);
  const TrainingResult outcome = scripted.fails
                                     ? TrainingResult(TrainingFailure{scripted.details.value_or("")})
                                     : train(state, *iteration);

  Transaction tx(state.environment.database);
  iteration = training_iteration(tx, payload);
  const auto project = projects::find(tx, payload.project);
  if (!iteration || !project) return deleted_meanwhile();
  const Instant now = state.environment.clock.now();
  keep_outcome(tx, *iteration, outcome, now);
  const bool completed = iteration->status == IterationStatus::Completed;
  if (!payload.announced)
    schedule_message(tx, state, *project, iteration->id,
                     notifications::training(project->id, iteration->id, completed),
                     message_time(now, scripted));
  tx.commit();
  return {completed, std::string(to_text(iteration->status)),
          completed ? "" : iteration->error_details.value_or("")};
}

// Azure: the blob's name is `{projectId} - {iterationId}.{platformType}` (how-to).
std::string backup_name(const Uuid& project, const Export& entry) {
  return project.text() + " - " + entry.iteration.text() + '.' + entry.platform;
}

// What is still to be done outside: the backup into the user's container, then the message.
void schedule_export_delivery(Transaction& tx, CustomVision& state, const Project& project,
                              const Export& entry, Instant now) {
  const auto& container = project.settings.export_container_uri;
  const auto& queue = project.settings.notification_queue_uri;
  if (!container && !queue) return;
  // Azure: modelUri is the backup's URL, else a SAS link to the service's own copy (how-to).
  const std::string name = backup_name(project.id, entry);
  const std::string model_uri =
      container ? StorageLink::blob_url(*container, name) : state.files.model_link(now, project.id, entry);
  Deliver delivery{project.id, entry.iteration, {}, queue, ""};
  if (container) delivery.backup = {*container, name, entry.platform, entry.flavor};
  if (queue) delivery.message = notifications::exported(project.id, entry.iteration, true, model_uri);
  schedule(tx, state, delivery, now);
}

Archive write_archive(const FinishExport& payload, const std::optional<StoredModel>& model, Instant now) {
  if (!model) return exporting::Refusal{"The iteration has no model."};
  return exporting::build_archive(
      {payload.platform, payload.flavor, payload.iteration, now, learning::model_from_bytes(model->bytes)});
}

// The export while it waits for its end; nullopt if its iteration was deleted meanwhile.
std::optional<Export> waiting_export(Transaction& tx, const FinishExport& payload) {
  if (!iterations::find(tx, payload.project, payload.iteration)) return std::nullopt;
  auto entry = exports::find(tx, payload.iteration, payload.platform, payload.flavor);
  if (!entry || entry->status != ExportStatus::Exporting) return std::nullopt;
  return entry;
}

void announce_export(Transaction& tx, CustomVision& state, const Project& project, const Export& entry,
                     bool done, Instant now) {
  if (done) return schedule_export_delivery(tx, state, project, entry, now);
  schedule_message(tx, state, project, entry.iteration,
                   notifications::exported(project.id, entry.iteration, false, ""), now);
}

// Whether there is a model for the user now.
bool keep_archive(Transaction& tx, CustomVision& state, const Project& project, const Export& entry,
                  const Archive& archive) {
  if (const auto* zip = std::get_if<std::string>(&archive)) {
    state.files.put_model(tx, project.id, entry, *zip, state.environment.clock.now());
    return true;
  }
  state.environment.log.warning("export of " + entry.iteration.text() +
                                " failed: " + std::get<exporting::Refusal>(archive).reason);
  return false;
}

// The archive is written while no transaction is open.
JobResult finish_export(CustomVision& state, const FinishExport& payload, const Outcome& scripted) {
  std::optional<StoredModel> model;
  {
    Transaction tx(state.environment.database);
    if (!waiting_export(tx, payload)) return deleted_meanwhile();
    model = models::find(tx, payload.iteration);
  }
  const Instant now = state.environment.clock.now();
  const Archive archive = scripted.fails
                              ? Archive(exporting::Refusal{scripted.details.value_or("as a test asked for")})
                              : write_archive(payload, model, now);

  Transaction tx(state.environment.database);
  const auto entry = waiting_export(tx, payload);
  const auto project = projects::find(tx, payload.project);
  if (!entry || !project) return deleted_meanwhile();
  const bool done = keep_archive(tx, state, *project, *entry, archive);
  if (!payload.announced) announce_export(tx, state, *project, *entry, done, message_time(now, scripted));
  ExportStatus shown = done ? ExportStatus::Done : ExportStatus::Failed;
  if (announces_first(payload, scripted)) {
    show_later(tx, state, job_kinds::kFinishExport, payload, scripted);
    shown = entry->status;
  } else {
    exports::set_status(tx, *entry, shown);
  }
  tx.commit();
  return {done, std::string(to_text(shown)), done ? "" : std::get<exporting::Refusal>(archive).reason};
}

Delivery about(const Deliver& payload, Delivery::Kind kind) {
  return {kind, payload.project.text(), payload.iteration.is_nil() ? "" : payload.iteration.text()};
}

struct FoundBackup {
  std::optional<Export> entry;  // nullopt if the project or the iteration was deleted
  std::optional<std::string> model;
};

FoundBackup find_backup(CustomVision& state, const Deliver& payload, const Deliver::Backup& backup) {
  Transaction tx(state.environment.database);
  FoundBackup found;
  if (!projects::find(tx, payload.project)) return found;
  found.entry = exports::find(tx, payload.iteration, backup.platform, backup.flavor);
  if (found.entry) found.model = state.files.read_model(tx, payload.project, *found.entry);
  return found;
}

// The document for the queue, once the backup is where it is to be; nullopt if there is nothing left to
// announce.
std::optional<std::string> make_backup(CustomVision& state, const Deliver& payload,
                                       const Deliver::Backup& backup) {
  auto [entry, model] = find_backup(state, payload, backup);
  if (!entry) return std::nullopt;
  // The model was lost before it was delivered (customvision/jobs/lost_files.h): who waits hears of it.
  if (!model) return notifications::exported(payload.project, entry->iteration, false, "");
  state.link.put_blob(backup.container, backup.name, *std::move(model), "application/zip",
                      about(payload, Delivery::Kind::Backup));
  return payload.message;
}

JobResult deliver(CustomVision& state, const Deliver& payload, const Outcome&) {
  const auto message = payload.backup ? make_backup(state, payload, *payload.backup) : payload.message;
  if (!message || !payload.queue) return {};
  // A test asks for a connection test by hand (control/handlers/notifications.cpp): it is about no iteration.
  const bool is_test = payload.iteration.is_nil();
  state.link.send_message(
      *payload.queue, *message,
      about(payload, is_test ? Delivery::Kind::ConnectionTest : Delivery::Kind::Notification));
  return {};
}

// The project's rows are there since the import was accepted; now it gets what it is to hold.
JobResult finish_import(CustomVision& state, const FinishImport& payload, const Outcome& scripted) {
  Transaction tx(state.environment.database);
  auto project = projects::find(tx, payload.project);
  if (!project || project->status != ProjectStatus::Importing) return deleted_meanwhile();
  const auto source = scripted.fails ? std::nullopt : projects::find(tx, payload.source);
  const Instant now = state.environment.clock.now();
  project->modified = now;
  project->status = source ? ProjectStatus::Succeeded : ProjectStatus::Failed;
  if (source) {
    const auto ids = project_copy::copy(tx, source->id, project->id, state.environment.ids);
    for (const auto& [from, to] : ids.images)
      state.files.copy_image(tx, source->id, from, required(images::find_any(tx, to), "the copy"), now);
    if (source->thumbnail) project->thumbnail = ids.images.at(*source->thumbnail);
    project->iteration_counter = source->iteration_counter;
    project->changed = source->changed;
  }
  projects::update(tx, *project);
  tx.commit();
  if (source) return {true, std::string(to_text(project->status)), ""};
  return {false, std::string(to_text(project->status)),
          scripted.fails ? scripted.details.value_or("") : "The project it copies was deleted meanwhile."};
}

JobResult remove_test_blob(CustomVision& state, const RemoveTestBlob& payload, const Outcome&) {
  state.link.delete_blob(payload.container, payload.name);
  return {};
}

}  // namespace

void register_all(Scheduler& scheduler, CustomVision& state) {
  const auto on = [&]<class Payload>(const JobKind& kind,
                                     JobResult (*run)(CustomVision&, const Payload&, const Outcome&)) {
    scheduler.on(kind, [&state, run](const Job& job) {
      return run(state, Payload::from_json(job.payload), job.outcome);
    });
  };
  on(job_kinds::kFinishTraining, finish_training);
  on(job_kinds::kFinishExport, finish_export);
  on(job_kinds::kFinishImport, finish_import);
  on(job_kinds::kDeliver, deliver);
  on(job_kinds::kRemoveTestBlob, remove_test_blob);
}

}  // namespace cvemu::customvision::jobs
