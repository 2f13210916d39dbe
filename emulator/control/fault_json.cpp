#include "control/fault_json.h"

#include <algorithm>

#include "base/required.h"
#include "base/text.h"
#include "control/match.h"
#include "http/response_head.h"

namespace cvemu::control {

namespace {

// Emulator: more would only keep the queue's request busy.
constexpr std::uint64_t kMostCopies = 1000;

struct ActionRow {
  std::string_view name;
  std::vector<std::string_view> fields;  // besides "type"
  std::string_view advice;
};

const std::vector<ActionRow>& action_rows() {
  static const std::vector<ActionRow> rows = {
      {"status",
       {"status", "error", "headers", "retryAfter"},
       "The JavaScript clients wait seconds before each retry of a 5xx: set their retry policy, or use a "
       "4xx. The Python "
       "storage client tries three more times."},
      {"throttle",
       {"retryAfter"},
       "429 from Custom Vision, 503 ServerBusy from storage; retryAfter null: no header."},
      {"delay", {"for"}, "Real time. Shows what a client's own time-out does."},
      {"stall", {"afterBytes", "for"}, "The answer begins, and then nothing comes."},
      {"resetConnection",
       {"afterBytes"},
       "With phase afterEffect the work is done: a client that retries does it twice."},
      {"emptyReply", {}, "The connection ends without a byte."},
      {"truncateBody",
       {"afterBytes"},
       "Fewer bytes than Content-Length says. The JavaScript client of Custom Vision does not notice and "
       "waits."},
      {"corruptBody", {"afterBytes"}, "One byte is another; only a checksum tells."},
      {"slowBody", {"afterBytes", "chunk", "pause"}, "The whole body, in pieces."},
      {"storageDenied",
       {"at", "status", "error"},
       "The emulator's own requests to the user's storage: 400 at create, a failed delivery later."},
      {"storageMissing", {"at"}, "The queue or container vanished."},
      {"trainingFailed", {"details"}, "TrainProject answers 200; the iteration ends Failed."},
      {"trainingStuck", {}, "The iteration stays in Training until it is decided by hand."},
      {"exportFailed", {"details"}, "ExportIteration answers 200; the export ends Failed."},
      {"exportStuck", {}, "The export stays Exporting."},
      {"importFailed", {"details"}, "ImportProject answers 200; the project ends Failed."},
      {"notificationLost", {}, "The state changes, the message never comes: keep a poll as a fallback."},
      {"notificationDuplicated",
       {"copies"},
       "Queues deliver at least once: a consumer must bear the second."},
      {"notificationDelayed", {"by"}, "Hidden for that time on the emulator's clock."},
      {"notificationReordered",
       {"window"},
       "Every other message is hidden for the window, so that the next overtakes it."},
      {"notificationEarly", {"by"}, "The message comes before the API shows the new state."},
      {"notificationMalformed", {"kind"}, "A consumer that cannot read a message must not stop at it."},
      {"backupMissing", {}, "The notification names a blob that is not there."},
      {"backupTruncated", {}, "Half of the archive."},
      {"listOrder", {"order"}, "For code that takes the first or last entry for the newest."},
  };
  return rows;
}

const std::vector<std::string_view> kMalformations = {
    "plainText", "notBase64", "lowerCaseContent", "unknownType", "extraFields", "brokenJson", "otherVersion"};

std::uint64_t count_in(const Json& json, std::string_view name, std::int64_t fallback, std::int64_t least,
                       const std::string& at) {
  const std::int64_t value = whole(json, name, fallback);
  if (value < least)
    throw bad_field("InvalidField", std::string(name) + " must be at least " + std::to_string(least) + '.',
                    at + '/' + std::string(name));
  return static_cast<std::uint64_t>(value);
}

std::chrono::milliseconds time_in(const Json& json, std::string_view name) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration(json, name).value_or(Duration(0)));
}

