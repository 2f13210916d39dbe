// Where the emulator speaks to its host. A library neither prints nor exits: without a callback it is silent.
// Secrets are masked in every line.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace cvemu {

enum class LogLevel { Debug = -1, Request, Info, Warning, Error };

// A request that was answered. The path without its query, which may hold a signature.
struct RequestLine {
  std::string_view service, operation;  // operation: "" if there is none
  std::string_view method, path;
  int status = 0;
  std::string_view code;  // of an error
  std::chrono::microseconds took{0};
  std::string_view fault;  // id of the rule that hit it
  bool internal = false;   // the emulator's own
};

class Log {
 public:
  enum class Format { Text, JsonLines };
  using Sink = std::function<void(LogLevel, std::string_view)>;  // may be called from several threads
  explicit Log(Sink sink = {}, LogLevel least = LogLevel::Debug, Format format = Format::Text)
      : sink_(std::move(sink)), least_(least), format_(format) {}

  bool enabled(LogLevel level) const { return sink_ && level >= least_; }
  void debug(std::string_view text) const { write(LogLevel::Debug, text); }
  void info(std::string_view text) const { write(LogLevel::Info, text); }
  void warning(std::string_view text) const { write(LogLevel::Warning, text); }
  void error(std::string_view text) const { write(LogLevel::Error, text); }
  // "blob PutBlob PUT /devstoreaccount1/c/b 201 1.2 ms"
  void request(LogLevel level, const RequestLine& line) const;

 private:
  void write(LogLevel level, std::string_view text) const;
  Sink sink_;
  LogLevel least_;
  Format format_;
};

}  // namespace cvemu
