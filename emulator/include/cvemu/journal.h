// What happened at the emulator's endpoints, as questions a test asks. Control requests are not in the
// journal; the emulator's own deliveries are. Every call is a control request, so the answers hold for all
// that was answered before.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cvemu/control.h"

namespace cvemu {

// Which calls are meant: all that is set must hold. Texts compare without case. A name that cannot be (an
// operation that does not exist) is a ControlError with the nearest valid one.
struct CallFilter {
  std::string service{};    // customvision, training, prediction, queue, blob, table
  std::string operation{};  // the published name: TrainProject, PutMessage
  std::string method{};
  std::string path{};                  // glob
  std::string project{}, iteration{};  // id or name
  std::string queue{}, container{};
  std::string blob{};              // glob
  std::string status{};            // "404", "4xx", "broken"
  std::string fault{};             // id of the rule, glob
  std::string remark{};            // kind, glob: "polling", "*"
  std::optional<bool> unknown{};   // no operation fits the request
  std::optional<bool> internal{};  // sent by the emulator itself
  std::uint64_t since = 0;         // later than this mark
};

// One exchange. Keys and signatures are masked.
struct Call {
  std::uint64_t seq = 0;
  Control::Time at;                // the emulator's
  std::string service, operation;  // operation "": none fits
  std::string method, path, query;
  int status = 0;              // 0: broken off
  std::string code, fault;     // of an error; of the rule that hit it
  std::uint64_t retry_of = 0;  // seq of the try before
  bool internal = false;
  std::string request_body, response_body;  // their first 4 KiB; "" if they are no text
  std::vector<std::string> remarks;
  std::string json;  // all there is
};

class Journal {
 public:
  explicit Journal(const Control& control) : control_(&control) {}  // must outlive it

  std::uint64_t mark() const;                                   // for CallFilter::since
  std::vector<Call> find(const CallFilter& filter = {}) const;  // oldest first
  std::size_t count(const CallFilter& filter = {}) const;       // requests
  std::size_t calls(const CallFilter& filter = {}) const;       // the same with automatic retries folded
  // Blocks until such a call is there, at most `timeout` of real time; then a ControlError with status 408
  // says what came nearest.
  Call wait_for(const CallFilter& filter, std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;
  std::string near_misses(const CallFilter& filter) const;  // "" if such a call is there
  void clear() const;

  struct Expectation {
    CallFilter match{};
    std::optional<int> calls{}, requests{};  // neither: at least one
    bool never = false;
  };
  // "" if all hold, else what does not, with what came nearest. in_order: each after those before it.
  std::string verify(const std::vector<Expectation>& expected, bool in_order = false) const;

  // "#12 10:00:00.000 TrainProject 200 fault=..." a line each, for people.
  std::string text() const;
  // A line of JSON for each exchange, without what differs between two runs that do the same: real time, and
  // the dates and request ids that clients make up. With a seed, a clock that stands still and one request at
  // a time, the same calls give the same text, but for the ports in it.
  std::string canonical() const;
  // The chain of one iteration from request to delete, and why its notification came or did not. JSON.
  std::string explain(const std::string& iteration) const;
  std::string timeline(const std::string& project) const;

 private:
  const Control* control_;
};

}  // namespace cvemu
