#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "blob/settings.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/metadata.h"
#include "storage/names.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

std::string read_public_access(const Headers& headers) {
  const std::string_view access = headers.get("x-ms-blob-public-access");
  if (!access.empty() && access != "container" && access != "blob")
    throw errors::invalid_header("x-ms-blob-public-access", access);
  return std::string(access);
}

void add_container_headers(Headers& headers, const Container& container, Instant now) {
  add_metadata(headers, container.metadata);
  add_lease(headers, container.lease, now);
  headers.add("x-ms-has-immutability-policy", "false");
  headers.add("x-ms-has-legal-hold", "false");
  headers.add("x-ms-default-encryption-scope", "$account-encryption-key");
  headers.add("x-ms-deny-encryption-scope-override", "false");
  if (!container.public_access.empty()) headers.add("x-ms-blob-public-access", container.public_access);
}

Response create_container(State& state, RequestContext& context) {
  Container container;
  container.account = context.path.get("account");
  container.name = context.path.get("container");
  check_container_name(container.name);
  container.metadata = pack(read_metadata(context.headers()));
  container.public_access = read_public_access(context.headers());
  container.modified = context.at();
  Transaction tx(state.database);
  if (containers::find_id(tx, container.account, container.name)) throw errors::container_already_exists();
  containers::insert(tx, container);
  tx.commit();
  return validators_only(201, container);
}

Response get_container_properties(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const Container container = require_container(tx, context);
  check_container_lease(container.lease, context, false);
  Response response = validators_only(200, container);
  add_container_headers(response.headers, container, context.at());
  return response;
}

Response delete_container(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const Container container = require_container(tx, context);
  check_container_conditions(context, container);
  check_container_lease(container.lease, context, true);
  containers::remove(tx, container.id, context.at(),
                     retained_until(tx, container.account, context.at()).value_or(context.at()));
  tx.commit();
  return {202, {}, {}};
}

Response set_container_metadata(State& state, RequestContext& context) {
  const std::string metadata = pack(read_metadata(context.headers()));
  Transaction tx(state.database);
  Container container = require_container(tx, context);
  check_container_conditions(context, container);
  check_container_lease(container.lease, context, false);
  container.metadata = metadata;
  containers::touch(container, tx, context.at());
  containers::update(tx, container);
  tx.commit();
  return validators_only(200, container);
}

Response get_container_acl(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const Container container = require_container(tx, context);
  check_container_lease(container.lease, context, false);
  Response response =
      xml_response(write_signed_identifiers(read_signed_identifiers(container.acl, kContainerPermissions)));
  add_validators(response.headers, container.etag, container.modified);
  if (!container.public_access.empty())
    response.headers.add("x-ms-blob-public-access", container.public_access);
  return response;
}

// Azure: without x-ms-blob-public-access the container becomes private.
Response set_container_acl(State& state, RequestContext& context) {
  const std::string access = read_public_access(context.headers());
  const auto policies = read_signed_identifiers(read_body(context, limits::kDocument), kContainerPermissions);
  Transaction tx(state.database);
  Container container = require_container(tx, context);
  check_container_conditions(context, container);
  check_container_lease(container.lease, context, false);
  container.public_access = access;
  container.acl = policies.empty() ? "" : write_signed_identifiers(policies);
  containers::touch(container, tx, context.at());
  containers::update(tx, container);
  tx.commit();
  return validators_only(200, container);
}

Response restore_container(State& state, RequestContext& context) {
  const std::string_view name = required_header(context.headers(), "x-ms-deleted-container-name");
  const std::string_view version = required_header(context.headers(), "x-ms-deleted-container-version");
  const std::string_view account = context.path.get("account");
  const auto id = parse_version(version);
  if (!id) throw errors::invalid_header("x-ms-deleted-container-version", version);
  check_container_name(context.path.get("container"));
  Transaction tx(state.database);
  if (!containers::find_deleted(tx, account, name, *id, context.at())) throw errors::container_not_found();
  if (containers::find_id(tx, account, context.path.get("container")))
    throw errors::container_already_exists();
  containers::restore(tx, *id, context.path.get("container"));
  const Container restored = require_container(tx, context);
  tx.commit();
  return validators_only(201, restored);
}

}  // namespace

Rows container_operations() {
  static constexpr Operation<State> operations[] = {
      {{"CreateContainer",
        Method::Put,
        "/{container}?restype=container",
        "",
        {.resource = "c", .account = "cw"}},
       create_container},
      {{"GetContainerProperties",
        Method::Get,
        "/{container}?restype=container",
        "",
        {.resource = "c", .account = "r", .open = Access::Open::Container}},
       get_container_properties},
      {{"GetContainerMetadata",
        Method::Get,
        "/{container}?restype=container&comp=metadata",
        "",
        {.resource = "c", .account = "r", .open = Access::Open::Container}},
       get_container_properties},
      {{"SetContainerMetadata",
        Method::Put,
        "/{container}?restype=container&comp=metadata",
        "",
        {.resource = "c", .account = "w"}},
       set_container_metadata},
      {{"GetContainerACL", Method::Get, "/{container}?restype=container&comp=acl", "", {}},
       get_container_acl},
      {{"SetContainerACL", Method::Put, "/{container}?restype=container&comp=acl", "", {}},
       set_container_acl},
      {{"DeleteContainer",
        Method::Delete,
        "/{container}?restype=container",
        "",
        {.resource = "c", .account = "d"}},
       delete_container},
      {{"RestoreContainer",
        Method::Put,
        "/{container}?restype=container&comp=undelete",
        "",
        {.resource = "c", .account = "w"}},
       restore_container},
  };
  return operations;
}

}  // namespace cvemu::blob
