// Waiting until something is there: one long poll for every kind of thing. Woken by what happens at the
// endpoints.
#include <algorithm>

#include "base/secrets.h"
#include "base/text.h"
#include "base/times.h"
#include "base/url.h"
#include "control/describe.h"
#include "control/journal/entry_json.h"
#include "control/journal/match.h"
#include "control/resolve.h"
#include "faults/notification_text.h"
#include "runtime/job_kinds.h"
#include "storage/accounts.h"
#include "store/blob/containers.h"
#include "store/customvision/projects.h"
#include "store/queue/queues.h"

namespace cvemu::control {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::seconds kUsualTimeout{5};
constexpr std::chrono::minutes kLongestTimeout{10};
// An automatic clock is moved by a wait, but not past this.
constexpr std::chrono::hours kFurthest{24};
constexpr std::int64_t kMostMessages = 32;
constexpr std::int64_t kMostHidden = 1000;

// The thing, once it is there; and what there is instead, for the report. `next`, if set: when time alone may
// bring it, with no job and no request.
struct Awaited {
  std::function<std::optional<Json>()> look;
  std::function<std::string()> instead;
  std::function<std::optional<Instant>()> next{};
};

std::string account_in(const ControlContext& control, const Json& json) {
  const Accounts accounts = Accounts::parse(control.options.accounts);
  return text(json, "account", accounts.begin()->name);
}

std::string required(const Json& json, const char* name, const std::string& at) {
  std::string value = text(json, name);
  if (value.empty()) throw bad_field("InvalidField", std::string(name) + " is needed.", at + '/' + name);
  return value;
}

Awaited await_request(ControlContext& control, const Json& json) {
  allow_only(json, filter_members(), "/for/request");
  const JournalFilter filter = read_filter(control, json, "/for/request");
  return {[&control, filter]() -> std::optional<Json> {
            const JournalEntries found = find_entries(control, filter);
            if (found.empty()) return std::nullopt;
            return entry_json(*found.front(), {});
          },
          [&control, filter] { return "nearest requests:\n" + near_misses(control, filter); }};
}

Json message_json(const Message& message, Instant now) {
  Json json = describe(message, now);
  const std::string document = notification_text::read("<MessageText>" + message.text + "</MessageText>");
  if (auto content = try_parse_json(document)) json["content"] = *std::move(content);
  return json;
}

// What is compared is what may be shown, so that nobody finds out a secret letter by letter.
std::string shown(const Json& message) {
  return masked(dump_json(message));
}

std::vector<Json> visible_messages(ControlContext& control, const std::string& account,
                                   const std::string& name) {
  Transaction tx(control.environment.database);
  auto queue = queues::find(tx, account, name);
  std::vector<Json> all;
  if (!queue) return all;
  const Instant now = control.environment.clock.now();
  for (const Message& message : messages::peek(tx, *queue, kMostMessages, now))
    all.push_back(message_json(message, now));
  return all;
}

// The end of the first hiding.
std::optional<Instant> next_visible(ControlContext& control, const std::string& account,
                                    const std::string& name) {
  Transaction tx(control.environment.database);
  const auto queue = queues::find(tx, account, name);
  std::optional<Instant> first;
  if (!queue) return first;
  const Instant now = control.environment.clock.now();
  for (const Message& message : messages::all(tx, *queue, kMostHidden, now))
    if (message.visible_at > now && (!first || message.visible_at < *first)) first = message.visible_at;
  return first;
}

std::string type_of(const Json& message) {
  const auto content = message.find("content");
  return content == message.end() || !content->is_object() ? "" : text(*content, "type");
}

Awaited await_message(ControlContext& control, const Json& json) {
  allow_only(json, {"account", "queue", "type", "contains"}, "/for/message");
  const std::string account = account_in(control, json), queue = required(json, "queue", "/for/message");
  const std::string type = text(json, "type"), part = masked(text(json, "contains"));
  return {[=, &control]() -> std::optional<Json> {
            for (Json& message : visible_messages(control, account, queue)) {
              const bool has_part = part.empty() || shown(message).find(part) != std::string::npos;
              if ((type.empty() || iequals(type, type_of(message))) && has_part) return std::move(message);
            }
            return std::nullopt;
          },
          [=, &control] {
            std::string report = "visible messages in " + queue + ":";
            for (const Json& message : visible_messages(control, account, queue))
              report += "\n  " + shown(message);
            return report;
          },
          [=, &control] { return next_visible(control, account, queue); }};
}

std::vector<Json> blobs_in(ControlContext& control, const std::string& account, const std::string& name) {
  std::vector<Json> all;
  Transaction tx(control.environment.database);
  const auto container = containers::find_id(tx, account, name);
  if (!container) return all;
  const Instant now = control.environment.clock.now();
  blobs::Cursor cursor(tx, *container, "", 0, "");
  for (Blob blob; cursor.next(blob);)
    if (!blob.is_snapshot() && blobs::is_live(blob, now)) all.push_back(describe(blob));
  return all;
}

Awaited await_blob(ControlContext& control, const Json& json) {
  allow_only(json, {"account", "container", "name"}, "/for/blob");
  const std::string account = account_in(control, json), container = required(json, "container", "/for/blob");
  const std::string name = text(json, "name", "*");
  return {[=, &control]() -> std::optional<Json> {
            for (Json& blob : blobs_in(control, account, container))
              if (glob_fits(name, blob.at("name").get<std::string>())) return std::move(blob);
            return std::nullopt;
          },
          [=, &control] {
            std::string report = "blobs in " + container + ':';
            for (const Json& blob : blobs_in(control, account, container)) report += "\n  " + dump_json(blob);
            return report;
          }};
}

std::vector<Json> iterations_of(ControlContext& control, const std::string& project_name,
                                const std::string& wanted) {
  std::vector<Json> all;
  Transaction tx(control.environment.database);
  const auto project = find_project(tx, project_name, "/for/iteration/project");
  if (!project) return all;
  for (const Iteration& iteration : iterations::list(tx, project->id))
    if (is_named(iteration, wanted)) {
      all.push_back(describe(tx, iteration));
      all.back()["project"] = project->id.text();
    }
  return all;
}

// The project may come later, too; a name that nobody has got meanwhile is reported with the nearest.
std::string iterations_report(ControlContext& control, const std::string& project,
                              const std::string& wanted) {
  {
    Transaction tx(control.environment.database);
    if (!find_project(tx, project, "/for/iteration/project")) {
      const ApiError unknown = unknown_project(tx, project, "/for/iteration/project");
      std::string report = unknown.message;
      for (const auto& [name, value] : unknown.details)
        if (name == "didYouMean") report += " Did you mean \"" + value + "\"?";
      return report;
    }
  }
  std::string report = "iterations of " + project + ':';
  for (const Json& iteration : iterations_of(control, project, wanted))
    report += "\n  " + dump_json(iteration);
  return report;
}

Awaited await_iteration(ControlContext& control, const Json& json) {
  allow_only(json, {"project", "iteration", "status"}, "/for/iteration");
  const std::string project = required(json, "project", "/for/iteration");
  const std::string wanted = text(json, "iteration");
  const std::string status(to_text(one_of(json, "status", IterationStatus::Completed, "/for/iteration")));
  return {[=, &control]() -> std::optional<Json> {
            for (Json& iteration : iterations_of(control, project, wanted))
              if (iteration.at("status") == status) return std::move(iteration);
            return std::nullopt;
          },
          [=, &control] { return iterations_report(control, project, wanted); }};
}

// What somebody waits for.
std::vector<Json> pending_jobs(ControlContext& control) {
  std::vector<Json> all;
  Transaction tx(control.environment.database);
  for (const Job& job : jobs::list(tx))
    if (job_kinds::is_awaited(job)) all.push_back({{"kind", job.kind}, {"due", times::iso_millis(job.due)}});
  return all;
}

std::string pending_report(ControlContext& control) {
  const Clock& clock = control.environment.clock;
  std::string report = "the clock " + std::string(clock.frozen() ? "is frozen at " : "shows ") +
                       times::iso_millis(clock.now()) + "; ";
  const auto pending = pending_jobs(control);
  if (pending.empty()) return report + "nothing is due next";
  return report + "due next: " + pending.front().at("kind").get<std::string>() + " at " +
         pending.front().at("due").get<std::string>() +
         (clock.frozen() ? "; POST /_emulator/clock/advance moves it there" : "");
}

Awaited await_idle(ControlContext& control, const Json& json) {
  if (json != true) throw bad_field("InvalidField", R"(Say it like {"idle": true}.)", "/for/idle");
  return {[&control]() -> std::optional<Json> {
            if (!pending_jobs(control).empty()) return std::nullopt;
            return Json{{"idle", true}};
          },
          [] { return std::string("there is work to do"); }};
}

struct Kind {
  std::string_view name;
  Awaited (*make)(ControlContext&, const Json&);
};
constexpr Kind kKinds[] = {{"request", await_request},
                           {"message", await_message},
                           {"blob", await_blob},
                           {"iteration", await_iteration},
                           {"idle", await_idle}};

Awaited read_awaited(ControlContext& control, const Json& body) {
  const auto wanted = body.find("for");
  if (wanted == body.end() || !wanted->is_object() || wanted->size() != 1)
    throw bad_field("InvalidField",
                    R"(Say what for, one thing: {"for": {"message": {"queue": "notifications"}}}.)", "/for");
  std::vector<std::string_view> names;
  for (const Kind& kind : kKinds) names.push_back(kind.name);
  allow_only(*wanted, names, "/for");
  const auto item = wanted->begin();
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                 [&](const Kind& row) { return row.name == item.key(); });
  if (kind->name != "idle" && !item.value().is_object())
    throw bad_field("InvalidField", std::string(kind->name) + " must be an object.", "/for/" + item.key());
  return kind->make(control, item.value());
}

