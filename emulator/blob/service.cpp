#include "blob/service.h"

#include "base/text.h"
#include "blob/operations.h"
#include "blob/settings.h"
#include "storage/bodies.h"
#include "storage/cors.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/request_headers.h"
#include "store/blobs.h"
#include "store/containers.h"
#include "store/contents.h"

namespace cvemu {

namespace {

// A delete tidies up after itself, as far as that is quick; other writes do so now and then, so that small
// ones stay cheap.
constexpr unsigned kWritesBetweenTidying = 16;

std::optional<AccessPolicy> find_policy(Database& database, std::string_view account,
                                        std::string_view container, std::string_view id) {
  std::string acl;
  {
    Transaction tx(database);
    const auto found = containers::find(tx, account, container);
    if (!found) return std::nullopt;
    acl = found->acl;
  }
  for (const SignedIdentifier& policy : read_signed_identifiers(acl, kContainerPermissions))
    if (policy.id == id) return AccessPolicy{policy.start, policy.expiry, policy.permission};
  return std::nullopt;
}

PublicAccess public_access(Database& database, std::string_view account, std::string_view container) {
  Transaction tx(database);
  const auto found = containers::find(tx, account, container);
  if (!found || found->public_access.empty()) return PublicAccess::None;
  return found->public_access == "container" ? PublicAccess::Container : PublicAccess::Blob;
}

// Emulator: the data lake's requests are told from the blob service's by these parameters alone.
constexpr std::string_view kDataLakeParameters[] = {"resource", "action"};

// The preflight's row fits every path. Without comp and restype there is nothing else for a container.
ApiError no_such_operation(Router::Outcome outcome, std::string_view path, const Query& query) {
  for (const std::string_view name : kDataLakeParameters)
    if (query.has(name)) return storage_errors::not_implemented("Data Lake Storage");
  const bool names_blob = path.find('/', 1) != std::string_view::npos;
  const bool says_what = query.find_nonempty("comp") || query.find_nonempty("restype");
  if (outcome == Router::Outcome::OtherMethod && (names_blob || says_what))
    return storage_errors::unsupported_verb();
  const std::string_view name = query.find_nonempty("comp") ? "comp" : "restype";
  return storage_errors::invalid_query_parameter(name, query.find(name).value_or(""));
}

bool tidy_some(Transaction& tx, Instant now) {
  return containers::sweep(tx, now) || blobs::sweep(tx, now) || contents::sweep(tx);
}

bool is_reading(Method method) {
  return method == Method::Get || method == Method::Head || method == Method::Options;
}

}  // namespace

BlobService::BlobService(Database& database, IdSource& ids, Transport& transport, const Accounts& accounts,
                         BlobOptions options, RequestTidying request_tidying)
    : database_(database),
      ids_(ids),
      transport_(transport),
      accounts_(accounts),
      options_(std::move(options)),
      access_{accounts, options_.access,
              [this](std::string_view account, std::string_view container, std::string_view id) {
                return find_policy(database_, account, container, id);
              },
              [this](std::string_view account, std::string_view container) {
                return public_access(database_, account, container);
              }},
      request_tidying_(std::move(request_tidying)) {
  Transaction tx(database_);
  if (contents::has_garbage(tx)) request_tidying_(tx);
  tx.commit();
}

const OperationTable<BlobService>& BlobService::operations() {
  static const OperationTable<BlobService> table(
      {blob::account_operations(), blob::append_blob_operations(), blob::batch_operations(),
       blob::block_blob_operations(), blob::container_operations(), blob::copy_operations(),
       blob::from_url_operations(), blob::get_blob_operations(), blob::lease_operations(),
       blob::listing_operations(), blob::page_blob_operations(), blob::page_range_operations(),
       blob::property_operations(), blob::put_blob_operations(), blob::snapshot_operations(),
       blob::tag_search_operations(), blob::unsupported_operations()},
      {"comp", "restype", kDataLakeParameters[0], kDataLakeParameters[1]});
  return table;
}

Address BlobService::address_of(const Exchange& exchange) const {
  return resolve_address(exchange, accounts_, options_.addressing);
}

std::string BlobService::endpoint_of(const Exchange& exchange) const {
  return cvemu::endpoint_of(exchange, address_of(exchange));
}

Match BlobService::match(const Exchange& exchange) const {
  check_common_parameters(exchange, options_.strict_versions);
  return match_at(exchange, address_of(exchange));
}

Match BlobService::match_at(const Exchange& exchange, const Address& address) const {
  const Method method = exchange.request.method;
  // A preflight asks for a whole address, whatever the operation behind it.
  const bool is_preflight = method == Method::Options;
  auto found = operations().router().match(method, is_preflight ? "/any" : address.path,
                                           is_preflight ? Query() : exchange.query, exchange.request.headers);
  if (found.outcome != Router::Outcome::Found)
    throw no_such_operation(found.outcome, address.path, exchange.query);
  Match match{&operations().route(found.index), found.index, std::move(found.params)};
  if (address.secondary && !is_reading(method)) throw storage_errors::write_on_secondary();
  match.params.add("account", std::string(address.account));
  return match;
}

Principal BlobService::authenticate(const Exchange& exchange, const Match& match) {
  return authenticate_at(exchange, address_of(exchange), match);
}

Principal BlobService::authenticate_at(const Exchange& exchange, const Address& address, const Match& match) {
  const Resource resource{StorageService::Blob, match.params.get("container"), match.params.get("blob")};
  return cvemu::authenticate(exchange, address, resource, match.route->needs, access_);
}

Response BlobService::serve_at(const Exchange& exchange, const Address& address, const Match& match) {
  Response response;
  try {
    const Principal caller = authenticate_at(exchange, address, match);
    StringBody nothing("");
    RequestContext context{exchange, nothing, match.params, caller};
    response = run(match, context);
  } catch (const ApiError& error) {
    response = render(error, exchange);
  }
  finish(response, exchange);
  return response;
}

Response BlobService::run(const Match& match, RequestContext& context) {
  check_request_headers(context.exchange, match.route->name);
  try {
    Response response = operations().run(*this, match, context);
    tidy_sometimes(context);
    return response;
  } catch (const DbError& error) {
    if (error.full) throw storage_errors::insufficient_storage();
    throw;
  }
}

Response BlobService::render(const ApiError& error, const Exchange& exchange) const {
  return storage_errors::render(error, exchange);
}

void BlobService::finish(Response& response, const Exchange& exchange) const {
  finish_headers(response, exchange, options_.server);
  if (!is_cors_request(exchange.request)) return;
  const auto address = find_address(exchange.request.headers.get("Host"), exchange.request.raw_path(),
                                    accounts_, options_.addressing);
  if (!address) return;
  Transaction tx(database_);
  add_cors_headers(response, exchange, blob::load_settings(tx, address->account).cors);
}

ApiError BlobService::unexpected() const {
  return storage_errors::internal_error();
}

bool BlobService::tidy_slice(Instant now) {
  Transaction tx(database_);
  const bool found = tidy_some(tx, now);
  tx.commit();
  return found;
}

void BlobService::tidy_sometimes(const RequestContext& context) {
  const Method method = context.request().method;
  if (is_reading(method)) return;
  if (method != Method::Delete && ++writes_ % kWritesBetweenTidying != 0) return;
  try {
    Transaction tx(database_);
    const bool more = tidy_some(tx, context.at()) && tidy_some(tx, context.at());
    if (more && !tidying_asked_.exchange(true)) request_tidying_(tx);
    tx.commit();
  } catch (const DbError&) {
    // What was asked for is done. The disk is full, perhaps: a later write tries again.
    tidying_asked_ = false;
  }
}

}  // namespace cvemu
