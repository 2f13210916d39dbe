// What a fault does to the request it strikes.
#pragma once
#include <cstdint>

#include "db/database.h"
#include "runtime/copied_body.h"
#include "runtime/faults.h"

namespace cvemu {

// One request that a rule strikes. For the thread that serves it, with no Transaction open.
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
  // Before the service works: an answer in its place, an ApiError, or nothing.
  std::optional<Response> before();
  // After it: may change the answer, or throw the ApiError that replaces it.
  void after(Response& response);

 private:
  bool is_storage() const { return service_.name() != "customvision"; }
  ApiError error() const;
  ApiError throttled() const;
  ApiError storage_refusal() const;
  WireFault wire_fault() const;
  std::optional<Response> instead_of_effect();
  Response run_changed(std::string body, const std::string& extra_query);
  Response run_hidden(std::chrono::milliseconds time);
  bool is_odd_one() const;
  void choose_outcome();

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

// A fault that a request asks for itself: "status=503;code=ServerBusy", "throttle;retryAfter=2", "delay=2s",
// "resetConnection;afterBytes=10". Throws a 400 ApiError for anything it does not know.
FaultRule read_fault_header(std::string_view text);

}  // namespace cvemu
