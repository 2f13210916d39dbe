// Faults as objects: a fault lives as long as its object.
//
//   auto fault = emulator.control().inject({.operation = "TrainProject"}, {.first = 1, .calls = true},
//                                          cvemu::Action::status(503));
//   run_the_code_under_test();
//   CHECK(fault.applied() == 4);   // three retries of the client's own
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cvemu/control.h"

namespace cvemu {

// Which requests are hit: all that is set must hold.
struct CallMatch {
  std::string service{};    // customvision, training, prediction, queue, blob, table
  std::string operation{};  // the published name
  std::string method{};
  std::string path{};                  // glob
  std::string project{}, iteration{};  // id or name
  std::string queue{}, container{};
  std::string blob{};                                         // glob
  std::vector<std::pair<std::string, std::string>> header{};  // name, glob of the value
  std::vector<std::pair<std::string, std::string>> body{};    // JSON pointer, JSON value: {"/name", "\"x\""}
};

// When: nothing set means always.
struct When {
  std::optional<int> first{}, every{}, after{};
  std::vector<int> nth{};
  std::optional<double> probability{};  // decided by the emulator's seed: the same in every run
  // Count calls instead of requests: a client's automatic retries belong to the call and are hit like it.
  bool calls = false;
  std::optional<int> tries{};  // of a call, at most; 4 unless said otherwise
};

enum class Phase { Usual, BeforeEffect, AfterEffect };

// What goes wrong. Times are real unless said otherwise.
class Action {
 public:
  using Millis = std::chrono::milliseconds;
  static Action status(int status, const std::string& code = "", const std::string& message = "");
  static Action throttle(std::optional<int> retry_after_seconds = {});  // 429; for storage 503 ServerBusy
  static Action delay(Millis time);
  static Action stall(std::uint64_t after_bytes, Millis time);
  static Action reset_connection(std::uint64_t after_bytes = 0);
  static Action empty_reply();
  static Action truncate_body(std::uint64_t after_bytes);
  static Action corrupt_body(std::uint64_t after_bytes = 0);
  static Action slow_body(std::uint64_t chunk, Millis pause);
  // Of the emulator's requests to the user's storage. `at`: any, create, delivery, backup.
  static Action storage_denied(const std::string& at = "any");
  static Action storage_missing(const std::string& at = "any");
  static Action training_failed(const std::string& details = "");
  static Action training_stuck();
  static Action export_failed(const std::string& details = "");
  static Action export_stuck();
  static Action import_failed(const std::string& details = "");
  static Action notification_lost();
  static Action notification_duplicated(int copies = 1);
  static Action notification_delayed(Millis by);        // on the emulator's clock, in whole seconds
  static Action notification_reordered(Millis window);  // the same
  static Action notification_early(Millis by);          // the same
  // plainText, notBase64, lowerCaseContent, unknownType, extraFields, brokenJson, otherVersion
  static Action notification_malformed(const std::string& kind);
  static Action backup_missing();
  static Action backup_truncated();
  static Action list_order(const std::string& order);  // reverse, shuffled

  const std::string& json() const { return json_; }

 private:
  explicit Action(std::string json) : json_(std::move(json)) {}
  std::string json_;
};

// Removed with the object, unless kept. Movable; for one thread.
class Fault {
 public:
  // Throws ControlError for a rule that can never match. `control` must outlive it.
  Fault(const Control& control, const CallMatch& match, const When& when, const Action& action,
        Phase phase = Phase::Usual);
  ~Fault();
  Fault(Fault&& other) noexcept
      : control_(std::exchange(other.control_, nullptr)), id_(std::move(other.id_)) {}
  Fault& operator=(Fault&&) = delete;

  const std::string& id() const { return id_; }
  int matched() const;   // requests that fit
  int applied() const;   // requests that were hit
  int absorbed() const;  // calls hit whose later try succeeded
  std::optional<int> remaining() const;
  void keep() { control_ = nullptr; }  // outlives the object; its counts are no longer to be had here

 private:
  std::optional<int> count(const char* name) const;
  const Control* control_;
  std::string id_;
};

}  // namespace cvemu
