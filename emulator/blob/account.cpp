// What belongs to a whole account: service properties, statistics, kind of account, delegation keys, CORS
// preflight.
#include "base/times.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/settings.h"
#include "storage/cors.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/sas.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

Response get_service_properties(State& state, RequestContext& context) {
  Transaction tx(state.database);
  return xml_response(write_service_properties(load_settings(tx, account_of(context)), StorageKind::Blob));
}

Response set_service_properties(State& state, RequestContext& context) {
  const std::string document = read_body(context, limits::kDocument);
  Transaction tx(state.database);
  save_settings(
      tx, account_of(context),
      update_service_properties(load_settings(tx, account_of(context)), document, StorageKind::Blob));
  tx.commit();
  return {202, {}, {}};
}

// Azure: answered by the secondary endpoint only.
Response get_service_stats(State& state, RequestContext& context) {
  if (!address_of(state, context).secondary)
    throw errors::invalid_query_parameter("comp", "stats", "Only the secondary endpoint has statistics.");
  return xml_response(service_stats_xml(context.at()));
}

Response get_account_info(State&, RequestContext&) {
  Response response;
  response.headers.add("x-ms-sku-name", "Standard_RAGRS");
  response.headers.add("x-ms-account-kind", "StorageV2");
  response.headers.add("x-ms-is-hns-enabled", "false");
  return response;
}

// A key is made from what it says, so none is kept.
Response get_user_delegation_key(State& state, RequestContext& context) {
  const KeyInfo asked = read_key_info(read_body(context, limits::kDocument));
  const BearerClaims caller = bearer_claims(context.exchange);
  const std::string start = asked.start.empty() ? times::iso_seconds(context.at()) : asked.start;
  return xml_response(sas::delegation_key_xml(
      *state.accounts.find(account_of(context)),
      {caller.oid, caller.tid, start, asked.expiry, "b", std::string(version_of(context.request()))}));
}

Response preflight(State& state, RequestContext& context) {
  Transaction tx(state.database);
  return answer_preflight(context.exchange, load_settings(tx, account_of(context)).cors);
}

// Azure: documentation of Get Account Information: by key or SAS, at account, container and blob. It asks for
// no permission; that a service SAS has to let read is ours.
constexpr Access kAnySignature{.resource = "any", .account = "any", .service = "r"};

}  // namespace

Rows account_operations() {
  static constexpr Operation<State> operations[] = {
      {{"GetBlobServiceProperties",
        Method::Get,
        "/?restype=service&comp=properties",
        "",
        {.resource = "s", .account = "r"}},
       get_service_properties},
      {{"SetBlobServiceProperties",
        Method::Put,
        "/?restype=service&comp=properties",
        "",
        {.resource = "s", .account = "w"}},
       set_service_properties},
      {{"GetBlobServiceStats",
        Method::Get,
        "/?restype=service&comp=stats",
        "",
        {.resource = "s", .account = "r"}},
       get_service_stats},
      {{"GetAccountInformation", Method::Get, "/?restype=account&comp=properties", "", kAnySignature},
       get_account_info},
      {{"GetAccountInformation", Method::Get, "/{container}?restype=account&comp=properties", "",
        kAnySignature},
       get_account_info},
      {{"GetAccountInformation", Method::Get, "/{container}/{blob...}?restype=account&comp=properties", "",
        kAnySignature},
       get_account_info},
      {{"GetUserDelegationKey",
        Method::Post,
        "/?restype=service&comp=userdelegationkey",
        "",
        {.open = Access::Open::Bearer}},
       get_user_delegation_key},
      {{"PreflightBlobRequest", Method::Options, "/{path...}", "", {.open = Access::Open::Anyone}},
       preflight},
  };
  return operations;
}

}  // namespace cvemu::blob
