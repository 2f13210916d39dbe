// The order of everything that happens to a request, whatever the service and wherever it came from: read
// serve() in pipeline.cpp from top to bottom.
#pragma once
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "faults/faults.h"
#include "http/host_policy.h"
#include "http/service.h"
#include "pipeline/journal.h"
#include "runtime/activity.h"
#include "runtime/automatic_clock.h"
#include "runtime/change_signal.h"

namespace cvemu {

class Pipeline {
 public:
  // References into the Emulator. `hosts` and `automatic_clock` may be null: any page may ask, and reading
  // moves no time.
  struct Parts {
    Clock& clock;
    IdSource& ids;
    Database& database;
    const Log& log;
    RequestJournal& journal;
    Faults& faults;
    ChangeSignal& changes;
    Activity& activity;
    const HostPolicy* hosts = nullptr;
    AutomaticClock* automatic_clock = nullptr;
  };
  explicit Pipeline(const Parts& parts) : parts_(parts) {}

  // Never throws but ClientGone. May be called from any number of threads, with no Transaction open.
  Response serve(Service& service, const Request& request, Body& body, const Peer& peer);

 private:
  class Visit;
  const Parts parts_;
};

}  // namespace cvemu
