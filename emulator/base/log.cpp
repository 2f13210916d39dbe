#include "base/log.h"

#include "base/json_writer.h"
#include "base/secrets.h"
#include "base/times.h"

namespace cvemu {

namespace {

std::string_view name_of(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "request", "info", "warning", "error"};
  return kNames[static_cast<int>(level) + 1];
}

// In real time: it is read beside the logs of other programs.
std::string now() {
  return times::iso_millis(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
}

std::string millis(std::chrono::microseconds time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::string text_of(const RequestLine& line) {
  std::string text(line.service);
  text.append(1, ' ').append(line.operation.empty() ? "(no operation)" : line.operation);
  text.append(1, ' ').append(line.method).append(1, ' ').append(line.path);
  text.append(1, ' ').append(std::to_string(line.status));
  if (!line.code.empty()) text.append(1, ' ').append(line.code);
  text.append(1, ' ').append(millis(line.took)).append(" ms");
  if (!line.fault.empty()) text.append(" fault=").append(line.fault);
  if (line.internal) text.append(" internal");
  return text;
}

void write_fields(JsonWriter& json, const RequestLine& line) {
  json.field("service", line.service);
  if (!line.operation.empty()) json.field("operation", line.operation);
  json.field("method", line.method).field("path", line.path).field("status", line.status);
  if (!line.code.empty()) json.field("code", line.code);
  json.field("ms", static_cast<double>(line.took.count()) / 1000);
  if (!line.fault.empty()) json.field("fault", line.fault);
  if (line.internal) json.field("internal", true);
}

}  // namespace

void Log::write(LogLevel level, std::string_view text) const {
  if (!enabled(level)) return;
  if (format_ == Format::Text) return sink_(level, masked(text));
  JsonWriter json;
  json.begin_object().field("time", now()).field("level", name_of(level)).field("message", masked(text));
  sink_(level, json.end_object().text());
}

void Log::request(LogLevel level, const RequestLine& line) const {
  if (!enabled(level)) return;
  if (format_ == Format::Text) return sink_(level, masked(text_of(line)));
  JsonWriter json;
  json.begin_object().field("time", now()).field("level", name_of(level));
  RequestLine shown = line;
  const std::string path = masked(line.path);
  shown.path = path;
  write_fields(json, shown);
  sink_(level, json.end_object().text());
}

}  // namespace cvemu
