#include "cvemu/journal.h"

#include "base/text.h"
#include "client/answers.h"
#include "http/json_fields.h"

namespace cvemu {

namespace {

Json json_of(const CallFilter& filter) {
  Json json = Json::object();
  const std::pair<const char*, const std::string*> texts[] = {
      {"service", &filter.service}, {"operation", &filter.operation}, {"method", &filter.method},
      {"path", &filter.path},       {"project", &filter.project},     {"iteration", &filter.iteration},
      {"queue", &filter.queue},     {"container", &filter.container}, {"blob", &filter.blob},
      {"status", &filter.status},   {"fault", &filter.fault},         {"remark", &filter.remark}};
  for (const auto& [name, value] : texts)
    if (!value->empty()) json[name] = *value;
  if (filter.unknown) json["unknown"] = *filter.unknown;
  if (filter.internal) json["internal"] = *filter.internal;
  if (filter.since) json["since"] = filter.since;
  return json;
}

std::string query_of(const CallFilter& filter) {
  std::string query;
  const Json json = json_of(filter);
  for (auto it = json.begin(); it != json.end(); ++it)
    query += '&' + it.key() + '=' +
             percent_encode(it.value().is_string() ? it.value().get<std::string>() : dump_json(it.value()));
  return query;
}

Call call_of(const Json& json) {
  Call call;
  call.seq = json.at("seq");
  call.at = time_at(json, "at");
  call.service = json.at("service");
  call.operation = json_fields::text(json, "operation");
  call.method = json.at("method");
  call.path = json.at("path");
  call.query = json_fields::text(json, "query");
  call.status = json.at("status");
  call.code = json_fields::text(json, "code");
  call.fault = json_fields::text(json, "fault");
  call.retry_of = static_cast<std::uint64_t>(json_fields::whole(json, "retryOf", 0));
  call.internal = json.at("internal");
  call.request_body = json_fields::text(json.at("request"), "body");
  call.response_body = json_fields::text(json.at("response"), "body");
  for (const Json& remark : json.at("remarks")) call.remarks.push_back(remark.at("kind"));
  call.json = dump_json(json);
  return call;
}

Json ask(const Control& control, std::string_view method, const std::string& path, const Json& body) {
  return parse_json(control.call(method, path, body.is_null() ? "" : dump_json(body)));
}

std::string line_of(const Call& call) {
  std::string line = '#' + std::to_string(call.seq) + ' ' + times::iso_millis(call.at).substr(11, 12) + ' ' +
                     (call.operation.empty() ? call.method + ' ' + call.path : call.operation) + ' ' +
                     std::to_string(call.status);
  if (!call.code.empty()) line += ' ' + call.code;
  if (call.internal) line += " (the emulator's own)";
  if (!call.fault.empty()) line += " fault=" + call.fault;
  if (call.retry_of) line += " retry-of=#" + std::to_string(call.retry_of);
  for (const std::string& remark : call.remarks) line += " ! " + remark;
  return line + '\n';
}

}  // namespace

Journal Control::journal() const {
  return Journal(*this);
}

std::uint64_t Journal::mark() const {
  return ask(*control_, "GET", "/_emulator/journal?limit=1", {}).at("last");
}

std::vector<Call> Journal::find(const CallFilter& filter) const {
  const Json answer = ask(*control_, "GET", "/_emulator/journal?limit=1000000" + query_of(filter), {});
  std::vector<Call> found;
  for (auto it = answer.at("entries").rbegin(); it != answer.at("entries").rend(); ++it)
    found.push_back(call_of(*it));
  return found;
}

std::size_t Journal::count(const CallFilter& filter) const {
  return ask(*control_, "POST", "/_emulator/journal/count", json_of(filter)).at("requests");
}

std::size_t Journal::calls(const CallFilter& filter) const {
  return ask(*control_, "POST", "/_emulator/journal/count", json_of(filter)).at("calls");
}

Call Journal::wait_for(const CallFilter& filter, std::chrono::milliseconds timeout) const {
  const Json body = {{"for", {{"request", json_of(filter)}}},
                     {"timeout", std::to_string(timeout.count()) + "ms"}};
  return call_of(ask(*control_, "POST", "/_emulator/wait", body));
}

std::string Journal::near_misses(const CallFilter& filter) const {
  return verify({{.match = filter}});
}

void Journal::clear() const {
  control_->call("DELETE", "/_emulator/journal");
}

std::string Journal::verify(const std::vector<Expectation>& expected, bool in_order) const {
  Json list = Json::array();
  for (const Expectation& item : expected) {
    Json one = {{"match", json_of(item.match)}};
    if (item.calls) one["calls"] = *item.calls;
    if (item.requests) one["requests"] = *item.requests;
    if (item.never) one["never"] = true;
    list.push_back(std::move(one));
  }
  try {
    ask(*control_, "POST", "/_emulator/journal/verify", {{"expect", list}, {"inOrder", in_order}});
    return {};
  } catch (const ControlError& error) {
    if (error.status != 409) throw;
    return error.what();
  }
}

std::string Journal::text() const {
  std::string lines;
  for (const Call& call : find()) lines += line_of(call);
  return lines;
}

std::string Journal::canonical() const {
  return control_->call("GET", "/_emulator/journal?format=canonical&limit=1000000");
}

std::string Journal::explain(const std::string& iteration) const {
  return control_->call("GET", "/_emulator/explain?iteration=" + percent_encode(iteration));
}

std::string Journal::timeline(const std::string& project) const {
  return control_->call("GET", "/_emulator/timeline?project=" + percent_encode(project));
}

}  // namespace cvemu
