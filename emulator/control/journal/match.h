// RequestMatch and JournalFilter from JSON. What can never match is refused with the nearest valid name.
#pragma once
#include <cstdint>

#include "control/context.h"
#include "control/json.h"
#include "faults/matching.h"

namespace cvemu::control {

// The members of a match: service, operation, method, path, project, iteration, queue, container, blob,
// header {name: glob}, body {pointer: value}.
const std::vector<std::string_view>& match_members();
// Ignores members that are none of its own; `at` is the pointer to `json`.
RequestMatch read_match(const ControlContext& control, const Json& json, std::string_view at);

// Which entries of the journal are meant.
struct JournalFilter {
  RequestMatch match;
  std::string status;  // "404", "4xx", "broken"
  std::string fault, remark;
  std::optional<bool> unknown, internal;
  std::uint64_t since = 0;  // entries after this seq
};
const std::vector<std::string_view>& filter_members();
JournalFilter read_filter(const ControlContext& control, const Json& json, std::string_view at);

RequestFacts facts_of(const ControlContext& control, const JournalEntry& entry);
bool fits(const ControlContext& control, const JournalFilter& filter, const JournalEntry& entry);
// What keeps an entry from fitting, the filter's own conditions included.
std::vector<std::string> differences(const ControlContext& control, const JournalFilter& filter,
                                     const JournalEntry& entry);
std::string describe(const JournalFilter& filter);

JournalEntries find_entries(const ControlContext& control, const JournalFilter& filter);
// The entries that come nearest, each with what is wrong about it; for a report.
std::string near_misses(const ControlContext& control, const JournalFilter& filter);

}  // namespace cvemu::control
