// Journal filters: a match and what only an answer can show.
#include <algorithm>

#include "base/text.h"
#include "control/journal/match.h"
#include "control/journal/remarks.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kNearMisses = 3;

bool is_status(std::string_view text) {
  if (iequals(text, "broken")) return true;
  const bool digit = text.size() == 3 && text[0] >= '1' && text[0] <= '5';
  return digit && (text.substr(1) == "xx" || (parse_int(text.substr(1)) && text[1] != '-'));
}

bool status_fits(std::string_view wanted, int status) {
  if (iequals(wanted, "broken")) return status == 0;
  const std::string actual = std::to_string(status);
  return wanted.ends_with("xx") ? actual[0] == wanted[0] && status != 0 : wanted == actual;
}

std::string yes_or_no(bool value) {
  return value ? "true" : "false";
}

template <class Miss>
void each_own_miss(const JournalFilter& filter, const JournalEntry& entry, Miss miss) {
  const auto check = [&](const char* name, bool holds, const std::string& wanted, std::string actual) {
    if (!holds)
      miss(std::string(name) + ": wanted " + wanted + ", was " + (actual.empty() ? "absent" : actual));
  };
  if (!filter.status.empty())
    check("status", status_fits(filter.status, entry.status), filter.status, std::to_string(entry.status));
  if (!filter.fault.empty())
    check("fault", glob_fits(filter.fault, entry.fault) && !entry.fault.empty(), filter.fault, entry.fault);
  if (filter.unknown)
    check("unknown", *filter.unknown == entry.operation.empty(), yes_or_no(*filter.unknown),
          yes_or_no(entry.operation.empty()));
  if (filter.internal)
    check("internal", *filter.internal == entry.internal, yes_or_no(*filter.internal),
          yes_or_no(entry.internal));
}

}  // namespace

const std::vector<std::string_view>& filter_members() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all = match_members();
    all.insert(all.end(), {"status", "fault", "remark", "unknown", "internal", "since"});
    return all;
  }();
  return names;
}

JournalFilter read_filter(const ControlContext& control, const Json& json, std::string_view at) {
  JournalFilter filter;
  filter.match = read_match(control, json, at);
  if (const auto found = json.find("status"); found != json.end())
    filter.status = found->is_number_integer() ? found->dump() : to_lower(text(json, "status"));
  if (!filter.status.empty() && !is_status(filter.status))
    throw bad_field("InvalidField", "status is a number such as 404, a class such as 4xx, or broken.",
                    std::string(at) + "/status");
  filter.fault = text(json, "fault");
  filter.remark = text(json, "remark");
  if (json.contains("unknown")) filter.unknown = flag(json, "unknown");
  if (json.contains("internal")) filter.internal = flag(json, "internal");
  filter.since = static_cast<std::uint64_t>(std::max<std::int64_t>(0, whole(json, "since", 0)));
  return filter;
}

bool fits(const ControlContext& control, const JournalFilter& filter, const JournalEntry& entry) {
  bool all = entry.seq > filter.since;
  each_own_miss(filter, entry, [&](auto&&) { all = false; });
  return all && cvemu::fits(filter.match, facts_of(control, entry));
}

std::vector<std::string> differences(const ControlContext& control, const JournalFilter& filter,
                                     const JournalEntry& entry) {
  std::vector<std::string> found = cvemu::differences(filter.match, facts_of(control, entry));
  each_own_miss(filter, entry, [&](std::string miss) { found.push_back(std::move(miss)); });
  return found;
}

std::string describe(const JournalFilter& filter) {
  std::string text = cvemu::describe(filter.match);
  if (!filter.status.empty()) text += ", status " + filter.status;
  if (!filter.fault.empty()) text += ", fault " + filter.fault;
  if (!filter.remark.empty()) text += ", remark " + filter.remark;
  if (filter.unknown) text += ", unknown " + yes_or_no(*filter.unknown);
  if (filter.internal) text += ", internal " + yes_or_no(*filter.internal);
  return text;
}

JournalEntries find_entries(const ControlContext& control, const JournalFilter& filter) {
  const JournalEntries all = control.journal.entries(filter.remark.empty() ? filter.since : 0);
  const auto remarked = filter.remark.empty() ? Remarks() : remarks_of(all);
  JournalEntries found;
  for (const auto& entry : all)
    if ((filter.remark.empty() || has_remark(remarked, entry->seq, filter.remark)) &&
        fits(control, filter, *entry))
      found.push_back(entry);
  return found;
}

std::string near_misses(const ControlContext& control, const JournalFilter& filter) {
  struct Miss {
    std::shared_ptr<const JournalEntry> entry;
    std::vector<std::string> why;
  };
  std::vector<Miss> misses;
  for (const auto& entry : control.journal.entries(filter.since))
    if (auto why = differences(control, filter, *entry); !why.empty())
      misses.push_back({entry, std::move(why)});
  if (misses.empty()) return "the journal holds no request that comes near";
  std::stable_sort(misses.begin(), misses.end(),
                   [](const Miss& a, const Miss& b) { return a.why.size() < b.why.size(); });
  misses.resize(std::min(misses.size(), kNearMisses));
  std::string text;
  for (const auto& [entry, why] : misses) {
    const std::string name(entry->operation.empty() ? "unknown operation" : entry->operation);
    text += '#' + std::to_string(entry->seq) + ' ' + name + ' ' + std::to_string(entry->status) + ": " +
            join(why, "; ") + '\n';
  }
  return text;
}

}  // namespace cvemu::control
