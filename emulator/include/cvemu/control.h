// Steering an emulator: its clock, what it has promised to do, its state. The typed client of the routes
// under /_emulator/, which work the same from any language; for an emulator in this process no socket is
// involved. Every call is synchronous: when it returns, its effect is visible at every endpoint. May be
// called from any thread, but not from inside a request. Every function throws ControlError if the emulator
// refuses.
//
// A project is named by id or name, "" for all of them; JSON is as the routes take it
// (emulator/control/README.md).
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cvemu/types.h"

namespace cvemu {

// The emulator refused; what() is its explanation. status 0: no emulator answered.
struct ControlError : std::runtime_error {
  ControlError(int http_status, std::string error_code, const std::string& text, std::string pointer = {})
      : std::runtime_error(text),
        status(http_status),
        code(std::move(error_code)),
        path(std::move(pointer)) {}
  int status;
  std::string code;
  std::string path;  // JSON pointer to what was wrong with the body, if that was it
};

// How an operation to come is to end.
struct ScriptedOutcome {
  bool fails = false;
  std::optional<std::string> details{};              // of the failure
  std::optional<std::chrono::microseconds> takes{};  // instead of the usual time
  bool hold = false;                                 // pending until decided by hand
  // Its notification comes as long after (or, if early, before) the API shows the new state.
  bool notifies_early = false;
  std::optional<std::chrono::microseconds> notification_gap{};
};

class Action;
class Fault;
class Journal;
struct CallMatch;
struct When;
namespace resources {  // resources.h
class Queue;
class Container;
class Project;
}  // namespace resources

class Control {
 public:
  using Time = std::chrono::sys_time<std::chrono::microseconds>;
  struct Answer {
    int status = 0;
    std::string body;
  };
  // How a control request reaches the emulator: method, path with query, JSON body.
  using Channel = std::function<Answer(std::string_view method, std::string_view path, std::string body)>;

  // Something the emulator did because its time had come: "finish_training", "deliver" ...
  struct Fired {
    Time at;
    std::string kind;
    bool succeeded = true;           // false also for a training that ended as Failed
    std::string event;               // "training.finished", "notification.enqueued" ...
    std::string project, iteration;  // ids, if it was about one
    std::string outcome;             // of a long operation: the status that the API shows then
    std::string details;             // why it did not succeed
  };
  // Something it will do.
  struct Job {
    Time due;
    std::string kind, payload;
    int attempts = 0;        // failed ones so far
    std::string last_error;  // of the last failed one
  };
  // A training, export, import or clean-up under way.
  struct Operation {
    std::string id;
    std::string kind;  // "training", "export", "import", "connectionTest"
    std::string project, iteration;
    Time due;
    bool held = false;
  };
  struct Snapshot {
    std::string name;
    std::size_t bytes = 0;
    Time taken;
  };
  struct Identity {
    bool managed_identity = true, blob_contributor = true, queue_contributor = true;
    bool multi_service_resource = false;
  };

  explicit Control(Channel channel) : channel_(std::move(channel)) {}

  // The clock.
  Time now() const;  // to the millisecond
  ClockMode clock() const;
  bool frozen() const;      // the last two
  void freeze();            // time moves only by advance
  void freeze_at(Time at);  // may lie in the past, too
  void resume();
  void automatic();         // a second look at something pending moves time
  void scale(double rate);  // emulated seconds per second
  // Runs all that becomes due, in order; what it causes runs, too. std::invalid_argument for a negative step.
  std::vector<Fired> advance(std::chrono::microseconds step);
  std::vector<Fired> advance_to(Time then);
  // Moves the clock from one due time to the next until nothing is left to do within `limit`.
  std::vector<Fired> run_until_idle(std::chrono::microseconds limit = std::chrono::hours(24));
  // Until that event came, or nothing is left within `limit`.
  std::vector<Fired> run_until(std::string_view event, std::string_view project = {},
                               std::chrono::microseconds limit = std::chrono::hours(24));
  std::vector<Job> jobs() const;  // in the order they are due; a failing delivery shows its error

