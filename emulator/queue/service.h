// The Queue service of Azure Storage, as a function from Request to Response.
#pragma once
#include <functional>

#include "base/ids.h"
#include "db/database.h"
#include "storage/storage_service.h"

namespace cvemu::queue {

// Called in a transaction that left messages behind in an abandoned bucket: messages::collect_garbage is to
// be called, once that transaction is kept, until it answers false.
using RequestGarbageCollection = std::function<void(Transaction&)>;

// What the operations work on.
struct State {
  Database& database;
  IdSource& ids;
  const Accounts& accounts;
  const AddressingOptions addressing;
  const RequestGarbageCollection request_garbage_collection;
};

// Keeps nothing but references: all it knows is in the database. Any number of threads.
class QueueService : public StorageService {
 public:
  QueueService(Database& database, IdSource& ids, const Accounts& accounts, StorageOptions options,
               RequestGarbageCollection request_garbage_collection);

  std::string_view name() const override { return "queue"; }
  ApiError missing() const override;

  static const OperationTable<State>& operations();  // the joined rows

 private:
  Response run_operation(const Match&, RequestContext&) override;
  ApiError no_such_operation(Router::Outcome, const Exchange&, std::string_view path) const override;
  void check_method(const Route&, Method) const override;
  bool is_read(const Route&) const override;
  Resource resource_of(const Match&) const override;
  ServiceProperties load_properties(Transaction&, std::string_view account) const override;

  State state_;
};

}  // namespace cvemu::queue
