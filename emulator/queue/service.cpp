#include "queue/service.h"

#include "base/text.h"
#include "queue/operations.h"
#include "storage/errors.h"
#include "storage/names.h"
#include "storage/xml_bodies.h"
#include "store/queue/messages.h"

namespace cvemu::queue {

namespace {

bool is_queue_path(std::string_view path) {
  const auto segments = split(path.substr(1), '/');
  return segments.size() == 1 || (segments.size() <= 3 && iequals(segments[1], "messages"));
}

std::optional<AccessPolicy> find_policy(Database& database, std::string_view account, std::string_view name,
                                        std::string_view policy_id) {
  Transaction tx(database);
  const auto queue = queues::find(tx, account, name);
  if (!queue) return std::nullopt;
  return find_policy_in(queues::acl(tx, *queue), kQueuePermissions, policy_id);
}

// A queue has no public access.
AccessContext access_of(Database& database, const Accounts& accounts, const AccessOptions& options) {
  return {accounts,
          options,
          [&database](std::string_view account, std::string_view queue, std::string_view policy_id) {
            return find_policy(database, account, queue, policy_id);
          },
          {}};
}

}  // namespace

const OperationTable<State>& QueueService::operations() {
  static const OperationTable<State> table({queue_operations(), message_operations(), property_operations()},
                                           {"comp", "restype"});
  return table;
}

std::string_view queue_name(const RequestContext& context) {
  const std::string_view name = context.path.get("queue");
  check_queue_name(name);
  return name;
}

Queue open_queue(Transaction& tx, const State& state, const RequestContext& context) {
  auto queue = queues::find(tx, account_of(context), queue_name(context));
  if (!queue) throw storage_errors::queue_not_found();
  if (messages::remove_expired(tx, *queue, context.at())) state.request_garbage_collection(tx);
  return *queue;
}

QueueService::QueueService(Database& database, IdSource& ids, const Accounts& accounts,
                           StorageOptions options, RequestGarbageCollection request_garbage_collection)
    : StorageService(database, operations().router(), access_of(database, accounts, options.access), options),
      state_{database, ids, accounts, options.addressing, std::move(request_garbage_collection)} {}

ApiError QueueService::missing() const {
  return storage_errors::queue_not_found();
}

Response QueueService::run_operation(const Match& match, RequestContext& context) {
  return operations().run(state_, match, context);
}

ApiError QueueService::no_such_operation(Router::Outcome outcome, const Exchange& exchange,
                                         std::string_view path) const {
  const Query& query = exchange.query;
  if (!is_queue_path(path)) return storage_errors::resource_not_found();
  // The preflight's row fits every path. Without comp and restype there is nothing to read of a queue.
  const bool asks_for_nothing = exchange.request.method == Method::Get &&
                                path.find('/', 1) == std::string_view::npos && !query.find_nonempty("comp") &&
                                !query.find_nonempty("restype");
  if (outcome == Router::Outcome::OtherMethod && !asks_for_nothing) return storage_errors::unsupported_verb();
  const std::string_view restype = query.find("restype").value_or("");
  if (!restype.empty() && !iequals(restype, "service"))
    return storage_errors::invalid_query_parameter("restype", restype);
  return storage_errors::invalid_query_parameter("comp", query.find("comp").value_or(""));
}

// HEAD is for the rows that say so: a HEAD that received a message would lose it.
void QueueService::check_method(const Route& route, Method method) const {
  if (route.method != method) throw storage_errors::unsupported_verb();
}

// Azure: the secondary endpoint is for reading; receiving a message changes it.
bool QueueService::is_read(const Route& route) const {
  return StorageService::is_read(route) && route.name != "GetMessages";
}

Resource QueueService::resource_of(const Match& match) const {
  return {StorageKind::Queue, match.params.get("queue"), {}};
}

ServiceProperties QueueService::load_properties(Transaction& tx, std::string_view account) const {
  return queue::load_properties(tx, account);
}

}  // namespace cvemu::queue
