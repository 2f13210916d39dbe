// The Blob service: containers, block, append and page blobs, over the protocol that queue and blob share
// (storage/). All state is in the database; a request's time is Exchange.at. Called by many threads at once.
#pragma once
#include <atomic>
#include <functional>

#include "base/ids.h"
#include "db/database.h"
#include "http/transport.h"
#include "storage/storage_service.h"

namespace cvemu::blob {

// Called in a transaction that saw more garbage than one slice takes: BlobService::collect_garbage_slice is
// to be called, once that transaction is kept, until it answers false.
using RequestGarbageCollection = std::function<void(Transaction&)>;

// What the operations work on. Everything referred to must outlive the service.
struct State {
  Database& database;
  IdSource& ids;
  Transport& transport;  // fetches copies of blobs at other URLs
  const Accounts& accounts;
  const AddressingOptions addressing;
  StorageService& service;  // serves the parts of a batch
};

class BlobService : public StorageService {
 public:
  // Asks for a collection of what a crash left half written.
  BlobService(Database& database, IdSource& ids, Transport& transport, const Accounts& accounts,
              StorageOptions options, RequestGarbageCollection request_garbage_collection);

  std::string_view name() const override { return "blob"; }
  ApiError missing() const override;

  // Removes some of what nothing refers to any more and of what has come to its end, in one short
  // transaction; false when there was none. A request that deletes runs two slices itself, and asks for the
  // rest.
  bool collect_garbage_slice(Instant now);
  // Whoever was asked to collect garbage is about to begin: what comes from now on needs to be asked for
  // again.
  void begin_garbage_collection() { collection_requested_ = false; }

  // The joined rows, for coverage reports.
  static const OperationTable<State>& operations();

 private:
  Response run_operation(const Match&, RequestContext&) override;
  ApiError no_such_operation(Router::Outcome, const Exchange&, std::string_view path) const override;
  Resource resource_of(const Match&) const override;
  ServiceProperties load_properties(Transaction&, std::string_view account) const override;
  void collect_garbage_sometimes(const RequestContext&);

  State state_;
  const RequestGarbageCollection request_garbage_collection_;
  std::atomic<unsigned> writes_{0};
  std::atomic<bool> collection_requested_{false};
};

}  // namespace cvemu::blob
