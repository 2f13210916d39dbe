// What happened at the endpoints: one entry for each exchange, also for the emulator's own deliveries, but
// not for control requests. One for the end of each training, export and import (control/job_events.h). And
// one for each blob that had to be dropped at the start because its bytes were lost: nobody sent that
// request, so it is internal, has the operation kDropLostBlob, and its answer's body is the reason. Bounded
// by count and by bytes; the oldest go first. Lives beside the database: it is an instrument, not state. For
// any number of threads. It holds what was sent, secrets included: a notification is delivered again as it
// was, and a retry is known by its bytes. Who shows any of it masks it (base/secrets.h); it never leaves the
// process otherwise.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "http/service.h"
#include "runtime/retries.h"

namespace cvemu {

// Immutable once it is in the journal. Texts that repeat are views of rows; the others lie in one buffer.
class JournalEntry {
 public:
  std::uint64_t seq = 0;  // 1, 2, 3 ... never given twice
  Instant at;             // the emulator's time at arrival
  WallTime wall;
  std::chrono::nanoseconds took{0};  // until the first byte of the answer left; a streamed body comes later
  std::string_view service, operation;  // operation "": no row fits
  Access::Key key = Access::Key::None;  // of the row
  Method method = Method::Get;
  int status = 0;              // 0: the client went away, or the answer never left
  bool internal = false;       // sent by the emulator itself
  bool streamed = false;       // the answer's body was made while it was sent; it is not kept
  std::uint64_t retry_of = 0;  // seq of the try before
  std::uint64_t request_length = 0, response_length = 0;
  std::string fault;  // id of the rule that had a hand in it

  std::string_view target() const { return part(0); }
  std::string_view path() const { return target().substr(0, target().find('?')); }
  // Of the path: "projectId", "queue" ...; of a delivery, whom it is about. "" if absent.
  std::string_view param(std::string_view name) const;
  std::string_view header(std::string_view name) const;
  std::string_view response_header(std::string_view name) const;
  std::string_view params() const { return part(1); }   // lines "name: value"
  std::string_view headers() const { return part(2); }  // the same
  std::string_view body() const { return part(3); }     // as far as kept
  std::string_view response_headers() const { return part(4); }
  std::string_view response_body() const { return part(5); }
  std::size_t bytes() const { return text_.size() + sizeof *this; }
  // "NotFoundProject", "QueueNotFound": from the answer; "" if it carries none.
  std::string_view error_code() const;

  // Keeps at most `kept` bytes of the answer's body.
  void store(const Request& request, const PathParams* params, std::string_view body,
             const Response* response, std::size_t kept);

 private:
  static constexpr std::size_t kParts = 6;
  std::string_view part(std::size_t index) const;
  std::string text_;
  std::uint32_t ends_[kParts] = {};
};

// Blob service, internal.
inline constexpr std::string_view kDropLostBlob = "DropLostBlob";

using JournalEntries = std::vector<std::shared_ptr<const JournalEntry>>;

class RequestJournal {
 public:
  struct Limits {
    std::size_t entries = 10'000;
    std::size_t bytes = 32 * 1024 * 1024;
    std::size_t body = 4 * 1024;  // kept of each body
  };
  explicit RequestJournal(Limits limits) : limits_(limits) {}

  const Limits& limits() const { return limits_; }
  void add(std::shared_ptr<JournalEntry> entry);  // gives it a seq, and the try before it

  std::uint64_t last() const;  // seq of the newest entry, 0 if there was none
  // Oldest first, from `after` on (not included).
  JournalEntries entries(std::uint64_t after = 0) const;
  std::shared_ptr<const JournalEntry> find(std::uint64_t seq) const;
  std::uint64_t evicted() const;  // how many had to go for want of room
  void clear();                   // seq goes on

 private:
  void link_retry(JournalEntry& entry);
  void evict();
  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const JournalEntry>> ring_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0, evicted_ = 0;
  struct Failed {
    std::uint64_t seq;
    WallTime at;
  };
  std::unordered_map<std::size_t, Failed> failed_;  // by retry_key
};

}  // namespace cvemu
