// One request that a rule hits, and what the actions (faults/actions.cpp) can do to it.
#pragma once
#include <cstdint>
#include <memory>

#include "db/database.h"
#include "faults/faults.h"
#include "http/copied_body.h"
#include "store/outcomes.h"

namespace cvemu {

// For the thread that serves the request, with no Transaction open. What it is given outlives it.
class FaultEffect {
 public:
  FaultEffect(Faults& faults, Database& database, Service& service, const Exchange& exchange,
              const Match& match, CopiedBody& body, std::shared_ptr<const FaultRule> rule)
      : faults_(faults),
        database_(database),
        service_(service),
        exchange_(exchange),
        match_(match),
        body_(body),
        rule_(std::move(rule)) {}

  const FaultRule& rule() const { return *rule_; }
  const FaultAction& action() const { return rule_->action; }

  // Before the service works: an answer in its place, an ApiError, or nothing.
  std::optional<Response> before();
  // After it: may change the answer, or throw the ApiError that replaces it.
  void after(Response& response);

  // ---- what actions are made of ----
  ApiError error() const;            // with the status, code and text of the action
  ApiError throttled() const;        // as the service throttles
  ApiError storage_denied() const;   // what a request meets whose identity has no role
  ApiError storage_missing() const;  // and whose queue or container is gone
  WireFault wire_fault(WireFault::Kind kind) const;
  void pause() const { faults_.pause(action().time); }
  const std::string& body() const { return body_.whole(); }  // of an action that reads it
  // The same request with another body or a longer query, served as if it had come so.
  Response run_changed(std::string body, const std::string& extra_query = {});
  // The message is in the queue, but can be received only when the action's time has passed on the emulator's
  // clock.
  Response run_hidden();
  bool is_odd_one() const;  // the first, third, fifth ... that the rule hits
  // How the long operation is to end that the request begins; taken back if it does not begin.
  void choose_outcome(const Outcome& outcome);

 private:
  Faults& faults_;
  Database& database_;
  Service& service_;
  const Exchange& exchange_;
  const Match& match_;
  CopiedBody& body_;
  const std::shared_ptr<const FaultRule> rule_;
  std::optional<std::int64_t> outcome_;  // the token of a chosen outcome that was not used yet
};

// The body of a JSON list with its entries in another order: "reverse", or "shuffled" the same way each time.
// Other bodies stay as they are.
std::string reordered_list(std::string_view json, std::string_view order);

}  // namespace cvemu
