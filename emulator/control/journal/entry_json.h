// Entries of the journal in their written forms. The entries hold what was sent; secrets are masked in all of
// these forms.
#pragma once
#include <string>

#include "control/journal/remarks.h"
#include "control/json.h"

namespace cvemu::control {

Json entry_json(const JournalEntry& entry, const std::vector<Remark>& remarks);
// Without what differs between two runs that do the same: real time, advice on it, and what clients make up
// anew for each request (their dates and request ids). Equal runs have equal texts.
Json canonical_entry_json(const JournalEntry& entry);
Json har_of(const JournalEntries& entries);      // HTTP Archive 1.2
std::string curl_of(const JournalEntry& entry);  // one command; keys are to be filled in

}  // namespace cvemu::control
