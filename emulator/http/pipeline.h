// The order of everything that happens to a request, whatever the service and wherever it came from.
#pragma once
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "http/service.h"

namespace cvemu {

class Pipeline {
 public:
  Pipeline(Clock& clock, IdSource& ids, const Log& log) : clock_(clock), ids_(ids), log_(log) {}

  // Never throws but ClientGone. May be called from any number of threads, with no Transaction open.
  Response serve(Service& service, const Request& request, Body& body, const Peer& peer);

 private:
  Response answer(Service& service, const Exchange& exchange, Body& body, std::string_view& operation);

  Clock& clock_;
  IdSource& ids_;
  const Log& log_;
};

}  // namespace cvemu
