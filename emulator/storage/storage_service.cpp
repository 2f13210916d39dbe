#include "storage/storage_service.h"

#include "storage/cors.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/request_headers.h"

namespace cvemu {

std::string_view account_of(const RequestContext& context) {
  return context.path.get("account");
}

StorageService::StorageService(Database& database, const Router& router, AccessContext access,
                               StorageOptions options)
    : database_(database), router_(router), access_(std::move(access)), options_(std::move(options)) {}

Address StorageService::address_of(const Exchange& exchange) const {
  return resolve_address(exchange, access_.accounts, options_.addressing);
}

Match StorageService::match(const Exchange& exchange) const {
  check_common_parameters(exchange, options_.strict_api_version);
  return match_at(exchange, address_of(exchange));
}

Match StorageService::match_at(const Exchange& exchange, const Address& address) const {
  const Method method = exchange.request.method;
  const Headers& headers = exchange.request.headers;
  // A preflight asks for a whole address, whatever the operation behind it.
  auto found = method == Method::Options ? router_.match(method, "/any", Query(), headers)
                                         : router_.match(method, address.path, exchange.query, headers);
  if (found.outcome != Router::Outcome::Found) throw no_such_operation(found.outcome, exchange, address.path);
  check_method(*found.route, method);
  if (address.secondary && !is_read(*found.route)) throw storage_errors::write_on_secondary();
  found.params.add("account", std::string(address.account));
  return {found.route, found.index, std::move(found.params)};
}

bool StorageService::is_read(const Route& route) const {
  return route.method == Method::Get || route.method == Method::Head || route.method == Method::Options;
}

Principal StorageService::authenticate(const Exchange& exchange, const Match& match) {
  return authenticate_at(exchange, address_of(exchange), match);
}

Principal StorageService::authenticate_at(const Exchange& exchange, const Address& address,
                                          const Match& match) const {
  return cvemu::authenticate(exchange, address, resource_of(match), match.route->access, access_);
}

Response StorageService::serve_at(const Exchange& exchange, const Address& address, const Match& match) {
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

Response StorageService::run(const Match& match, RequestContext& context) {
  check_request_headers(context.exchange, match.route->name);
  try {
    return run_operation(match, context);
  } catch (const DbError& error) {
    if (error.full) throw storage_errors::insufficient_storage();
    throw;
  }
}

Response StorageService::render(const ApiError& error, const Exchange& exchange) const {
  return storage_errors::render(error, exchange);
}

// If the rules cannot be read, only a page in a browser misses their headers.
void StorageService::finish(Response& response, const Exchange& exchange) const {
  finish_headers(response, exchange, options_.server);
  if (!is_cors_request(exchange.request)) return;
  const auto address = find_address(exchange.request.headers.get("Host"), exchange.request.raw_path(),
                                    access_.accounts, options_.addressing);
  if (!address) return;
  try_after_answer([&] {
    Transaction tx(database_);
    add_cors_headers(response, exchange, load_properties(tx, address->account).cors);
  });
}

ApiError StorageService::unavailable() const {
  return storage_errors::state_replaced();
}

ApiError StorageService::error_for(int status) const {
  return storage_errors::likely(status);
}

ApiError StorageService::throttled(std::optional<std::int64_t> seconds) const {
  return storage_errors::throttled(seconds);
}

ApiError StorageService::denied() const {
  return storage_errors::authorization_permission_mismatch();
}

ApiError StorageService::unexpected() const {
  return storage_errors::internal_error();
}

}  // namespace cvemu
