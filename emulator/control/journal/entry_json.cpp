#include "control/journal/entry_json.h"

#include "base/secrets.h"
#include "base/text.h"
#include "base/times.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

constexpr double kNanosPerMilli = 1e6;

template <class Each>
void each_line(std::string_view lines, Each each) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(':');
    each(line.substr(0, colon), line.substr(colon + 2));
    lines.remove_prefix(end + 1);
  }
}

Instant wall_of(const JournalEntry& entry) {
  return std::chrono::time_point_cast<Duration>(entry.wall);
}
double millis(const JournalEntry& entry) {
  return static_cast<double>(entry.took.count()) / kNanosPerMilli;
}

Json headers_json(std::string_view lines) {
  Json headers = Json::object();
  each_line(lines, [&](std::string_view name, std::string_view value) {
    headers[std::string(name)] = masked_header(name, value);
  });
  return headers;
}

void erase_header(Json& headers, std::string_view wanted) {
  for (auto it = headers.begin(); it != headers.end();)
    it = iequals(it.key(), wanted) ? headers.erase(it) : std::next(it);
}

// Of a body whose beginning was kept.
std::string shown_body(std::string_view body, std::uint64_t length) {
  return length > body.size() ? masked_beginning(body) : masked(body);
}

void put_body(Json& json, std::string_view body, std::uint64_t length) {
  if (!body.empty()) {
    const std::string shown = shown_body(body, length);
    if (is_valid_utf8(shown))
      json["body"] = shown;
    else
      json["bodyBase64"] = base64_encode(shown);
  }
  json["length"] = length;
}

void put_text(Json& json, const char* name, std::string_view value) {
  if (!value.empty()) json[name] = value;
}

Json har_headers(std::string_view lines) {
  Json list = Json::array();
  each_line(lines, [&](std::string_view name, std::string_view value) {
    list.push_back({{"name", name}, {"value", masked_header(name, value)}});
  });
  return list;
}

std::string url_of(const JournalEntry& entry) {
  return "http://" + std::string(entry.header("Host")) + masked(entry.target());
}

Json har_entry(const JournalEntry& entry) {
  Json query = Json::array();
  const std::string target = masked(entry.target());
  const std::size_t question = target.find('?');
  const Query sent = Query::parse(std::string_view(target).substr(std::min(question, target.size() - 1) + 1));
  for (const auto& [name, value] : sent.all()) query.push_back({{"name", name}, {"value", value}});
  Json request = {{"method", method_name(entry.method)},
                  {"url", url_of(entry)},
                  {"httpVersion", "HTTP/1.1"},
                  {"cookies", Json::array()},
                  {"headers", har_headers(entry.headers())},
                  {"queryString", query},
                  {"headersSize", -1},
                  {"bodySize", entry.request_length}};
  if (entry.request_length > 0)
    request["postData"] = {{"mimeType", entry.header("Content-Type")},
                           {"text", shown_body(entry.body(), entry.request_length)}};
  const Json content = {{"size", entry.response_length},
                        {"mimeType", entry.response_header("Content-Type")},
                        {"text", shown_body(entry.response_body(), entry.response_length)}};
  const Json response = {{"status", entry.status},
                         {"statusText", ""},
                         {"httpVersion", "HTTP/1.1"},
                         {"cookies", Json::array()},
                         {"headers", har_headers(entry.response_headers())},
                         {"content", content},
                         {"redirectURL", masked(entry.response_header("Location"))},
                         {"headersSize", -1},
                         {"bodySize", entry.response_length}};
  return {{"startedDateTime", times::iso_millis(wall_of(entry))},
          {"time", millis(entry)},
          {"request", request},
          {"response", response},
          {"cache", Json::object()},
          {"timings", {{"send", 0}, {"wait", millis(entry)}, {"receive", 0}}}};
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

}  // namespace

Json entry_json(const JournalEntry& entry, const std::vector<Remark>& remarks) {
  Json json = {{"seq", entry.seq},
               {"at", times::iso_millis(entry.at)},
               {"wallTime", times::iso_millis(wall_of(entry))},
               {"durationMs", millis(entry)},
               {"service", entry.service}};
  put_text(json, "operation", entry.operation);
  each_line(entry.params(), [&](std::string_view name, std::string_view value) {
    const bool is_id = name == "projectId" || name == "iterationId";
    if (name != "version") json[std::string(is_id ? name.substr(0, name.size() - 2) : name)] = value;
  });
  const std::string target = masked(entry.target());
  json["method"] = method_name(entry.method);
  json["path"] = target.substr(0, target.find('?'));
  if (target.find('?') != std::string::npos) json["query"] = target.substr(target.find('?') + 1);
  json["status"] = entry.status;
  put_text(json, "code", entry.error_code());
  put_text(json, "fault", entry.fault);
  if (entry.retry_of) json["retryOf"] = entry.retry_of;
  json["internal"] = entry.internal;
  put_text(json, "clientRequestId", entry.header("x-ms-client-request-id"));
  put_text(json, "userAgent", entry.header("User-Agent"));
  json["request"] = {{"headers", headers_json(entry.headers())}};
  put_body(json["request"], entry.body(), entry.request_length);
  json["response"] = {{"headers", headers_json(entry.response_headers())}, {"streamed", entry.streamed}};
  put_body(json["response"], entry.response_body(), entry.response_length);
  json["remarks"] = Json::array();
  for (const Remark& remark : remarks)
    json["remarks"].push_back({{"kind", remark.kind}, {"text", remark.text}});
  return json;
}

Json canonical_entry_json(const JournalEntry& entry) {
  Json json = entry_json(entry, {});
  for (const char* name : {"wallTime", "durationMs", "remarks", "clientRequestId"}) json.erase(name);
  for (const std::string_view own : {"Date", "x-ms-date", "x-ms-client-request-id"})
    erase_header(json["request"]["headers"], own);
  erase_header(json["response"]["headers"], "x-ms-client-request-id");  // an echo
  return json;
}

Json har_of(const JournalEntries& entries) {
  Json list = Json::array();
  for (const auto& entry : entries) list.push_back(har_entry(*entry));
  return {{"log",
           {{"version", "1.2"}, {"creator", {{"name", "cvemu"}, {"version", kVersion}}}, {"entries", list}}}};
}

std::string curl_of(const JournalEntry& entry) {
  std::string out = "curl -X " + std::string(method_name(entry.method)) + ' ' + shell_quoted(url_of(entry));
  each_line(entry.headers(), [&](std::string_view name, std::string_view value) {
    if (!iequals(name, "Host") && !iequals(name, "Content-Length"))
      out += " -H " + shell_quoted(std::string(name) + ": " + masked_header(name, value));
  });
  if (entry.request_length > 0)
    out += " --data-binary " + shell_quoted(shown_body(entry.body(), entry.request_length));
  return out;
}

}  // namespace cvemu::control
