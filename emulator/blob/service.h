// The Blob service: containers, block, append and page blobs, over the protocol that queue and blob share
// (storage/). All state is in the database; a request's time is Exchange.at. Called by many threads at once.
#pragma once
#include <atomic>

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

class BlobService : public Service {
 public:
  // Everything referred to must outlive the service. Copies of blobs at other URLs are fetched through
  // `transport`. Ends what a crash left half written.
  BlobService(Database& database, IdSource& ids, Transport& transport, const Accounts& accounts,
              BlobOptions options = {});

  std::string_view name() const override { return "blob"; }
  Match match(const Exchange&) const override;
  Principal authenticate(const Exchange&, const Match&) override;
  Response run(const Match&, RequestContext&) override;
  Response render(const ApiError&, const Exchange&) const override;
  void finish(Response&, const Exchange&) const override;
  ApiError unexpected() const override;

  // Removes what nothing refers to any more and what has come to its end, in short transactions. Runs by
  // itself after requests; may also be called at any time.
  void tidy(Instant now);

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
  std::atomic<unsigned> writes_{0};
};

}  // namespace cvemu
