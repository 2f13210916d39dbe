#include "control/journal/remarks.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "faults/matching.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kPollsPerSecond = 5;
constexpr int kReceivesBeforeRemark = 3;
constexpr std::int64_t kLongestRetryAfter = 366 * 86400;  // seconds; nobody waits for longer

// Walks through the journal once, oldest first.
class Coach {
 public:
  void look_at(const JournalEntry& entry);
  Remarks take() { return std::move(remarks_); }

 private:
  void say(const JournalEntry& entry, std::string_view kind, std::string text) {
    remarks_[entry.seq].push_back({kind, std::move(text)});
  }
  void polling(const JournalEntry& entry);
  void refused_calls(const JournalEntry& entry);
  void batches(const JournalEntry& entry);
  void messages(const JournalEntry& entry);
  void retries(const JournalEntry& entry);
  void form(const JournalEntry& entry);

  Remarks remarks_;
  std::map<std::string, std::vector<WallTime>, std::less<>> polls_;  // by path: those of the last second
  std::set<std::string, std::less<>> unlucky_;                       // projects with a batch not wholly taken
  std::map<std::uint64_t, std::pair<WallTime, std::int64_t>>
      retry_after_;  // seq: when it ended, seconds to wait
};

void Coach::polling(const JournalEntry& entry) {
  if (entry.operation != "GetIteration" && entry.operation != "GetExports" &&
      entry.operation != "GetIterations")
    return;
  auto& times = polls_[std::string(entry.path())];
  std::erase_if(times, [&](WallTime time) { return entry.wall - time >= std::chrono::seconds(1); });
  times.push_back(entry.wall);
  if (times.size() != kPollsPerSecond + 1) return;
  say(entry, "polling",
      "More than 5 polls of the same thing within a second; wait between them, or use the notification "
      "queue.");
  times.clear();
}

void Coach::refused_calls(const JournalEntry& entry) {
  if (entry.status != 400) return;
  if (entry.operation == "PublishIteration" && entry.error_code() == "BadRequestIterationIsNotTrained")
    say(entry, "publish-too-early", "Only a Completed iteration can be published; look at its status first.");
  if (entry.operation == "ExportIteration" && entry.error_code() == "BadRequestExportAlreadyInProgress")
    say(entry, "second-export",
        "An iteration is exported once per platform and flavor; read the first one's link from GetExports.");
}

void Coach::batches(const JournalEntry& entry) {
  const std::string project(entry.param("projectId"));
  if (entry.operation.starts_with("CreateImagesFrom")) {
    unlucky_.erase(project);
    if (entry.response_body().find(R"("isBatchSuccessful":false)") != std::string_view::npos)
      unlucky_.insert(project);
    if (entry.response_body().find(R"("OKDuplicate")") != std::string_view::npos)
      say(entry, "same-bytes", "An image of this batch is in the project already.");
  }
  if (entry.operation == "TrainProject" && unlucky_.erase(project))
    say(entry, "batch-not-whole",
        "The last upload answered isBatchSuccessful:false; some of its images are missing in this training.");
}

void Coach::messages(const JournalEntry& entry) {
  if (entry.operation == "DeleteMessage" && entry.error_code() == "PopReceiptMismatch")
    say(entry, "visibility-too-short",
        "The message became visible again before it was deleted; receive it with a longer visibility "
        "timeout.");
  if (entry.operation != "GetMessages") return;
  constexpr std::string_view kCount = "<DequeueCount>";
  const std::string_view body = entry.response_body();
  for (std::size_t at = body.find(kCount); at != std::string_view::npos; at = body.find(kCount, at + 1)) {
    const std::string_view digits = body.substr(at + kCount.size());
    const auto count = parse_int(digits.substr(0, digits.find('<'))).value_or(0);
    if (count >= kReceivesBeforeRemark)
      say(entry, "never-deleted",
          "A message was received " + std::to_string(count) + " times and never deleted.");
  }
}

void Coach::retries(const JournalEntry& entry) {
  if (const auto before = retry_after_.find(entry.retry_of); before != retry_after_.end())
    if (entry.wall - before->second.first < std::chrono::seconds(before->second.second))
      say(entry, "retry-too-soon",
          "The answer before asked to wait " + std::to_string(before->second.second) + " s (Retry-After).");
  const auto wait = parse_int(entry.response_header("Retry-After"));
  if (wait && *wait >= 0 && *wait <= kLongestRetryAfter)
    retry_after_[entry.seq] = {entry.wall + std::chrono::duration_cast<WallTime::duration>(entry.took),
                               *wait};
}

void Coach::form(const JournalEntry& entry) {
  if (entry.internal) return;
  const std::string_view target = entry.target();
  const std::size_t query = target.find('?');
  if (query != std::string_view::npos && target.find('?', query + 1) != std::string_view::npos)
    say(entry, "unescaped-query",
        "A parameter holds a bare '?': a URI given as a parameter must be percent-encoded, or its tail is "
        "lost.");
  const bool has_length =
      !entry.header("Content-Length").empty() || !entry.header("Transfer-Encoding").empty();
  if ((entry.method == Method::Post || entry.method == Method::Put) && !has_length)
    say(entry, "no-content-length", "Azure answers 411 to a POST or PUT without Content-Length.");
}

void Coach::look_at(const JournalEntry& entry) {
  polling(entry);
  refused_calls(entry);
  batches(entry);
  messages(entry);
  retries(entry);
  form(entry);
}

}  // namespace

const std::vector<std::string_view>& remark_kinds() {
  static const std::vector<std::string_view> kinds = {
      "polling",       "publish-too-early",    "second-export",  "same-bytes",      "batch-not-whole",
      "never-deleted", "visibility-too-short", "retry-too-soon", "unescaped-query", "no-content-length"};
  return kinds;
}

Remarks remarks_of(const JournalEntries& entries) {
  Coach coach;
  for (const auto& entry : entries) coach.look_at(*entry);
  return coach.take();
}

bool has_remark(const Remarks& remarks, std::uint64_t seq, std::string_view kind) {
  const auto found = remarks.find(seq);
  return found != remarks.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const Remark& remark) { return glob_fits(kind, remark.kind); });
}

}  // namespace cvemu::control