// An automatic clock goes to the next job that somebody waits for; false if it does not.
bool move_on(const ControlContext& control, Instant furthest) {
  if (control.environment.clock.mode() != ClockMode::Automatic) return false;
  const auto next = control.environment.scheduler.next_awaited();
  if (!next || *next > furthest) return false;
  control.environment.scheduler.advance_to_next_awaited();
  return true;
}

// Until when there is nothing to look at, if nobody rings.
SteadyTime next_look(const ControlContext& control, const Awaited& awaited, SteadyTime end) {
  const auto next = awaited.next ? awaited.next() : std::nullopt;
  const auto left = next ? control.environment.clock.wall_time_until(*next) : std::nullopt;
  if (!left || *left >= kLongestTimeout) return end;
  return std::min(end, std::chrono::steady_clock::now() + *left);
}

// Null when the time is over. Requests, jobs and moves of the clock ring.
std::optional<Json> wait_until(const ControlContext& control, const Awaited& awaited, SteadyTime end) {
  const Instant furthest = control.environment.clock.now() + kFurthest;
  for (;;) {
    const std::uint64_t seen = control.changes.version();
    if (auto thing = awaited.look()) return thing;
    if (std::chrono::steady_clock::now() >= end || control.changes.released()) return std::nullopt;
    if (!move_on(control, furthest)) control.changes.wait(seen, next_look(control, awaited, end));
  }
}

Response wait(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"for", "timeout"});
  const Awaited awaited = read_awaited(control, body);
  const Duration timeout =
      std::min<Duration>(duration(body, "timeout").value_or(kUsualTimeout), kLongestTimeout);
  if (auto thing = wait_until(control, awaited, std::chrono::steady_clock::now() + timeout))
    return json_response(*thing);
  throw ApiError(408, "NotInTime",
                 "It did not come in time: " + dump_json(body.at("for")) + "\n" + awaited.instead() + "\n" +
                     pending_report(control));
}

}  // namespace

std::span<const Operation<ControlContext>> wait_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"Wait", Method::Post, "/_emulator/wait"},
       wait,
       {"Answers when the thing is there: a request, message, blob, iteration, or idle; 408 says what is "
        "instead",
        "for, timeout", R"({"for": {"idle": true}, "timeout": "5s"})"}},
  };
  return operations;
}

}  // namespace cvemu::control
