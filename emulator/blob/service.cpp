#include "blob/service.h"

#include "blob/operations.h"
#include "blob/settings.h"
#include "storage/errors.h"
#include "storage/xml_bodies.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

namespace {

// A delete tidies up after itself, as far as that is quick; other writes do so now and then, so that small
// ones stay cheap.
constexpr unsigned kWritesBetweenCollections = 16;

std::optional<AccessPolicy> find_policy(Database& database, std::string_view account,
                                        std::string_view container, std::string_view policy_id) {
  std::string acl;
  {
    Transaction tx(database);
    const auto found = containers::find(tx, account, container);
    if (!found) return std::nullopt;
    acl = found->acl;
  }
  return find_policy_in(acl, kContainerPermissions, policy_id);
}

PublicAccess public_access(Database& database, std::string_view account, std::string_view container) {
  Transaction tx(database);
  const auto found = containers::find(tx, account, container);
  if (!found || found->public_access.empty()) return PublicAccess::None;
  return found->public_access == "container" ? PublicAccess::Container : PublicAccess::Blob;
}

AccessContext access_of(Database& database, const Accounts& accounts, const AccessOptions& options) {
  return {accounts, options,
          [&database](std::string_view account, std::string_view container, std::string_view policy_id) {
            return find_policy(database, account, container, policy_id);
          },
          [&database](std::string_view account, std::string_view container) {
            return public_access(database, account, container);
          }};
}

// Emulator: the data lake's requests are told from the blob service's by these parameters alone.
constexpr std::string_view kDataLakeParameters[] = {"resource", "action"};

bool collect_some_garbage(Transaction& tx, Instant now) {
  return containers::collect_garbage(tx, now) || blobs::collect_garbage(tx, now) ||
         contents::collect_garbage(tx);
}

}  // namespace

BlobService::BlobService(Database& database, IdSource& ids, Transport& transport, const Accounts& accounts,
                         StorageOptions options, RequestGarbageCollection request_garbage_collection)
    : StorageService(database, operations().router(), access_of(database, accounts, options.access), options),
      state_{database, ids, transport, accounts, options.addressing, *this},
      request_garbage_collection_(std::move(request_garbage_collection)) {
  Transaction tx(state_.database);
  if (contents::has_garbage(tx)) request_garbage_collection_(tx);
  tx.commit();
}

const OperationTable<State>& BlobService::operations() {
  static const OperationTable<State> table(
      {account_operations(), append_blob_operations(), batch_operations(), block_blob_operations(),
       container_operations(), copy_operations(), from_url_operations(), get_blob_operations(),
       lease_operations(), listing_operations(), page_blob_operations(), page_range_operations(),
       property_operations(), put_blob_operations(), snapshot_operations(), tag_search_operations(),
       unsupported_operations()},
      {"comp", "restype", kDataLakeParameters[0], kDataLakeParameters[1]});
  return table;
}

ApiError BlobService::missing() const {
  return storage_errors::container_not_found();
}

Response BlobService::run_operation(const Match& match, RequestContext& context) {
  Response response = operations().run(state_, match, context);
  if (!is_read(*match.route)) collect_garbage_sometimes(context);
  return response;
}

// The preflight's row fits every path. Without comp and restype there is nothing else for a container.
ApiError BlobService::no_such_operation(Router::Outcome outcome, const Exchange& exchange,
                                        std::string_view path) const {
  const Query& query = exchange.query;
  for (const std::string_view name : kDataLakeParameters)
    if (query.has(name)) return storage_errors::not_implemented("Data Lake Storage");
  const bool names_blob = path.find('/', 1) != std::string_view::npos;
  const bool says_what = query.find_nonempty("comp") || query.find_nonempty("restype");
  if (outcome == Router::Outcome::OtherMethod && (names_blob || says_what))
    return storage_errors::unsupported_verb();
  const std::string_view name = query.find_nonempty("comp") ? "comp" : "restype";
  return storage_errors::invalid_query_parameter(name, query.find(name).value_or(""));
}

Resource BlobService::resource_of(const Match& match) const {
  return {StorageKind::Blob, match.params.get("container"), match.params.get("blob")};
}

ServiceProperties BlobService::load_properties(Transaction& tx, std::string_view account) const {
  return load_settings(tx, account);
}

bool BlobService::collect_garbage_slice(Instant now) {
  Transaction tx(state_.database);
  const bool found = collect_some_garbage(tx, now);
  tx.commit();
  return found;
}

void BlobService::collect_garbage_sometimes(const RequestContext& context) {
  if (context.request().method != Method::Delete && ++writes_ % kWritesBetweenCollections != 0) return;
  const bool done = try_after_answer([&] {
    Transaction tx(state_.database);
    const bool more = collect_some_garbage(tx, context.at()) && collect_some_garbage(tx, context.at());
    if (more && !collection_requested_.exchange(true)) request_garbage_collection_(tx);
    tx.commit();
  });
  if (!done) collection_requested_ = false;  // the disk is full, perhaps: a later write tries again
}

}  // namespace cvemu::blob
