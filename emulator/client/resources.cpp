#include "cvemu/resources.h"

#include "base/required.h"
#include "base/text.h"
#include "client/answers.h"
#include "http/json_fields.h"

namespace cvemu {

namespace {

// The user's storage endpoint of a kind: "http://127.0.0.1:10001/devstoreaccount1".
std::string endpoint(const Control& control, const char* kind) {
  return parse_json(control.call("GET", "/_emulator/connection")).at("endpoints").at(kind).get<std::string>();
}

std::string first_account(const Control& control) {
  const std::string url = endpoint(control, "queue");
  return url.substr(url.rfind('/') + 1);
}

// The endpoint of another account than the first.
std::string account_url(const Control& control, const char* kind, const std::string& account) {
  const std::string url = endpoint(control, kind);
  return url.substr(0, url.rfind('/') + 1) + account;
}

Json all_projects(const Control& control, const std::string& query = {}) {
  return parse_json(control.call("GET", "/_emulator/projects" + query)).at("projects");
}

Json project_of(const Control& control, std::string_view id_or_name) {
  const Json found = all_projects(control, "?project=" + percent_encode(id_or_name));
  if (!found.empty()) return found.front();
  throw ControlError(404, "NotFound", "There is no project \"" + std::string(id_or_name) + "\".");
}

resources::Message read_message(const Json& json) {
  return {json_fields::text(json, "id"),      json_fields::text(json, "text"),
          json_fields::text(json, "decoded"), json.at("dequeueCount").get<int>(),
          json_fields::flag(json, "visible"), time_at(json, "insertedAt"),
          time_at(json, "visibleAt"),         time_at(json, "expiresAt")};
}

resources::Blob read_blob(const Json& json) {
  return {json_fields::text(json, "name"),
          json_fields::text(json, "contentType"),
          json_fields::text(json, "contentMd5"),
          json.at("length").get<std::uint64_t>(),
          time_at(json, "createdAt"),
          time_at(json, "modifiedAt")};
}

resources::Iteration read_iteration(const Json& json) {
  resources::Iteration out;
  out.id = json_fields::text(json, "id");
  out.name = json_fields::text(json, "name");
  out.status = required(parse<IterationStatus>(json_fields::text(json, "status")), "status");
  out.publish_name = json_fields::text(json, "publishName");
  out.error_details = json_fields::text(json, "errorDetails");
  for (const Json& entry : json.at("exports"))
    out.exports.push_back({json_fields::text(entry, "platform"), json_fields::text(entry, "flavor"),
                           required(parse<ExportStatus>(json_fields::text(entry, "status")), "status")});
  return out;
}

}  // namespace

resources::Queue Control::queue(std::string_view name, std::string_view account) const {
  return {*this, account.empty() ? first_account(*this) : std::string(account), std::string(name)};
}

resources::Container Control::container(std::string_view name, std::string_view account) const {
  return {*this, account.empty() ? first_account(*this) : std::string(account), std::string(name)};
}

resources::Project Control::project(std::string_view id_or_name) const {
  const Json found = project_of(*this, id_or_name);
  return {*this, json_fields::text(found, "id"), json_fields::text(found, "name")};
}

std::vector<resources::Project> Control::projects() const {
  std::vector<resources::Project> all;
  for (const Json& project : all_projects(*this))
    all.emplace_back(*this, json_fields::text(project, "id"), json_fields::text(project, "name"));
  return all;
}

namespace resources {

std::string Queue::path() const {
  return "/_emulator/storage/" + account_ + "/queues/" + percent_encode(name_) + "/messages";
}

std::string Queue::url() const {
  return account_url(control_, "queue", account_) + '/' + name_;
}

std::vector<Message> Queue::messages() const {
  std::vector<Message> all;
  const Json answer = parse_json(control_.call("GET", path()));
  for (const Json& json : answer.at("messages")) all.push_back(read_message(json));
  return all;
}

Message Queue::wait_for(std::string_view type, std::chrono::milliseconds timeout) const {
  const Json thing{{"message", {{"account", account_}, {"queue", name_}, {"type", type}}}};
  return read_message(parse_json(control_.wait_for(dump_json(thing), timeout)));
}

std::string Queue::put(std::string_view text) {
  return json_fields::text(parse_json(control_.call("POST", path(), dump_json(Json{{"text", text}}))), "id");
}

void Queue::show(std::string_view id) {
  control_.call("POST", path() + '/' + std::string(id) + "/show");
}

void Queue::expire(std::string_view id) {
  control_.call("POST", path() + '/' + std::string(id) + "/expire");
}

void Queue::remove(std::string_view id) {
  control_.call("DELETE", path() + '/' + std::string(id));
}

std::string Container::path() const {
  return "/_emulator/storage/" + account_ + "/containers/" + percent_encode(name_) + "/blobs";
}

std::string Container::url() const {
  return account_url(control_, "blob", account_) + '/' + name_;
}

std::vector<Blob> Container::blobs() const {
  std::vector<Blob> all;
  const Json answer = parse_json(control_.call("GET", path()));
  for (const Json& json : answer.at("blobs")) all.push_back(read_blob(json));
  return all;
}

Blob Container::wait_for(std::string_view glob, std::chrono::milliseconds timeout) const {
  const Json thing{{"blob", {{"account", account_}, {"container", name_}, {"name", glob}}}};
  return read_blob(parse_json(control_.wait_for(dump_json(thing), timeout)));
}

std::string Container::read(std::string_view blob) const {
  return control_.call("GET", path() + '/' + percent_encode(blob, true));
}

ProjectSettings Project::settings() const {
  const Json project = project_of(control_, id_);
  const Json& json = project.at("settings");
  return {json_fields::text(json, "domainId"),
          parse<ClassificationType>(json_fields::text(json, "classificationType")),
          json_fields::text(json, "notificationQueueUri"),
          json_fields::text(json, "exportModelContainerUri")};
}

std::vector<Iteration> Project::iterations() const {
  std::vector<Iteration> all;
  const Json project = project_of(control_, id_);
  for (const Json& iteration : project.at("iterations")) all.push_back(read_iteration(iteration));
  return all;
}

Iteration Project::wait_for(IterationStatus status, std::chrono::milliseconds timeout) const {
  const Json thing{{"iteration", {{"project", id_}, {"status", to_text(status)}}}};
  return read_iteration(parse_json(control_.wait_for(dump_json(thing), timeout)));
}

std::optional<Iteration> Project::latest() const {
  const auto all = iterations();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

}  // namespace resources
}  // namespace cvemu
