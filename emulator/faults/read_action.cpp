#include "faults/read_action.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "faults/actions.h"
#include "faults/notification_text.h"
#include "http/json_fields.h"
#include "http/response_head.h"

namespace cvemu {

namespace {

using namespace json_fields;

// Emulator: more would only keep the queue's request busy.
constexpr std::int64_t kMostCopies = 1000;

// ---- fields, each by its name; `at` is the pointer to the action ----

std::uint64_t count_in(const Json& json, std::string_view name, std::int64_t least, const std::string& at) {
  const std::int64_t value = whole(json, name, least);
  if (value < least)
    throw bad_field("InvalidField", std::string(name) + " must be at least " + std::to_string(least) + '.',
                    at + '/' + std::string(name));
  return static_cast<std::uint64_t>(value);
}

void read_status(FaultAction& action, const Json& json, const std::string& at) {
  const std::int64_t status = whole(json, "status", action.status);
  if (status < 400 || status > 599)
    throw bad_field("InvalidField", "status must be one of an error, 400 to 599.", at + "/status");
  action.status = static_cast<int>(status);
}

void read_error(FaultAction& action, const Json& json, const std::string& at) {
  const Json& error = json.at("error");
  allow_only(error, {"code", "message"}, at + "/error");
  action.code = text(error, "code");
  action.message = text(error, "message");
}

void read_headers(FaultAction& action, const Json& json, const std::string& action_at) {
  const std::string at = action_at + "/headers";
  const Json& headers = json.at("headers");
  if (!headers.is_object())
    throw bad_field("InvalidField", "headers must be an object of names and values.", at);
  for (auto it = headers.begin(); it != headers.end(); ++it) {
    std::string value = it->is_string() ? it->get<std::string>() : dump_json(*it);
    if (!is_header_name(it.key()) || !is_header_value(value))
      throw bad_field("InvalidField", "This cannot be a header: a name is a word, and a value is one line.",
                      at + '/' + it.key());
    action.headers.emplace_back(it.key(), std::move(value));
  }
}

void read_retry_after(FaultAction& action, const Json& json, const std::string& at) {
  if (!json.at("retryAfter").is_null())
    action.retry_after = static_cast<std::int64_t>(count_in(json, "retryAfter", 0, at));
}

template <const char* kName>
void read_time(FaultAction& action, const Json& json, const std::string&) {
  action.time =
      std::chrono::duration_cast<std::chrono::milliseconds>(duration(json, kName).value_or(Duration(0)));
}

void read_after_bytes(FaultAction& action, const Json& json, const std::string& at) {
  action.after_bytes = count_in(json, "afterBytes", 0, at);
}

void read_chunk(FaultAction& action, const Json& json, const std::string& at) {
  action.piece = count_in(json, "chunk", 1, at);
}

void read_copies(FaultAction& action, const Json& json, const std::string& at) {
  action.copies = count_in(json, "copies", 1, at);
  if (action.copies > kMostCopies)
    throw bad_field("InvalidField", "copies must be at most " + std::to_string(kMostCopies) + '.',
                    at + "/copies");
}

void read_details(FaultAction& action, const Json& json, const std::string&) {
  if (std::string details = text(json, "details"); !details.empty()) action.details = std::move(details);
}

void read_choice(FaultAction& action, const Json& json, std::string_view name, std::string_view choices,
                 const std::string& at) {
  action.variant = text(json, name);
  check_one_of(action.variant, split(choices, ' '), at + '/' + std::string(name));
}

constexpr std::string_view kPlaces = "any create delivery backup", kOrders = "reverse shuffled";

void read_place(FaultAction& action, const Json& json, const std::string& at) {
  read_choice(action, json, "at", kPlaces, at);
}
void read_order(FaultAction& action, const Json& json, const std::string& at) {
  read_choice(action, json, "order", kOrders, at);
}
void read_malformation(FaultAction& action, const Json& json, const std::string& at) {
  read_choice(action, json, "kind", notification_text::kMalformations, at);
}

constexpr char kFor[] = "for", kBy[] = "by", kWindow[] = "window", kPause[] = "pause";

struct Field {
  std::string_view name;
  bool is_number;  // in a header, where all is text
  void (*read)(FaultAction&, const Json&, const std::string& at);
};
constexpr Field kFields[] = {
    {"status", true, read_status},
    {"error", false, read_error},
    {"headers", false, read_headers},
    {"retryAfter", true, read_retry_after},
    {kFor, false, read_time<kFor>},
    {kBy, false, read_time<kBy>},
    {kWindow, false, read_time<kWindow>},
    {kPause, false, read_time<kPause>},
    {"afterBytes", true, read_after_bytes},
    {"chunk", true, read_chunk},
    {"copies", true, read_copies},
    {"details", false, read_details},
    {"at", false, read_place},
    {"order", false, read_order},
    {"kind", false, read_malformation},
};

const Field* find_field(std::string_view name) {
  const auto found = std::find_if(std::begin(kFields), std::end(kFields),
                                  [&](const Field& field) { return iequals(field.name, name); });
  return found == std::end(kFields) ? nullptr : found;
}

// What an action is like of which nothing is said.
FaultAction usual(const FaultActionKind& kind) {
  FaultAction action;
  action.kind = &kind;
  action.status = kind.status;
  action.variant = kind.variant;
  return action;
}

const FaultActionKind& required_kind(std::string_view type, const std::string& at) {
  if (const FaultActionKind* kind = find_fault_action(type)) return *kind;
  std::vector<std::string_view> names;
  for (const FaultActionKind& kind : fault_actions()) names.push_back(kind.name);
  refuse_word("UnknownValue", type, names, at + "/type");
}

// ---- the header ----

ApiError bad_header(std::string_view text, const std::string& why) {
  return ApiError(400, "InvalidFaultHeader", "x-emulator-fault: " + std::string(text) + ": " + why);
}

// "name=value", with blanks around; without a "=" the value is empty.
std::pair<std::string_view, std::string_view> read_pair(std::string_view raw) {
  const std::string_view part = trim(raw);
  const std::size_t equals = std::min(part.find('='), part.size());
  return {part.substr(0, equals), equals < part.size() ? part.substr(equals + 1) : std::string_view()};
}

// As the JSON has it.
void put_member(Json& json, std::string_view name, std::string_view value) {
  if (iequals(name, "code") || iequals(name, "message")) {
    json["error"][to_lower(name)] = std::string(value);
    return;
  }
  const Field* field = find_field(iequals(name, "after") ? "afterBytes" : name);
  const auto number = field && field->is_number ? parse_int(value) : std::nullopt;
  json[std::string(field ? field->name : name)] = number ? Json(*number) : Json(std::string(value));
}

// What has members of its own, and the name of the action, which stands in front.
bool is_for_json_alone(std::string_view name) {
  return iequals(name, "error") || iequals(name, "headers") || iequals(name, "type");
}

FaultPhase read_phase(std::string_view text, std::string_view value) {
  if (iequals(value, "afterEffect")) return FaultPhase::AfterEffect;
  if (iequals(value, "beforeEffect")) return FaultPhase::BeforeEffect;
  throw bad_header(text, "the phase is beforeEffect or afterEffect");
}

Json action_in(FaultRule& rule, std::string_view text) {
  const auto parts = split(text, ';');
  const auto [name, first] = read_pair(parts.empty() ? text : parts.front());
  const FaultActionKind* kind = find_fault_action(name);
  if (!kind) throw bad_header(text, "it begins with an action, such as status=503, or rule=ID");
  Json json = {{"type", std::string(kind->name)}};
  if (!first.empty() && kind->fields.empty())
    throw bad_header(text, std::string(kind->name) + " takes no value");
  if (!first.empty()) put_member(json, fields_of(*kind).front(), first);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto [member, value] = read_pair(parts[i]);
    if (is_for_json_alone(member))
      throw bad_header(text, std::string(member) + " can be said in the JSON of a rule only");
    if (iequals(member, "phase"))
      rule.phase = read_phase(text, value);
    else if (!member.empty())
      put_member(json, member, value);
  }
  return json;
}

}  // namespace

FaultAction read_fault_action(const Json& json, std::string_view pointer) {
  const std::string at(pointer);
  const FaultActionKind& kind = required_kind(text(json, "type"), at);
  std::vector<std::string_view> allowed = fields_of(kind);
  allowed.push_back("type");
  allow_only(json, allowed, at);
  FaultAction action = usual(kind);
  for (const Field& field : kFields)
    if (json.contains(std::string(field.name))) field.read(action, json, at);
  return action;
}

FaultRule read_fault_header(std::string_view text) {
  FaultRule rule;
  rule.id = "header";
  try {
    rule.action = read_fault_action(action_in(rule, text), "");
  } catch (const ApiError& error) {
    if (error.code == "InvalidFaultHeader") throw;
    throw bad_header(text, error.message);
  }
  return rule;
}

}  // namespace cvemu
