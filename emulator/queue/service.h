// The Queue service of Azure Storage, as a function from Request to Response.
#pragma once
#include <functional>
#include <string>

#include "base/ids.h"
#include "db/database.h"
#include "http/service.h"
#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/addressing.h"

namespace cvemu {

struct QueueOptions {
  AccessOptions access;
  AddressingOptions addressing;
  bool strict_api_version = false;     // refuse an x-ms-version newer than we know
  std::string server = "cvemu-Queue";  // the Server header
};

// Called in a transaction that left messages behind in an abandoned bucket: messages::sweep is to be called,
// once that transaction is kept, until it answers false.
using RequestSweep = std::function<void(Transaction&)>;

// What the operations work on.
struct QueueState {
  Database& database;
  IdSource& ids;
  const Accounts& accounts;
  QueueOptions options;
  RequestSweep request_sweep;
};

// Keeps nothing but references: all it knows is in the database. Any number of threads.
class QueueService : public Service {
 public:
  QueueService(Database& database, IdSource& ids, const Accounts& accounts, QueueOptions options,
               RequestSweep request_sweep);

  std::string_view name() const override { return "queue"; }
  Match match(const Exchange&) const override;
  Principal authenticate(const Exchange&, const Match&) override;
  Response run(const Match&, RequestContext&) override;
  Response render(const ApiError&, const Exchange&) const override;
  void finish(Response&, const Exchange&) const override;
  ApiError unexpected() const override;

  static const OperationTable<QueueState>& operations();  // the joined rows

 private:
  QueueState state_;
  AccessContext access_;
};

}  // namespace cvemu
