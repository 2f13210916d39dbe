// What a service is given to live in. References into the Emulator, which outlives every service.
#pragma once
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "db/database.h"
#include "http/transport.h"

namespace cvemu {

class Housekeeping;
class Scheduler;

struct Environment {
  Clock& clock;
  IdSource& ids;
  Database& database;
  Scheduler& scheduler;
  Housekeeping& housekeeping;
  Transport& transport;
  const Log& log;
};

}  // namespace cvemu
