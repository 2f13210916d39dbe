// The Blob service: containers, block, append and page blobs, over the protocol that queue and blob share
// (storage/). All state is in the database; a request's time is Exchange.at. Called by many threads at once.
#pragma once
#include <atomic>
#include <functional>

#include "base/ids.h"
#include "db/database.h"
#include "http/service.h"
#include "http/transport.h"
#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/addressing.h"

namespace cvemu {

struct BlobOptions {
  AccessOptions access;
  AddressingOptions addressing;
  bool strict_versions = false;  // refuse an x-ms-version newer than we know
  std::string server = "cvemu-Blob";
};

// Called in a transaction that saw more to tidy than one slice takes: BlobService::tidy_slice is to be
// called, once that transaction is kept, until it answers false.
using RequestTidying = std::function<void(Transaction&)>;

class BlobService : public Service {
 public:
  // Everything referred to must outlive the service. Copies of blobs at other URLs are fetched through
  // `transport`. Asks to tidy up what a crash left half written.
  BlobService(Database& database, IdSource& ids, Transport& transport, const Accounts& accounts,
              BlobOptions options, RequestTidying request_tidying);

  std::string_view name() const override { return "blob"; }
  Match match(const Exchange&) const override;
  Principal authenticate(const Exchange&, const Match&) override;
  Response run(const Match&, RequestContext&) override;
  Response render(const ApiError&, const Exchange&) const override;
  void finish(Response&, const Exchange&) const override;
  ApiError unexpected() const override;

  // Removes some of what nothing refers to any more and of what has come to its end, in one short
  // transaction; false when there was none. A request that deletes runs two slices itself, and asks for the
  // rest.
  bool tidy_slice(Instant now);
  // Whoever was asked to tidy is about to begin: what comes from now on needs to be asked for again.
  void begin_tidying() { tidying_asked_ = false; }

  // The joined rows, for coverage reports.
  static const OperationTable<BlobService>& operations();

  // One request inside a batch: as match(), and as the pipeline does from there on. `address` says what the
  // part speaks to; its signature is over the target as it was sent.
  Match match_at(const Exchange&, const Address&) const;
  Response serve_at(const Exchange&, const Address&, const Match&);

  // For the handlers.
  Database& database() { return database_; }
  IdSource& ids() { return ids_; }
  Transport& transport() { return transport_; }
  const Accounts& accounts() const { return accounts_; }
  Address address_of(const Exchange& exchange) const;
  std::string endpoint_of(const Exchange& exchange) const;

 private:
  Principal authenticate_at(const Exchange&, const Address&, const Match&);
  void tidy_sometimes(const RequestContext&);

  Database& database_;
  IdSource& ids_;
  Transport& transport_;
  const Accounts& accounts_;
  const BlobOptions options_;
  AccessContext access_;
  const RequestTidying request_tidying_;
  std::atomic<unsigned> writes_{0};
  std::atomic<bool> tidying_asked_{false};
};

}  // namespace cvemu
