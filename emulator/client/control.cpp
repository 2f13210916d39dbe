#include "cvemu/control.h"

#include <algorithm>

#include "base/required.h"
#include "base/text.h"
#include "base/times.h"
#include "client/answers.h"
#include "http/json_fields.h"

namespace cvemu {

Control::Time time_at(const Json& object, const char* name) {
  return required(times::parse_iso(object.at(name).get<std::string>()), name);
}

namespace {

using Micros = std::chrono::microseconds;

constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(1);
constexpr const char* kPredictionRules = "/_emulator/predictions/rules";
constexpr const char* kBlobRole = "Storage Blob Data Contributor";
constexpr const char* kQueueRole = "Storage Queue Data Contributor";

std::string micros(Micros step) {
  const std::string digits = std::to_string(step.count() % 1'000'000);
  return std::to_string(step.count() / 1'000'000) + '.' + std::string(6 - digits.size(), '0') + digits + 's';
}

std::vector<Control::Fired> fired_of(const std::string& answer) {
  std::vector<Control::Fired> fired;
  const Json json = parse_json(answer);
  for (const Json& job : json.at("fired"))
    fired.push_back({time_at(job, "at"), job.at("kind").get<std::string>(), job.at("succeeded").get<bool>(),
                     json_fields::text(job, "event"), json_fields::text(job, "project"),
                     json_fields::text(job, "iteration"), json_fields::text(job, "outcome"),
                     json_fields::text(job, "details")});
  return fired;
}

std::string named(std::string_view name) {
  return percent_encode(name);
}

std::string transition_path(std::string_view kind, std::string_view project) {
  return "/_emulator/transitions/" + named(kind) + (project.empty() ? "" : "?project=" + named(project));
}

std::string operation_path(std::string_view id, const char* verb) {
  return "/_emulator/operations/" + named(id) + '/' + verb;
}

Json outcome_json(const ScriptedOutcome& outcome) {
  Json json{{"status", outcome.fails ? "Failed" : "Completed"}, {"hold", outcome.hold}};
  if (outcome.details) json["details"] = *outcome.details;
  if (outcome.takes) json["delay"] = micros(*outcome.takes);
  json["notify"]["order"] = outcome.notifies_early ? "beforeVisible" : "afterVisible";
  if (outcome.notification_gap) json["notify"]["delay"] = micros(*outcome.notification_gap);
  return json;
}

Control::Snapshot snapshot_of(const Json& json) {
  return {json.at("name").get<std::string>(), json.at("bytes").get<std::size_t>(), time_at(json, "now")};
}

}  // namespace

std::string Control::call(std::string_view method, std::string_view path, std::string body) const {
  Answer answer = channel_(method, path, std::move(body));
  if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
  const Json error = try_parse_json(answer.body).value_or(Json());
  if (!error.is_object())
    throw ControlError(answer.status, "NoAnswer",
                       "the answer (status " + std::to_string(answer.status) +
                           ") is none of an emulator's control routes; does another server listen there?");
  std::string message = json_fields::text(error, "message");
  if (const std::string nearest = json_fields::text(error, "didYouMean"); !nearest.empty())
    message += " Did you mean \"" + nearest + "\"?";
  else if (const std::string known = json_fields::text(error, "allowed"); !known.empty())
    message += " There is: " + known + '.';
  throw ControlError(answer.status, json_fields::text(error, "code"), message,
                     json_fields::text(error, "path"));
}

Control::Time Control::now() const {
  return time_at(parse_json(call("GET", "/_emulator/clock")), "now");
}

ClockMode Control::clock() const {
  const Json clock = parse_json(call("GET", "/_emulator/clock"));
  return required(parse<ClockMode>(json_fields::text(clock, "mode")), "mode");
}

bool Control::frozen() const {
  const ClockMode mode = clock();
  return mode == ClockMode::Frozen || mode == ClockMode::Automatic;
}

void Control::freeze() {
  call("PUT", "/_emulator/clock", R"({"mode":"frozen"})");
}
void Control::resume() {
  call("PUT", "/_emulator/clock", R"({"mode":"real"})");
}
void Control::automatic() {
  call("PUT", "/_emulator/clock", R"({"mode":"automatic"})");
}

void Control::freeze_at(Time at) {
  call("PUT", "/_emulator/clock", dump_json(Json{{"mode", "frozen"}, {"at", times::iso_millis(at)}}));
}

void Control::scale(double rate) {
  call("PUT", "/_emulator/clock", dump_json(Json{{"mode", "scaled"}, {"rate", rate}}));
}

std::vector<Control::Fired> Control::advanced(std::string body) {
  return fired_of(call("POST", "/_emulator/clock/advance", std::move(body)));
}

std::vector<Control::Fired> Control::advance(Micros step) {
  if (step < step.zero()) throw std::invalid_argument("the clock does not run backwards");
  return advanced(dump_json(Json{{"by", micros(step)}}));
}

std::vector<Control::Fired> Control::advance_to(Time then) {
  return advanced(dump_json(Json{{"to", times::iso_ticks(then)}}));
}

std::vector<Control::Fired> Control::run_until_idle(Micros limit) {
  return advanced(dump_json(Json{{"until", "idle"}, {"limit", micros(limit)}}));
}

std::vector<Control::Fired> Control::run_until(std::string_view event, std::string_view project,
                                               Micros limit) {
  Json until{{"event", event}};
  if (!project.empty()) until["project"] = project;
  return advanced(dump_json(Json{{"until", until}, {"limit", micros(limit)}}));
}

std::vector<Control::Job> Control::jobs() const {
  std::vector<Job> all;
  const Json answer = parse_json(call("GET", "/_emulator/jobs"));
  for (const Json& job : answer.at("jobs"))
    all.push_back({time_at(job, "due"), job.at("kind").get<std::string>(), dump_json(job.at("payload")),
                   job.at("attempts").get<int>(), json_fields::text(job, "lastError")});
  return all;
}

std::vector<Control::Operation> Control::operations(std::string_view project, std::string_view kind) const {
  std::vector<Operation> all;
  const Json answer =
      parse_json(call("GET", "/_emulator/operations?project=" + named(project) + "&kind=" + named(kind)));
  for (const Json& entry : answer.at("operations"))
    all.push_back({entry.at("id").get<std::string>(), entry.at("kind").get<std::string>(),
                   json_fields::text(entry, "project"), json_fields::text(entry, "iteration"),
                   time_at(entry, "due"), entry.at("held").get<bool>()});
  return all;
}

std::vector<Control::Fired> Control::complete(std::string_view operation) {
  return fired_of(call("POST", operation_path(operation, "complete")));
}

std::vector<Control::Fired> Control::fail(std::string_view operation, std::optional<std::string> details) {
  Json body = Json::object();
  if (details) body["details"] = *details;
  return fired_of(call("POST", operation_path(operation, "fail"), dump_json(body)));
}

void Control::hold(std::string_view operation) {
  call("POST", operation_path(operation, "hold"));
}

std::vector<Control::Fired> Control::release(std::string_view operation) {
  return fired_of(call("POST", operation_path(operation, "release")));
}

void Control::set_outcomes(OperationKind kind, const std::vector<ScriptedOutcome>& outcomes,
                           std::string_view project, AfterLast then) {
  Json body{{"outcomes", Json::array()}, {"then", to_text(then)}};
  for (const ScriptedOutcome& outcome : outcomes) body["outcomes"].push_back(outcome_json(outcome));
  if (!project.empty()) body["project"] = project;
  call("PUT", transition_path(to_text(kind), ""), dump_json(body));
}

void Control::clear_outcomes(OperationKind kind, std::string_view project) {
  call("DELETE", transition_path(to_text(kind), project));
}

std::vector<Control::Fired> Control::trigger(const Trigger& wanted) {
  Json body{{"type", to_text(wanted.type)}, {"project", wanted.project}, {"withState", wanted.with_state}};
  if (!wanted.iteration.empty()) body["iteration"] = wanted.iteration;
  if (!wanted.status.empty()) body["status"] = wanted.status;
  if (!wanted.model_uri.empty()) body["modelUri"] = wanted.model_uri;
  return fired_of(call("POST", "/_emulator/notifications/trigger", dump_json(body)));
}

std::vector<Control::Fired> Control::redeliver(std::string_view id) {
  return fired_of(call("POST", "/_emulator/notifications/" + named(id) + "/redeliver"));
}

std::vector<Control::PredictionRule> Control::prediction_rules() const {
  std::vector<PredictionRule> all;
  const Json answer = parse_json(call("GET", kPredictionRules));
  for (const Json& rule : answer.at("rules"))
    all.push_back({json_fields::text(rule, "project"), json_fields::text(rule, "image"),
                   dump_json(rule.at("predictions"))});
  return all;
}

void Control::set_prediction_rules(const std::vector<PredictionRule>& rules) {
  Json list = Json::array();
  for (const PredictionRule& rule : rules) {
    const auto predictions = try_parse_json(rule.predictions);
    if (!predictions) throw ControlError(400, "InvalidBody", "predictions: this is not JSON", "");
    list.push_back({{"project", rule.project}, {"image", rule.image}, {"predictions", *predictions}});
  }
  call("PUT", kPredictionRules, dump_json(Json{{"rules", list}}));
}

void Control::clear_prediction_rules() {
  call("DELETE", kPredictionRules);
}

std::string Control::wait_for(std::string_view thing, std::chrono::milliseconds timeout) const {
  const auto wanted = try_parse_json(thing);
  if (!wanted) throw ControlError(400, "InvalidBody", "what to wait for: this is not JSON", "/for");
  // The emulator waits for ten minutes at most; a longer time could not be said in microseconds.
  const auto wait = std::clamp(timeout, std::chrono::milliseconds(0), kLongestWait);
  return call("POST", "/_emulator/wait", dump_json(Json{{"for", *wanted}, {"timeout", micros(wait)}}));
}

void Control::reset() {
  call("POST", "/_emulator/reset");
}

void Control::reset(const std::vector<std::string>& scope) {
  call("POST", "/_emulator/reset", dump_json(Json{{"scope", scope}}));
}

std::string Control::state() const {
  return call("GET", "/_emulator/state?full=1");
}

Control::Snapshot Control::snapshot(std::string_view name) {
  return snapshot_of(parse_json(call("PUT", "/_emulator/snapshots/" + named(name))));
}

void Control::restore(std::string_view name) {
  call("POST", "/_emulator/snapshots/" + named(name) + "/restore");
}

std::vector<Control::Snapshot> Control::snapshots() const {
  std::vector<Snapshot> all;
  const Json answer = parse_json(call("GET", "/_emulator/snapshots"));
  for (const Json& entry : answer.at("snapshots")) all.push_back(snapshot_of(entry));
  return all;
}

void Control::remove_snapshot(std::string_view name) {
  call("DELETE", "/_emulator/snapshots/" + named(name));
}

std::string Control::export_archive() const {
  return call("GET", "/_emulator/export");
}
void Control::import_archive(std::string archive) {
  call("POST", "/_emulator/import", std::move(archive));
}

void Control::load(std::string scenario, bool replace) {
  call("POST", replace ? "/_emulator/scenarios?replace=1" : "/_emulator/scenarios", std::move(scenario));
}

Control::Identity Control::identity() const {
  const Json json = parse_json(call("GET", "/_emulator/identity"));
  const Json& roles = json.at("roles");
  return {json.at("managedIdentity"), roles.at(kBlobRole), roles.at(kQueueRole),
          json.at("multiServiceResource")};
}

void Control::set_identity(const Identity& identity) {
  const Json body{
      {"managedIdentity", identity.managed_identity},
      {"roles", {{kBlobRole, identity.blob_contributor}, {kQueueRole, identity.queue_contributor}}},
      {"multiServiceResource", identity.multi_service_resource}};
  call("PUT", "/_emulator/identity", dump_json(body));
}

}  // namespace cvemu