void read_counts(FaultWhen& when, const Json& json, const std::string& at) {
  allow_only(json, {"first", "nth", "every", "after", "tries"}, at);
  if (json.contains("first")) when.first = count_in(json, "first", 1, 1, at);
  if (json.contains("every")) when.every = count_in(json, "every", 1, 1, at);
  if (json.contains("after")) when.after = count_in(json, "after", 0, 0, at);
  when.tries = count_in(json, "tries", static_cast<std::int64_t>(when.tries), 1, at);
  if (!json.contains("nth")) return;
  const Json list = json.at("nth").is_array() ? json.at("nth") : Json::array({json.at("nth")});
  for (const Json& item : list) {
    if (!item.is_number_integer() || item.get<std::int64_t>() < 1)
      throw bad_field("InvalidField", "nth is a whole number from 1, or a list of them.", at + "/nth");
    when.nth.push_back(item.get<std::uint64_t>());
  }
}

FaultWhen read_when(const Json& json, const std::string& at) {
  FaultWhen when;
  allow_only(json, {"requests", "calls", "probability"}, at);
  if (json.contains("requests") && json.contains("calls"))
    throw bad_field("InvalidField", "Count requests or calls, not both.", at);
  when.calls = json.contains("calls");
  for (const char* unit : {"requests", "calls"})
    if (json.contains(unit)) read_counts(when, json.at(unit), at + '/' + unit);
  if (!json.contains("probability")) return when;
  if (!json.at("probability").is_number() || json.at("probability") < 0 || json.at("probability") > 1)
    throw bad_field("InvalidField", "probability lies between 0 and 1.", at + "/probability");
  when.probability = json.at("probability").get<double>();
  return when;
}

void read_headers(FaultAction& action, const Json& json, const std::string& at) {
  if (!json.is_object())
    throw bad_field("InvalidField", "headers must be an object of names and values.", at);
  for (auto it = json.begin(); it != json.end(); ++it) {
    std::string value = it->is_string() ? it->get<std::string>() : dump_json(*it);
    if (!is_header_name(it.key()) || !is_header_value(value))
      throw bad_field("InvalidField", "This cannot be a header: a name is a word, and a value is one line.",
                      at + '/' + it.key());
    action.headers.emplace_back(it.key(), std::move(value));
  }
}

void read_error(FaultAction& action, const Json& json, const std::string& at) {
  const std::int64_t status = whole(json, "status", action.status);
  if (status < 400 || status > 599)
    throw bad_field("InvalidField", "status must be one of an error, 400 to 599.", at + "/status");
  action.status = static_cast<int>(status);
  if (json.contains("error")) {
    allow_only(json.at("error"), {"code", "message"}, at + "/error");
    action.code = text(json.at("error"), "code");
    action.message = text(json.at("error"), "message");
  }
  if (!json.contains("headers")) return;
  read_headers(action, json.at("headers"), at + "/headers");
}

void read_variant(FaultAction& action, const Json& json, const std::string& at) {
  const auto choice = [&](const char* name, std::string_view fallback,
                          const std::vector<std::string_view>& known) {
    action.variant = text(json, name, fallback);
    expect_one_of(action.variant, known, at + '/' + name);
  };
  if (action.kind == FaultKind::NotificationMalformed) choice("kind", "brokenJson", kMalformations);
  if (action.kind == FaultKind::ListOrder) choice("order", "reverse", {"reverse", "shuffled"});
  if (action.kind == FaultKind::StorageDenied || action.kind == FaultKind::StorageMissing)
    choice("at", "any", {"any", "create", "delivery", "backup"});
}

FaultAction read_action(const Json& json, const std::string& at) {
  std::vector<std::string_view> names;
  for (const ActionRow& row : action_rows()) names.push_back(row.name);
  const std::string type = text(json, "type");
  const auto kind = find_fault_kind(type);
  if (!kind) expect_one_of(type, names, at + "/type");
  const auto row = std::find_if(action_rows().begin(), action_rows().end(),
                                [&](const ActionRow& candidate) { return iequals(candidate.name, type); });
  std::vector<std::string_view> fields = row->fields;
  fields.push_back("type");
  allow_only(json, fields, at);
  FaultAction action;
  action.kind = *kind;
  if (action.kind == FaultKind::StorageDenied) action.status = 403;
  read_error(action, json, at);
  read_variant(action, json, at);
  for (const char* name : {"for", "by", "window", "pause"})
    if (json.contains(name)) action.time = time_in(json, name);
  if (json.contains("retryAfter") && !json.at("retryAfter").is_null())
    action.retry_after = static_cast<std::int64_t>(count_in(json, "retryAfter", 0, 0, at));
  action.after_bytes = count_in(json, "afterBytes", 0, 0, at);
  action.piece = count_in(json, "chunk", 1, 1, at);
  action.copies = count_in(json, "copies", 1, 1, at);
  if (action.copies > kMostCopies)
    throw bad_field("InvalidField", "copies must be at most " + std::to_string(kMostCopies) + '.',
                    at + "/copies");
  if (const std::string details = text(json, "details"); !details.empty()) action.details = details;
  return action;
}

