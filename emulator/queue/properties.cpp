#include "base/times.h"
#include "queue/operations.h"
#include "storage/cors.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/sas.h"
#include "storage/service_properties.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"
#include "store/service_properties.h"

namespace cvemu::queue {

namespace limits = storage_limits;

namespace {

Response get_service_properties(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const ServiceProperties properties = load_properties(tx, account_of(context));
  return xml_response(write_service_properties(properties, StorageKind::Queue));
}

Response set_service_properties(State& state, RequestContext& context) {
  const std::string document = read_body(context, limits::kDocument);
  Transaction tx(state.database);
  const ServiceProperties properties =
      update_service_properties(load_properties(tx, account_of(context)), document, StorageKind::Queue);
  service_properties::set(tx, account_of(context), "queue",
                          write_service_properties(properties, StorageKind::Queue));
  tx.commit();
  return {202, {}, {}};
}

// Azure: answered by the secondary endpoint only.
Response get_service_stats(State& state, RequestContext& context) {
  const Address address = resolve_address(context.exchange, state.accounts, state.addressing);
  if (!address.secondary)
    throw storage_errors::invalid_query_parameter("comp", "stats",
                                                  "Only the secondary endpoint has statistics.");
  return xml_response(service_stats_xml(context.at()));
}

// A key is made from what it says, so none is kept.
Response get_user_delegation_key(State& state, RequestContext& context) {
  const KeyInfo asked = read_key_info(read_body(context, limits::kDocument));
  const BearerClaims caller = bearer_claims(context.exchange);
  const std::string start = asked.start.empty() ? times::iso_seconds(context.at()) : asked.start;
  return xml_response(sas::delegation_key_xml(
      *state.accounts.find(account_of(context)),
      {caller.oid, caller.tid, start, asked.expiry, "q", std::string(version_of(context.request()))}));
}

Response preflight(State& state, RequestContext& context) {
  Transaction tx(state.database);
  return answer_preflight(context.exchange, load_properties(tx, account_of(context)).cors);
}

}  // namespace

ServiceProperties load_properties(Transaction& tx, std::string_view account) {
  const auto stored = service_properties::find(tx, account, "queue");
  if (!stored) return {};
  return update_service_properties({}, *stored, StorageKind::Queue);
}

constexpr Operation<State> kPropertyOperations[] = {
    {{"GetQueueServiceProperties",
      Method::Get,
      "/?restype=service&comp=properties",
      "",
      {.resource = "s", .account = "r"}},
     get_service_properties},
    {{"SetQueueServiceProperties",
      Method::Put,
      "/?restype=service&comp=properties",
      "",
      {.resource = "s", .account = "w"}},
     set_service_properties},
    {{"GetQueueServiceStats",
      Method::Get,
      "/?restype=service&comp=stats",
      "",
      {.resource = "s", .account = "r"}},
     get_service_stats},
    {{"GetUserDelegationKey",
      Method::Post,
      "/?restype=service&comp=userdelegationkey",
      "",
      {.open = Access::Open::Bearer}},
     get_user_delegation_key},
    {{"PreflightQueueRequest", Method::Options, "/{path...}", "", {.open = Access::Open::Anyone}}, preflight},
};
Rows property_operations() {
  return kPropertyOperations;
}

}  // namespace cvemu::queue
