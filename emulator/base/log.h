// Where the emulator speaks to its host. A library neither prints nor exits: without a callback it is silent.
// Secrets are masked in every line.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/secrets.h"

namespace cvemu {

enum class LogLevel { Debug, Info, Warning, Error };

class Log {
 public:
  using Sink = std::function<void(LogLevel, std::string_view)>;  // may be called from several threads
  explicit Log(Sink sink = {}, LogLevel least = LogLevel::Debug) : sink_(std::move(sink)), least_(least) {}

  bool enabled(LogLevel level) const { return sink_ && level >= least_; }
  void debug(std::string_view text) const { write(LogLevel::Debug, text); }
  void info(std::string_view text) const { write(LogLevel::Info, text); }
  void warning(std::string_view text) const { write(LogLevel::Warning, text); }
  void error(std::string_view text) const { write(LogLevel::Error, text); }

 private:
  void write(LogLevel level, std::string_view text) const {
    if (enabled(level)) sink_(level, masked(text));
  }
  Sink sink_;
  LogLevel least_;
};

}  // namespace cvemu
