// Faults' dealings with text: a list in another order, the header that asks for a fault.
#include <algorithm>

#include "base/durations.h"
#include "base/ids.h"
#include "base/text.h"
#include "runtime/fault_effects.h"

namespace cvemu {

namespace {

// The entries of "[...]" as they stand; nothing if it is no list.
std::vector<std::string_view> entries_of(std::string_view json) {
  std::vector<std::string_view> entries;
  if (!json.starts_with('[') || json == "[]") return entries;
  int depth = 0;
  bool in_text = false;
  std::size_t begin = 1;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '[' || c == '{') ++depth;
    const bool ends = (c == ',' && depth == 1) || (c == ']' && depth == 1);
    if (c == ']' || c == '}') --depth;
    if (!ends) continue;
    entries.push_back(json.substr(begin, i - begin));
    begin = i + 1;
  }
  return entries;
}

ApiError bad_header(std::string_view text, const std::string& why) {
  return ApiError(400, "InvalidFaultHeader", "x-emulator-fault: " + std::string(text) + ": " + why);
}

std::int64_t number_in(std::string_view text, std::string_view value) {
  const auto number = parse_int(value);
  if (!number || *number < 0) throw bad_header(text, "not a whole number: " + std::string(value));
  return *number;
}

int status_in(std::string_view text, std::string_view value) {
  const std::int64_t status = number_in(text, value);
  if (status < 400 || status > 599)
    throw bad_header(text, "not the status of an error, 400 to 599: " + std::string(value));
  return static_cast<int>(status);
}

std::chrono::milliseconds time_in(std::string_view text, std::string_view value) {
  const auto time = parse_duration(value);
  if (!time) throw bad_header(text, "not a duration such as 2s: " + std::string(value));
  return std::chrono::duration_cast<std::chrono::milliseconds>(*time);
}

void read_part(FaultRule& rule, std::string_view text, std::string_view name, std::string_view value) {
  FaultAction& action = rule.action;
  if (iequals(name, "status"))
    action.status = status_in(text, value);
  else if (iequals(name, "delay") || iequals(name, "for") || iequals(name, "pause") || iequals(name, "by"))
    action.time = time_in(text, value);
  else if (iequals(name, "code"))
    action.code = value;
  else if (iequals(name, "message"))
    action.message = value;
  else if (iequals(name, "details"))
    action.details = value;
  else if (iequals(name, "retryAfter"))
    action.retry_after = number_in(text, value);
  else if (iequals(name, "afterBytes") || iequals(name, "after"))
    action.after_bytes = static_cast<std::uint64_t>(number_in(text, value));
  else if (iequals(name, "chunk"))
    action.piece = static_cast<std::uint64_t>(std::max<std::int64_t>(1, number_in(text, value)));
  else if (iequals(name, "phase") && iequals(value, "afterEffect"))
    rule.phase = FaultPhase::AfterEffect;
  else if (iequals(name, "phase") && iequals(value, "beforeEffect"))
    rule.phase = FaultPhase::BeforeEffect;
  else if (!find_fault_kind(name))
    throw bad_header(text, "not known: " + std::string(name));
}

}  // namespace

std::string reordered_list(std::string_view json, std::string_view order) {
  std::vector<std::string_view> entries = entries_of(json);
  if (entries.size() < 2) return std::string(json);
  if (order == "shuffled") {
    for (std::size_t i = entries.size(); i > 1; --i)
      std::swap(entries[i - 1], entries[scramble(i, entries.size()) % i]);
  } else {
    std::reverse(entries.begin(), entries.end());
  }
  std::string out;
  for (const std::string_view entry : entries) out += (out.empty() ? '[' : ',') + std::string(entry);
  return out + ']';
}

FaultRule read_fault_header(std::string_view text) {
  FaultRule rule;
  rule.id = "header";
  bool has_kind = false;
  for (const std::string_view raw : split(text, ';')) {
    const std::string_view part = trim(raw);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view();
    if (const auto kind = find_fault_kind(name); kind && !has_kind) {
      rule.action.kind = *kind;
      has_kind = true;
      if (value.empty()) continue;
    }
    read_part(rule, text, name, value);
  }
  if (!has_kind) throw bad_header(text, "it begins with an action, such as status=503, or rule=ID");
  return rule;
}

}  // namespace cvemu
