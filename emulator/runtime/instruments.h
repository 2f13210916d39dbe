// What stands beside the pipeline: every exchange goes into the journal, and some are struck by a fault.
#pragma once
#include "db/database.h"
#include "http/observer.h"
#include "runtime/faults.h"
#include "runtime/journal.h"

namespace cvemu {

class Instruments : public Observer {
 public:
  Instruments(RequestJournal& journal, Faults& faults, Database& database)
      : journal_(journal), faults_(faults), database_(database) {}
  // Control requests are not watched: who looks does not want to see himself.
  std::unique_ptr<Witness> watch(Service& service, const Exchange& exchange, Body& body) override;

 private:
  RequestJournal& journal_;
  Faults& faults_;
  Database& database_;
};

}  // namespace cvemu
