// What the storage services do about each request header: one that changes what a body or an answer means is
// obeyed, or refused by its name, never skipped. The table has every header of the published operations
// (fixtures/operations); headers that are in no published list are skipped, as the service does.
#pragma once
#include <span>
#include <string_view>

#include "http/service.h"

namespace cvemu {

struct HeaderRule {
  enum class Verdict {
    Obeyed,        // read where the operation stands
    Harmless,      // means nothing there, or nothing that a client could miss
    Unsupported,   // 400 UnsupportedHeader: means something, but this operation does not take it
    NoConditions,  // 400 ConditionHeadersNotSupported: a condition on an operation that has none
    NotYet,        // 501: Azure obeys it, the emulator does not yet
    NeedsHttps,    // 400 HttpsRequired over plain HTTP, as Azure; else NotYet
  };
  std::string_view name;  // lower case. "x-ms-meta-": all that begin so; "?name": a parameter of the query
  // Names of rows with blanks between them, "*" for all that are in no earlier rule.
  std::string_view operations;
  Verdict verdict;
  // The values that are taken. Obeyed: any other is 400 InvalidHeaderValue, and null takes all. Refused:
  // those that change nothing, and null takes none but the empty one.
  bool (*takes)(std::string_view value) = nullptr;
};

// The first rule of a name that fits an operation holds.
std::span<const HeaderRule> request_header_rules();
// Null if the name is in no published list.
const HeaderRule* find_header_rule(std::string_view name, std::string_view operation);

// Refuses what the rules refuse, and a header that is there twice with two values. With the operation's name,
// before its function runs. Values are never repeated where they could be keys.
void check_request_headers(const Exchange&, std::string_view operation);

}  // namespace cvemu