const Json& part(const Json& json, const char* name) {
  static const Json none = Json::object();
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

// An action that only some requests can meet must not be tied to others.
void expect_reachable(const FaultRule& rule, const std::string& at) {
  if (rule.match.operation.empty()) return;
  RequestFacts facts;
  facts.operation = rule.match.operation;
  facts.internal = true;
  facts.service = "customvision";
  facts.method = "GET";
  facts.param = [](std::string_view) { return std::string(); };
  facts.notification = [] { return std::string(); };
  FaultAction anywhere = rule.action;
  if (anywhere.variant == "create" || anywhere.variant == "delivery" || anywhere.variant == "backup")
    anywhere.variant.clear();
  if (!concerns(anywhere, facts))
    throw bad_field("NeverMatches",
                    "The action " + std::string(fault_kind_name(rule.action.kind)) + " has no effect on " +
                        rule.match.operation + '.',
                    at + "/match/operation");
}

}  // namespace

FaultRule read_fault(const Desk& desk, const Json& json, std::string_view pointer) {
  const std::string at(pointer);
  allow_only(json, {"id", "match", "when", "phase", "action"}, at);
  if (!part(json, "action").contains("type"))
    throw bad_field("InvalidField", R"(Say what goes wrong: {"action": {"type": "status", "status": 503}}.)",
                    at + "/action");
  FaultRule rule;
  rule.id = text(json, "id");
  allow_only(part(json, "match"), match_members(), at + "/match");
  rule.match = read_match(desk, part(json, "match"), at + "/match");
  rule.when = read_when(part(json, "when"), at + "/when");
  rule.action = read_action(part(json, "action"), at + "/action");
  if (const std::string phase = text(json, "phase"); !phase.empty()) {
    expect_one_of(phase, {"beforeEffect", "afterEffect"}, at + "/phase");
    rule.phase = phase == "afterEffect" ? FaultPhase::AfterEffect : FaultPhase::BeforeEffect;
  }
  expect_reachable(rule, at);
  rule.source = dump_json(
      Json{{"match", part(json, "match")}, {"when", part(json, "when")}, {"action", part(json, "action")}});
  return rule;
}

Json fault_json(const Faults::Listed& fault) {
  const FaultRule& rule = *fault.rule;
  Json json = {{"id", rule.id}};
  json.update(parse_json(rule.source));
  json["phase"] = rule.effective_phase() == FaultPhase::AfterEffect ? "afterEffect" : "beforeEffect";
  json["matched"] = fault.counts.matched;
  json["applied"] = fault.counts.applied;
  json["absorbed"] = fault.counts.absorbed;
  json["remaining"] = fault.counts.remaining ? Json(*fault.counts.remaining) : Json();
  return json;
}

Json fault_catalog() {
  Json actions = Json::array();
  for (const ActionRow& row : action_rows()) {
    FaultRule rule;
    rule.action.kind = required(find_fault_kind(row.name), "the action's kind");
    const bool after = rule.effective_phase() == FaultPhase::AfterEffect;
    actions.push_back({{"type", row.name},
                       {"fields", row.fields},
                       {"phase", after ? "afterEffect" : "beforeEffect"},
                       {"advice", row.advice}});
  }
  return {{"actions", actions},
          {"match", match_members()},
          {"malformations", kMalformations},
          {"when", {"requests", "calls", "probability"}}};
}

}  // namespace cvemu::control
