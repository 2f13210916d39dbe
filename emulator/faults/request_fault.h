// One request and the faults: whether a rule hits it, by its own header or by what the rule matches, and how
// it ended.
#pragma once
#include <optional>

#include "faults/effects.h"

namespace cvemu {

// For the thread that serves the request, with no Transaction open. What it is given outlives it.
class RequestFault {
 public:
  RequestFault(Faults& faults, Database& database, Service& service, const Exchange& exchange,
               CopiedBody& body)
      : faults_(faults), database_(database), service_(service), exchange_(exchange), body_(body) {}

  // The row is found, nothing has happened yet: chooses a rule. An answer given here stands for the
  // service's; so does an ApiError, also of a header that asks for what cannot be. `match` outlives this.
  std::optional<Response> before(const Match& match);
  // The service has done its work; its answer may still be changed, or replaced by an ApiError.
  void after(Response& response);
  // This is what the client will get.
  void settle(const Response& response);

  std::string_view rule() const { return effect_ ? effect_->rule().id : std::string_view(); }

 private:
  std::shared_ptr<const FaultRule> choose(const Match& match);
  std::shared_ptr<const FaultRule> asked_for(const Match& match, std::string_view header);
  std::shared_ptr<const FaultRule> named_in(std::string_view header);
  RequestFacts facts(const Match& match);
  std::string param(const Match& match, std::string_view name) const;

  Faults& faults_;
  Database& database_;
  Service& service_;
  const Exchange& exchange_;
  CopiedBody& body_;
  std::optional<FaultEffect> effect_;
  std::optional<std::size_t> key_;  // set if a rule was asked
};

}  // namespace cvemu
