// The order of everything that happens to a request, whatever the service and wherever it came from.
#pragma once
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "http/host_policy.h"
#include "http/observer.h"

namespace cvemu {

class Pipeline {
 public:
  // `observer` may be null. With `hosts`, pages under a stranger's name are refused whatever the service.
  Pipeline(Clock& clock, IdSource& ids, const Log& log, Observer* observer = nullptr,
           const HostPolicy* hosts = nullptr)
      : clock_(clock), ids_(ids), log_(log), observer_(observer), hosts_(hosts) {}

  // Never throws but ClientGone. May be called from any number of threads, with no Transaction open.
  Response serve(Service& service, const Request& request, Body& body, const Peer& peer);

 private:
  struct Visit;
  // The answer that `make` returns, or the service's words for what it throws.
  template <class Make>
  Response rendered(Visit& visit, Make make);
  Response run(Visit& visit);
  static Response changed(Visit& visit, Response response);

  Clock& clock_;
  IdSource& ids_;
  const Log& log_;
  Observer* const observer_;
  const HostPolicy* const hosts_;
};

}  // namespace cvemu
