// What a fault rule says. Plain values.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faults/matching.h"

namespace cvemu {

struct FaultActionKind;  // faults/actions.h

enum class FaultPhase {
  BeforeEffect,  // nothing is stored
  AfterEffect,   // the work is done, then the answer is lost: a client that tries again does it twice
};

struct FaultWhen {
  // Counts requests, or calls: a client's automatic retries count as one call and are hit like their first
  // try, so that the fault survives them and the code under test sees it.
  bool calls = false;
  std::optional<std::uint64_t> first, every, after;  // all that are set must hold
  std::vector<std::uint64_t> nth;
  std::optional<double> probability;  // decided by hash(seed, rule, number): the same in every run
  // How many tries a call has at most; the next request of the same kind is a new call. Azure: the storage
  // clients and the Custom Vision clients try four times unless told otherwise.
  std::uint64_t tries = 4;
};

struct FaultAction {
  const FaultActionKind* kind = nullptr;  // never null in a rule that was read
  int status = 500;
  std::string code, message;  // "": as the service would say it
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::int64_t> retry_after;  // seconds; unset: no header
  // delay, stall, slowBody: real time; notification*: on the emulator's clock.
  std::chrono::milliseconds time{0};
  std::uint64_t after_bytes = 0, piece = 1, copies = 1;
  std::optional<std::string> details;  // of a failed operation
  std::string variant;  // notificationMalformed, listOrder: how. storage*: create, delivery, backup
};

struct FaultRule {
  std::string id;  // "": the engine chooses one
  RequestMatch match;
  FaultWhen when;
  std::optional<FaultPhase> phase;  // unset: what is usual for the action
  FaultAction action;
  std::string source;  // the JSON it came from, to be shown again
};

struct FaultCounts {
  std::uint64_t matched = 0;               // requests that fit
  std::uint64_t applied = 0;               // requests that were hit
  std::uint64_t absorbed = 0;              // calls hit whose later try succeeded: their code never noticed
  std::optional<std::uint64_t> remaining;  // requests or calls still to be hit; unset: no bound
};

}  // namespace cvemu