  // Long operations, decided by hand. All but hold and release end the operation before they return.
  std::vector<Operation> operations(std::string_view project = {}, std::string_view kind = {}) const;
  std::vector<Fired> complete(std::string_view operation);
  std::vector<Fired> fail(std::string_view operation, std::optional<std::string> details = {});
  void hold(std::string_view operation);
  std::vector<Fired> release(std::string_view operation);
  // Outcomes of the operations of a kind that begin from now on.
  void set_outcomes(OperationKind kind, const std::vector<ScriptedOutcome>& outcomes,
                    std::string_view project = {}, AfterLast then = AfterLast::RepeatLast);
  void clear_outcomes(OperationKind kind, std::string_view project = {});

  // Notifications by hand, delivered before this returns. with_state ends the operation of the iteration that
  // is under way, so that what the notification says is true.
  struct Trigger {
    NotificationType type = NotificationType::Training;
    std::string project;
    std::string iteration{};  // "": the newest
    std::string status{};     // TrainingFailed ...; "": the good one
    std::string model_uri{};  // of an export
    bool with_state = false;
  };
  std::vector<Fired> trigger(const Trigger& wanted);
  // The same document once more, by the id of its message or of the iteration it tells of.
  std::vector<Fired> redeliver(std::string_view id);

  // Answers of predictions instead of a model's. The first that fits counts, one for the very image before
  // the others.
  struct PredictionRule {
    std::string project{};    // "": any
    std::string image{};      // SHA-256 of the file in hexadecimal; "": any
    std::string predictions;  // JSON: [{"tagName", "probability", "boundingBox"}]
  };
  std::vector<PredictionRule> prediction_rules() const;
  void set_prediction_rules(const std::vector<PredictionRule>& rules);  // instead of those there are
  void clear_prediction_rules();

  // Blocks until the thing is there, at most `timeout` of real time, and answers it as JSON: {"message":
  // {"queue": "notifications"}}; ControlError 408 says what is there instead. An automatic clock is moved on
  // meanwhile.
  std::string wait_for(std::string_view thing,
                       std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

  // State. What a reset or restore finds under way can write no more.
  void reset();  // all but the clock
  // projects, queues, blobs, operations, faults, journal, clock
  void reset(const std::vector<std::string>& scope);
  std::string state() const;  // canonical JSON, sorted: equal states are equal texts
  Snapshot snapshot(std::string_view name);
  void restore(std::string_view name);
  std::vector<Snapshot> snapshots() const;
  void remove_snapshot(std::string_view name);
  std::string export_archive() const;  // the whole state as bytes, for another day or another emulator
  void import_archive(std::string archive);
  // A scenario (emulator/control/README.md) on top of what is there. Refused as a whole, before anything
  // changes; the message names the line. A project whose name is taken is a ControlError 409, or with
  // `replace` in place of the one that has it.
  void load(std::string scenario, bool replace = false);

  // What the how-to asks for, taken away or given back.
  Identity identity() const;
  void set_identity(const Identity& identity);

  Journal journal() const;  // cvemu/journal.h
  // cvemu/faults.h. Lives as long as the answer.
  [[nodiscard]] Fault inject(const CallMatch& match, const When& when, const Action& action) const;
  // What it holds, seen from inside; include <cvemu/resources.h>. Queues and containers are those of the
  // first storage account if none is named. Nothing is created and nothing has to be there, but the project
  // (404).
  resources::Queue queue(std::string_view name, std::string_view account = {}) const;
  resources::Container container(std::string_view name, std::string_view account = {}) const;
  resources::Project project(std::string_view id_or_name) const;
  std::vector<resources::Project> projects() const;  // newest first

  // Any control route, for what has no function of its own; the answer's JSON. Throws ControlError.
  std::string call(std::string_view method, std::string_view path, std::string body = {}) const;

 private:
  std::vector<Fired> advanced(std::string body);
  Channel channel_;
};

// The Control of an emulator in another process, by the URL of its Custom Vision endpoint. `token`: its
// control token, if it asks for one; empty: that of the environment variable CVEMU_CONTROL_TOKEN. Asks
// nothing yet; a call that gets no answer throws ControlError with status 0. InvalidUrl is thrown at once.
Control connect(std::string_view url, std::string token = {});

}  // namespace cvemu
