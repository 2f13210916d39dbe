// Who looks on while requests are served: the pipeline tells, and knows nothing of what is done with it.
#pragma once
#include <memory>

#include "http/service.h"

namespace cvemu {

// Sees one exchange from arrival to answer, on the thread that serves it and with no Transaction open.
// Destroyed without answered() if the client went away.
class Witness {
 public:
  virtual ~Witness() = default;
  // What the service reads in place of the request's own body.
  virtual Body& body() = 0;
  // The row is found, nothing has happened yet; `match` outlives the witness. An answer given here stands for
  // the service's; so does an ApiError.
  virtual std::optional<Response> matched(const Match& match) = 0;
  // The service has done its work; its answer may still be changed, or replaced by an ApiError.
  virtual void done(Response& response) = 0;
  // This is what the client will get. Called before the first byte leaves.
  virtual void answered(const Response& response) = 0;
};

class Observer {
 public:
  virtual ~Observer() = default;
  // Null: not interested. Service, exchange and body outlive the witness.
  virtual std::unique_ptr<Witness> watch(Service& service, const Exchange& exchange, Body& body) = 0;
};

}  // namespace cvemu
