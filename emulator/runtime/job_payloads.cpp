#include "runtime/job_payloads.h"

#include "base/json.h"

namespace cvemu {

namespace {

std::string text(const Json& json, const char* name) {
  return json.at(name).get<std::string>();
}

Uuid id(const Json& json, const char* name) {
  return Uuid::parse(json.value(name, "")).value_or(Uuid());
}

}  // namespace

std::string FinishTraining::to_json() const {
  Json json = {{"project", project.text()}, {"iteration", iteration.text()}};
  if (announced) json["announced"] = true;
  return dump_json(json);
}

FinishTraining FinishTraining::from_json(std::string_view payload) {
  const Json json = parse_json(payload);
  return {id(json, "project"), id(json, "iteration"), json.value("announced", false)};
}

std::string FinishExport::to_json() const {
  Json json = {{"project", project.text()},
               {"iteration", iteration.text()},
               {"platform", platform},
               {"flavor", flavor}};
  if (announced) json["announced"] = true;
  return dump_json(json);
}

FinishExport FinishExport::from_json(std::string_view payload) {
  const Json json = parse_json(payload);
  return {id(json, "project"), id(json, "iteration"), text(json, "platform"), text(json, "flavor"),
          json.value("announced", false)};
}

std::string FinishImport::to_json() const {
  return dump_json(Json{{"project", project.text()}, {"source", source.text()}});
}

FinishImport FinishImport::from_json(std::string_view payload) {
  const Json json = parse_json(payload);
  return {id(json, "project"), id(json, "source")};
}

std::string Deliver::to_json() const {
  Json json = {{"project", project.text()}};
  if (iteration != Uuid()) json["iteration"] = iteration.text();
  if (backup)
    json["backup"] = {{"container", backup->container},
                      {"name", backup->name},
                      {"platform", backup->platform},
                      {"flavor", backup->flavor}};
  if (queue) {
    json["queue"] = *queue;
    json["message"] = message;
  }
  return dump_json(json);
}

Deliver Deliver::from_json(std::string_view payload) {
  const Json json = parse_json(payload);
  Deliver deliver{id(json, "project"), id(json, "iteration"), {}, {}, json.value("message", "")};
  if (json.contains("queue")) deliver.queue = text(json, "queue");
  if (!json.contains("backup")) return deliver;
  const Json& backup = json.at("backup");
  deliver.backup = {text(backup, "container"), text(backup, "name"), text(backup, "platform"),
                    text(backup, "flavor")};
  // Files of version 0.1 name them here.
  if (deliver.project == Uuid()) deliver.project = id(backup, "project");
  if (deliver.iteration == Uuid()) deliver.iteration = id(backup, "iteration");
  return deliver;
}

std::string RemoveTestBlob::to_json() const {
  return dump_json(Json{{"container", container}, {"name", name}});
}

RemoveTestBlob RemoveTestBlob::from_json(std::string_view payload) {
  const Json json = parse_json(payload);
  return {text(json, "container"), text(json, "name")};
}

// Every kind that has a project or an iteration names it so.
JobSubject subject_of(const Job& job) {
  const Json json = try_parse_json(job.payload).value_or(Json());
  if (!json.is_object()) return {};
  return {id(json, "project"), id(json, "iteration")};
}

std::vector<std::pair<std::string_view, std::string>> fields_of(const Job& job) {
  const Json json = parse_json(job.payload);
  std::vector<std::pair<std::string_view, std::string>> fields;
  for (const char* name : {"project", "iteration", "platform", "flavor", "source", "container", "name"})
    if (std::string value = json.value(name, ""); !value.empty()) fields.emplace_back(name, std::move(value));
  return fields;
}

}  // namespace cvemu
