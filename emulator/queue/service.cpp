#include "queue/service.h"

#include "base/text.h"
#include "queue/operations.h"
#include "storage/bodies.h"
#include "storage/cors.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/names.h"
#include "storage/request_headers.h"
#include "store/messages.h"

namespace cvemu {

namespace {

bool is_queue_path(std::string_view path) {
  const auto segments = split(path.substr(1), '/');
  return segments.size() == 1 || (segments.size() <= 3 && iequals(segments[1], "messages"));
}

ApiError no_such_operation(Router::Outcome outcome, Method method, std::string_view path,
                           const Query& query) {
  if (!is_queue_path(path)) return storage_errors::resource_not_found();
  // The preflight's row fits every path. Without comp and restype there is nothing to read of a queue.
  const bool asks_for_nothing = method == Method::Get && path.find('/', 1) == std::string_view::npos &&
                                !query.find_nonempty("comp") && !query.find_nonempty("restype");
  if (outcome == Router::Outcome::OtherMethod && !asks_for_nothing) return storage_errors::unsupported_verb();
  const std::string_view restype = query.find("restype").value_or("");
  if (!restype.empty() && !iequals(restype, "service"))
    return storage_errors::invalid_query_parameter("restype", restype);
  return storage_errors::invalid_query_parameter("comp", query.find("comp").value_or(""));
}

// Azure: the secondary endpoint is for reading; receiving a message changes it.
bool is_reading(const Route& route) {
  const bool safe =
      route.method == Method::Get || route.method == Method::Head || route.method == Method::Options;
  return safe && route.name != "GetMessages";
}

// HEAD is for the rows that say so: a HEAD that received a message would lose it.
Router::Result find_row(const Exchange& exchange, std::string_view path) {
  const Router& router = QueueService::operations().router();
  const Headers& headers = exchange.request.headers;
  const Method method = exchange.request.method;
  // A preflight asks for a whole address, whatever the operation behind it.
  auto found = method == Method::Options ? router.match(method, "/any", Query(), headers)
                                         : router.match(method, path, exchange.query, headers);
  if (found.outcome != Router::Outcome::Found)
    throw no_such_operation(found.outcome, method, path, exchange.query);
  if (QueueService::operations().route(found.index).method != method)
    throw storage_errors::unsupported_verb();
  return found;
}

std::optional<AccessPolicy> find_policy(Database& database, std::string_view account, std::string_view name,
                                        std::string_view policy_id) {
  Transaction tx(database);
  const auto queue = queues::find(tx, account, name);
  if (!queue) return std::nullopt;
  for (auto& policy : read_signed_identifiers(queues::acl(tx, *queue), kQueuePermissions))
    if (policy.id == policy_id) return AccessPolicy{policy.start, policy.expiry, policy.permission};
  return std::nullopt;
}

}  // namespace

const OperationTable<QueueState>& QueueService::operations() {
  static const OperationTable<QueueState> table(
      {queue_operations(), message_operations(), property_operations()}, {"comp", "restype"});
  return table;
}

std::string_view account_name(const RequestContext& context) {
  return context.path.get("account");
}

std::string_view queue_name(const RequestContext& context) {
  const std::string_view name = context.path.get("queue");
  check_queue_name(name);
  return name;
}

Queue open_queue(Transaction& tx, const QueueState& state, const RequestContext& context) {
  auto queue = queues::find(tx, account_name(context), queue_name(context));
  if (!queue) throw storage_errors::queue_not_found();
  if (messages::purge(tx, *queue, context.at())) state.request_sweep(tx);
  return *queue;
}

QueueService::QueueService(Database& database, IdSource& ids, const Accounts& accounts, QueueOptions options,
                           RequestSweep request_sweep)
    : state_{database, ids, accounts, std::move(options), std::move(request_sweep)},
      access_{accounts,
              state_.options.access,
              [&database](std::string_view account, std::string_view queue, std::string_view policy_id) {
                return find_policy(database, account, queue, policy_id);
              },
              {}} {}

Match QueueService::match(const Exchange& exchange) const {
  check_common_parameters(exchange, state_.options.strict_api_version);
  const Address address = resolve_address(exchange, state_.accounts, state_.options.addressing);
  auto found = find_row(exchange, address.path);
  const Route& route = operations().route(found.index);
  if (address.secondary && !is_reading(route)) throw storage_errors::write_on_secondary();
  found.params.add("account", std::string(address.account));
  return {&route, found.index, std::move(found.params)};
}

Principal QueueService::authenticate(const Exchange& exchange, const Match& match) {
  const Address address = resolve_address(exchange, state_.accounts, state_.options.addressing);
  const Resource resource{StorageService::Queue, match.params.get("queue"), {}};
  return cvemu::authenticate(exchange, address, resource, match.route->needs, access_);
}

Response QueueService::run(const Match& match, RequestContext& context) {
  check_request_headers(context.exchange, match.route->name);
  try {
    return operations().run(state_, match, context);
  } catch (const DbError& error) {
    if (error.full) throw storage_errors::insufficient_storage();
    throw;
  }
}

Response QueueService::render(const ApiError& error, const Exchange& exchange) const {
  return storage_errors::render(error, exchange);
}

void QueueService::finish(Response& response, const Exchange& exchange) const {
  finish_headers(response, exchange, state_.options.server);
  if (!is_cors_request(exchange.request)) return;
  const auto address = find_address(exchange.request.headers.get("Host"), exchange.request.raw_path(),
                                    state_.accounts, state_.options.addressing);
  if (!address) return;
  try {
    Transaction tx(state_.database);
    add_cors_headers(response, exchange, load_queue_properties(tx, address->account).cors);
  } catch (const DbError&) {
    // The answer is made; only a page in a browser misses these headers.
  }
}

ApiError QueueService::unexpected() const {
  return storage_errors::internal_error();
}

}  // namespace cvemu
