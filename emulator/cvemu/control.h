// Steering an emulator: its clock, what it has promised to do. The typed client of the routes under
// /_emulator/, which work the same from any language; for an emulator in this process no socket is involved.
// Every call is synchronous: when it returns, its effect is visible at every door. May be called from any
// thread, but not from inside a request.
#pragma once
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cvemu {

// The emulator refused; what() is its explanation. status 0: no emulator answered.
struct ControlError : std::runtime_error {
  ControlError(int http_status, std::string error_code, const std::string& text)
      : std::runtime_error(text), status(http_status), code(std::move(error_code)) {}
  int status;
  std::string code;
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
    bool succeeded = true;
  };
  // Something it will do.
  struct Job {
    Time due;
    std::string kind, payload;
    int attempts = 0;        // failed ones so far
    std::string last_error;  // of the last failed one
  };

  explicit Control(Channel channel) : channel_(std::move(channel)) {}

  Time now() const;  // to the millisecond
  bool frozen() const;
  void freeze();  // time moves only by advance
  void resume();
  // Runs all that becomes due, in order; what it causes runs, too. std::invalid_argument for a negative step.
  std::vector<Fired> advance(std::chrono::microseconds step);
  // Moves the clock from one due time to the next until nothing is left to do within `limit`.
  std::vector<Fired> run_until_idle(std::chrono::microseconds limit = std::chrono::hours(24));
  std::vector<Job> jobs() const;  // in the order they are due; a failing delivery shows its error

  Journal journal() const;  // cvemu/journal.h
  // cvemu/faults.h. Lives as long as the answer.
  [[nodiscard]] Fault inject(const CallMatch& match, const When& when, const Action& action) const;
  // What it holds, seen from inside; include <cvemu/resources.h>. Queues and containers are those of the first
  // storage account if none is named. Nothing is created and nothing has to be there, but the project (404).
  resources::Queue queue(std::string_view name, std::string_view account = {}) const;
  resources::Container container(std::string_view name, std::string_view account = {}) const;
  resources::Project project(std::string_view id_or_name) const;
  std::vector<resources::Project> projects() const;  // newest first

  // Any control route, for what has no function of its own; the answer's JSON. Throws ControlError.
  std::string call(std::string_view method, std::string_view path, std::string body = {}) const;

 private:
  Channel channel_;
};

// The Control of an emulator in another process, by the URL of its Custom Vision endpoint. Asks nothing yet; a call
// that gets no answer throws ControlError with status 0. InvalidUrl is thrown at once.
Control connect(std::string_view url);

}  // namespace cvemu
