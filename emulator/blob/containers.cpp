#include "blob/answers.h"
#include "blob/operations.h"
#include "blob/rows.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/names.h"
#include "store/packed.h"

namespace cvemu::blob {

namespace errors = storage_errors;

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

Response create_container(BlobService& service, RequestContext& context) {
  Container container;
  container.account = context.path.get("account");
  container.name = context.path.get("container");
  check_container_name(container.name);
  container.metadata = pack(read_metadata(context.headers()));
  container.public_access = read_public_access(context.headers());
  container.modified = context.at();
  Transaction tx(service.database());
  if (containers::find_id(tx, container.account, container.name)) throw errors::container_already_exists();
  containers::insert(tx, container);
  tx.commit();
  return validators_only(201, container);
}

Response get_container_properties(BlobService& service, RequestContext& context) {
  Transaction tx(service.database());
  const Container container = need_container(tx, context);
  check_container_lease(container.lease, context, false);
  Response response = validators_only(200, container);
  add_container_headers(response.headers, container, context.at());
  return response;
}

Response delete_container(BlobService& service, RequestContext& context) {
  Transaction tx(service.database());
  const Container container = need_container(tx, context);
  check_container_conditions(context, container);
  check_container_lease(container.lease, context, true);
  containers::remove(tx, container.id, context.at(), context.at());
  tx.commit();
  return {202, {}, {}};
}

constexpr Operation<BlobService> kOperations[] = {
    {{"CreateContainer", Method::Put, "/{container}?restype=container", "", "c cw - -"}, create_container},
    {{"GetContainerProperties", Method::Get, "/{container}?restype=container", "", "c r - container"},
     get_container_properties},
    {{"DeleteContainer", Method::Delete, "/{container}?restype=container", "", "c d - -"}, delete_container},
};

}  // namespace

Rows container_operations() {
  return kOperations;
}

}  // namespace cvemu::blob
