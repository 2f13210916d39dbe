// Whether what happened is what was expected.
#include "control/journal/entry_json.h"
#include "control/journal/match.h"

namespace cvemu::control {

namespace {

struct Expectation {
  JournalFilter filter;
  std::optional<std::int64_t> calls, requests;  // neither: at least one
  bool never = false;
};

Expectation read_expectation(const ControlContext& control, const Json& json, const std::string& at) {
  if (!json.is_object()) throw bad_field("InvalidField", "An expectation is an object.", at);
  allow_only(json, {"match", "calls", "requests", "never"}, at);
  if (!json.contains("match") || !json.at("match").is_object())
    throw bad_field("InvalidField", "Say what is expected: {\"match\": {...}}.", at + "/match");
  allow_only(json.at("match"), filter_members(), at + "/match");
  Expectation expected{read_filter(control, json.at("match"), at + "/match"), {}, {}, flag(json, "never")};
  if (json.contains("calls")) expected.calls = whole(json, "calls", 0);
  if (json.contains("requests")) expected.requests = whole(json, "requests", 0);
  return expected;
}

std::vector<Expectation> read_expectations(const ControlContext& control, const Json& body) {
  const auto list = body.find("expect");
  if (list == body.end() || !list->is_array())
    throw bad_field("InvalidField", R"(Say what is expected: {"expect": [{"match": {...}, "calls": 1}]}.)",
                    "/expect");
  std::vector<Expectation> all;
  for (const Json& item : *list)
    all.push_back(read_expectation(control, item, "/expect/" + std::to_string(all.size())));
  return all;
}

std::string seen(const JournalEntries& found) {
  std::string text;
  for (const auto& entry : found)
    text += "\n  #" + std::to_string(entry->seq) + ' ' + std::string(entry->operation) + ' ' +
            std::to_string(entry->status) + (entry->retry_of ? " (retry)" : "");
  return text;
}

std::string indented(const std::string& lines) {
  std::string out = "\n  nearest: ";
  for (const char c : lines) out += c == '\n' ? std::string("\n           ") : std::string(1, c);
  out.erase(out.find_last_not_of(" \n") + 1);
  return out;
}

// "" if the count is right.
std::string wrong_count(const ControlContext& control, const Expectation& expected,
                        const JournalEntries& found) {
  std::int64_t calls = 0;
  for (const auto& entry : found) calls += entry->retry_of == 0;
  const auto requests = static_cast<std::int64_t>(found.size());
  std::string wanted;
  if (expected.never && requests > 0)
    wanted = "never, but came";
  else if (expected.calls && calls != *expected.calls)
    wanted = std::to_string(*expected.calls) + " calls, were " + std::to_string(calls);
  else if (expected.requests && requests != *expected.requests)
    wanted = std::to_string(*expected.requests) + " requests, were " + std::to_string(requests);
  else if (!expected.never && !expected.calls && !expected.requests && requests == 0)
    wanted = "at least once, but never came";
  if (wanted.empty()) return {};
  const std::string near = requests == 0 ? indented(near_misses(control, expected.filter)) : seen(found);
  return describe(expected.filter) + ": expected " + wanted + near;
}

Response verify(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"expect", "inOrder"});
  const bool in_order = flag(body, "inOrder");
  Json report = Json::array();
  std::uint64_t after = 0;
  for (const Expectation& expected : read_expectations(control, body)) {
    const JournalEntries found = find_entries(control, expected.filter);
    std::string wrong = wrong_count(control, expected, found);
    if (wrong.empty() && in_order && !found.empty()) {
      if (found.front()->seq < after)
        wrong = describe(expected.filter) + ": came as #" + std::to_string(found.front()->seq) +
                ", before #" + std::to_string(after) + " which was expected before it";
      after = std::max(after, found.back()->seq);
    }
    if (!wrong.empty()) report.push_back(std::move(wrong));
  }
  Json answer = {{"ok", report.empty()}, {"evicted", control.journal.evicted()}};
  if (report.empty()) return json_response(answer);
  std::string message;
  for (const Json& line : report) message += line.get<std::string>() + '\n';
  answer["status"] = 409;
  answer["code"] = "NotAsExpected";
  answer["message"] = message;
  answer["failures"] = std::move(report);
  return json_response(answer, 409);
}

}  // namespace

std::span<const Operation<ControlContext>> verify_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"VerifyJournal", Method::Post, "/_emulator/journal/verify"},
       verify,
       {"Whether what happened is what was expected; 409 says what came nearest", "expect, inOrder",
        R"({"expect": [{"match": {"operation": "DeleteProject"}, "never": true}], "inOrder": true})"}},
  };
  return operations;
}

}  // namespace cvemu::control
