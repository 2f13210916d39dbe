// Hints about the requests in the journal: polling, retries that come too soon, messages never deleted.
// Looked for when somebody asks, so that serving a request costs nothing more.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/journal.h"

namespace cvemu::control {

struct Remark {
  std::string_view kind;  // "polling", "retry-too-soon" ...
  std::string text;
};
using Remarks = std::map<std::uint64_t, std::vector<Remark>>;  // by seq of the entry they stand at

Remarks remarks_of(const JournalEntries& entries);
// By kind, as a glob; "*" for any remark.
bool has_remark(const Remarks& remarks, std::uint64_t seq, std::string_view kind);
const std::vector<std::string_view>& remark_kinds();

}  // namespace cvemu::control
